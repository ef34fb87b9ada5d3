package org.careloop.fhirsearch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.fhirsearch.IndexEntries.DateEntry;
import org.careloop.fhirsearch.IndexEntries.NumberEntry;
import org.careloop.fhirsearch.IndexEntries.ReferenceEntry;
import org.careloop.fhirsearch.IndexEntries.StringEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** @see <a href="https://hl7.org/fhir/R4/search.html#token">FHIR R4 search parameter types</a> */
class IndexEntriesTest {

    @Test
    void aTokenIsFoundByEverySpelling() {
        // When
        IndexEntries entries =
                entries("{\"resourceType\":\"Patient\",\"identifier\":[{\"system\":\"urn:mrn\",\"value\":\"7\"}]}");
        // Then
        assertThat(entries.tokens())
                .contains(
                        token("Patient", "identifier", "7"),
                        token("Patient", "identifier", "urn:mrn|7"),
                        token("Patient", "identifier", "urn:mrn|"))
                .doesNotContain(token("Patient", "identifier", "|7"), token("Patient", "identifier", ":missing"));
    }

    @Test
    void aTokenWithoutSystemIsFoundByItsEmptySystem() {
        assertThat(entries("{\"resourceType\":\"Patient\",\"identifier\":[{\"value\":\"7\"}]}")
                        .tokens())
                .contains(token("Patient", "identifier", "7"), token("Patient", "identifier", "|7"));
    }

    @Test
    void codesBooleansContactsAndConceptsAreTokens() {
        // When
        IndexEntries patient = entries("{\"resourceType\":\"Patient\",\"active\":true,\"gender\":\"female\","
                + "\"telecom\":[{\"system\":\"phone\",\"value\":\"+1 555\"}]}");
        IndexEntries observation =
                entries("{\"resourceType\":\"Observation\",\"status\":\"final\",\"code\":{\"coding\":["
                        + "{\"system\":\"http://loinc.org\",\"code\":\"8867-4\"},{\"code\":\"HR\"}]}}");
        // Then
        assertThat(patient.tokens())
                .contains(
                        token("Patient", "active", "true"),
                        token("Patient", "gender", "female"),
                        token("Patient", "phone", "+1 555"),
                        token("Patient", "email", ":missing"));
        assertThat(observation.tokens())
                .contains(
                        token("Observation", "code", "http://loinc.org|8867-4"),
                        token("Observation", "code", "HR"),
                        token("Observation", "code", "|HR"),
                        token("Observation", "status", "final"));
    }

    @Test
    void aStringIsFoundExactlyAndWithoutCaseAndAccents() {
        // When
        IndexEntries entries =
                entries("{\"resourceType\":\"Patient\",\"name\":[{\"family\":\"Núñez  Ortiz\",\"given\":[\"Zoë\"]}]}");
        // Then
        assertThat(entries.tokens()).contains(token("Patient", "family", "Núñez  Ortiz"));
        assertThat(entries.strings())
                .contains(
                        new StringEntry(key("Patient", "family"), "nunez ortiz"),
                        new StringEntry(key("Patient", "name"), "nunez ortiz"),
                        new StringEntry(key("Patient", "name"), "zoe"),
                        new StringEntry(key("Patient", "given"), "zoe"));
    }

    @Test
    void anAddressIsFoundByEachOfItsParts() {
        assertThat(entries("{\"resourceType\":\"Patient\",\"address\":[{\"line\":[\"1 Elm\"],\"city\":\"Salem\","
                                + "\"district\":\"D\",\"state\":\"OR\",\"postalCode\":\"97301\",\"country\":\"US\"}]}")
                        .strings())
                .extracting(StringEntry::folded)
                .contains("1 elm", "salem", "d", "or", "97301", "us");
    }

    @Test
    void aReferenceIsIndexedByItsTargetAndItsIdentifier() {
        // When
        IndexEntries entries = entries(
                "{\"resourceType\":\"Observation\",\"contained\":[{\"resourceType\":\"Practitioner\","
                        + "\"id\":\"c\"}],\"subject\":{\"reference\":\"Patient/p1/_history/2\","
                        + "\"identifier\":{\"system\":\"urn:mrn\",\"value\":\"7\"}},\"performer\":[{\"reference\":\"#c\"}]}");
        // Then
        assertThat(entries.references())
                .containsExactlyInAnyOrder(
                        new ReferenceEntry(key("Observation", "subject"), IndexHash.ofTarget("Patient/p1")),
                        new ReferenceEntry(key("Observation", "patient"), IndexHash.ofTarget("Patient/p1")));
        assertThat(entries.tokens()).contains(token("Observation", "subject:identifier", "urn:mrn|7"));
        assertThat(entries.patient()).contains("p1");
    }

    @Test
    void aCanonicalIsIndexedAsTarget() {
        assertThat(entries("{\"resourceType\":\"QuestionnaireResponse\",\"questionnaire\":\"http://x.org/q\"}")
                        .references())
                .containsExactly(new ReferenceEntry(
                        key("QuestionnaireResponse", "questionnaire"), IndexHash.ofTarget("http://x.org/q")));
    }

    @Test
    void aDateIsIndexedByTheTimeItCovers() {
        assertThat(entries("{\"resourceType\":\"Patient\",\"birthDate\":\"1950-07\"}")
                        .dates())
                .containsExactly(new DateEntry(
                        key("Patient", "birthdate"),
                        new DateRange(Instant.parse("1950-07-01T00:00:00Z"), Instant.parse("1950-08-01T00:00:00Z"))));
    }

    @Test
    void aQuantityIsIndexedWithoutUnitAndWithEachSpellingOfIt() {
        assertThat(entries("{\"resourceType\":\"Observation\",\"valueQuantity\":{\"value\":5.40,"
                                + "\"system\":\"http://unitsofmeasure.org\",\"code\":\"mmol/L\"}}")
                        .numbers())
                .contains(
                        new NumberEntry(key("Observation", "value-quantity"), 5.4, 5.4),
                        new NumberEntry(
                                token("Observation", "value-quantity", "=m-3"), 3.2519560104e24, 3.2519560104e24));
    }

    @Test
    void aNumberIsIndexed() {
        assertThat(entries("{\"resourceType\":\"RiskAssessment\",\"prediction\":[{\"probabilityDecimal\":0.5}]}")
                        .numbers())
                .containsExactly(new NumberEntry(key("RiskAssessment", "probability"), 0.5, 0.5));
    }

    @Test
    void whatHasNoValueIsMarkedMissing() {
        assertThat(entries("{\"resourceType\":\"Patient\",\"name\":[{\"given\":[\"A\"]}]}")
                        .tokens())
                .contains(token("Patient", "gender", ":missing"), token("Patient", "organization", ":missing"))
                .doesNotContain(token("Patient", "family", ":missing"), token("Patient", "name", ":missing"));
    }

    @Test
    void valuesThatAnExtensionReplacesAreNotIndexedAndDoNotFail() {
        // Given
        String unknown = "{\"extension\":[{\"url\":\"http://example.org/unknown\",\"valueBoolean\":true}]}";
        // Then
        assertThat(entries("{\"resourceType\":\"RiskAssessment\",\"prediction\":[{\"_probabilityDecimal\":" + unknown
                                + "}]}")
                        .numbers())
                .isEmpty();
        assertThat(entries("{\"resourceType\":\"Observation\",\"valueQuantity\":{\"_value\":" + unknown + "}}")
                        .numbers())
                .isEmpty();
        assertThat(entries("{\"resourceType\":\"Patient\",\"_birthDate\":" + unknown + ",\"_gender\":" + unknown
                                + ",\"_active\":" + unknown + ",\"name\":[{\"_family\":" + unknown + "}]}")
                        .dates())
                .isEmpty();
        assertThat(entries("{\"resourceType\":\"Encounter\",\"period\":{\"_start\":" + unknown + "}}")
                        .dates())
                .isEmpty();
    }

    @Test
    void controlCharactersDoNotReachTheIndex() {
        assertThat(entries("{\"resourceType\":\"Patient\",\"name\":[{\"family\":\"A\\u0000B\\tC\"}]}")
                        .strings())
                .extracting(StringEntry::folded)
                .containsOnly("a b c");
    }

    @Test
    void aPatientIsInItsOwnCompartmentAndOthersInThatOfTheirSubject() {
        assertThat(entries("{\"resourceType\":\"Patient\"}").patient()).contains("r1");
        assertThat(entries("{\"resourceType\":\"Coverage\",\"beneficiary\":{\"reference\":\"Patient/p2\"}}")
                        .patient())
                .contains("p2");
        assertThat(entries("{\"resourceType\":\"Observation\",\"subject\":{\"reference\":\"Group/g\"}}")
                        .patient())
                .isEqualTo(Optional.empty());
        assertThat(entries(
                                "{\"resourceType\":\"Observation\",\"subject\":{\"reference\":\"http://o.example/Patient/1\"}}")
                        .patient())
                .isEqualTo(Optional.empty());
    }

    @ParameterizedTest
    @MethodSource("ownedTypes")
    void everyFilledResourceIsIndexed(String type) {
        for (int variant = 0; variant < FilledResources.VARIANTS; variant++) {
            assertThat(IndexEntries.of(FilledResources.of(type, variant)).tokens())
                    .isNotEmpty();
        }
    }

    static Stream<String> ownedTypes() {
        return OwnedTypes.all();
    }

    private static IndexEntries entries(String json) {
        var resource = FhirJson.parse(json.getBytes(StandardCharsets.UTF_8));
        resource.setId("r1");
        return IndexEntries.of(resource);
    }

    private static long token(String type, String parameter, String form) {
        return IndexHash.ofValue(type, parameter, form);
    }

    private static long key(String type, String parameter) {
        return IndexHash.ofParameter(type, parameter);
    }
}
