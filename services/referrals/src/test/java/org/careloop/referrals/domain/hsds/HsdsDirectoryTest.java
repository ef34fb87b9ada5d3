package org.careloop.referrals.domain.hsds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.referrals.domain.Capacity;
import org.careloop.referrals.domain.Eligibility;
import org.careloop.referrals.domain.hsds.HsdsDirectory.Listing;
import org.careloop.referrals.domain.hsds.HsdsIssue.Weight;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.ContactPoint;
import org.hl7.fhir.r4.model.HealthcareService;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.Location;
import org.hl7.fhir.r4.model.Organization;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Resource;
import org.hl7.fhir.r4.model.UsageContext;
import org.hl7.fhir.r4.model.VerificationResult;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** @see <a href="https://docs.openreferral.org/en/v3.0.1/hsds/schema_reference.html">HSDS 3 schema</a> */
class HsdsDirectoryTest {

    private static final Instant NOW = Instant.parse("2026-11-28T15:00:00Z");
    private static final HsdsSource SOURCE = new HsdsSource("mass-211");

    private final HsdsTables tables = new HsdsTables();

    @Test
    void aServiceBecomesAListingWithAllThatBelongsToIt() {
        // Given
        pantry();
        row("service_at_location", "id", "sal", "service_id", "s", "location_id", "l");
        row("location", "id", "l", "name", "Hall", "latitude", "42.36", "longitude", "-71.10");
        row(
                "address",
                "id",
                "a",
                "location_id",
                "l",
                "address_1",
                "1 Main St",
                "city",
                "Cambridge",
                "state_province",
                "MA");
        row("phone", "id", "p", "service_id", "s", "number", "617 555 0100", "extension", "7", "type", "voice");
        row("language", "id", "g", "service_id", "s", "code", "es", "name", "Spanish");
        row("schedule", "id", "h", "service_at_location_id", "sal", "byday", "MO,SA", "opens_at", "09:00-05:00");
        row("holiday_schedule", "id", "x", "service_id", "s", "closed", "true", "start_date", "2026-12-25");
        row("service_area", "id", "r", "service_id", "s", "name", "02139, 021");
        row("attribute", "id", "t", "link_id", "s", "link_entity", "service", "taxonomy_term_id", "f");
        row("taxonomy_term", "id", "f", "code", "BD-1800", "name", "Food Pantries");
        row("service_capacity", "id", "c", "service_id", "s", "available", "0");
        // When
        HsdsDirectory directory = read();
        // Then
        assertThat(directory.issues()).isEmpty();
        assertThat(directory.listings())
                .extracting(each -> each.resource().fhirType())
                .containsExactly(
                        "Organization", "Location", "Location", "Location", "HealthcareService", "VerificationResult");
        HealthcareService service = only(directory, HealthcareService.class);
        assertThat(service.getActive()).isTrue();
        assertThat(service.getName()).isEqualTo("Pantry");
        assertThat(service.getIdentifierFirstRep().getSystem())
                .isEqualTo("https://careloop.org/fhir/sid/hsds/mass-211");
        assertThat(service.getIdentifierFirstRep().getValue()).isEqualTo("s");
        assertThat(service.getProvidedBy().getReference())
                .isEqualTo("Organization/" + only(directory, Organization.class).getId());
        assertThat(service.getCoverageArea()).hasSize(2);
        assertThat(service.getLocation()).hasSize(1);
        assertThat(service.getTelecom()).extracting(ContactPoint::getValue).containsExactly("617 555 0100 ext. 7");
        assertThat(service.getCommunicationFirstRep().getCodingFirstRep().getCode())
                .isEqualTo("es");
        assertThat(service.getAvailableTimeFirstRep().getDaysOfWeek())
                .extracting(day -> day.getValue().toCode())
                .containsExactly("mon", "sat");
        assertThat(service.getAvailableTimeFirstRep().getAvailableStartTime()).isEqualTo("09:00:00");
        assertThat(service.getNotAvailableFirstRep()
                        .getDuring()
                        .getStartElement()
                        .getValueAsString())
                .isEqualTo("2026-12-25");
        assertThat(service.getTypeFirstRep().getCodingFirstRep().getSystem())
                .isEqualTo("https://careloop.org/fhir/sid/hsds/mass-211/term");
        assertThat(service.getCategoryFirstRep().getCodingFirstRep().getCode()).isEqualTo("food-insecurity");
        assertThat(Capacity.exhausted(service)).isEmpty();
        Location hall = (Location) directory.listings().get(1).resource();
        assertThat(hall.getAddress().getCity()).isEqualTo("Cambridge");
        assertThat(hall.getManagingOrganization().getReference())
                .isEqualTo(service.getProvidedBy().getReference());
        assertThat(((Location) directory.listings().get(2).resource())
                        .getAddress()
                        .getPostalCode())
                .isEqualTo("02139");
        VerificationResult proof = only(directory, VerificationResult.class);
        assertThat(proof.getLastPerformedElement().getValueAsString()).isEqualTo("2026-11-28T15:00:00.000Z");
    }

    @Test
    void theSameRowIsTheSameResourceAndThatOfAnotherSourceIsNot() {
        // Given
        pantry();
        List<String> first = ids(read());
        // Then
        assertThat(ids(HsdsDirectory.of(tables, SOURCE, HsdsTerms.shipped(), NOW.plusSeconds(60))))
                .isEqualTo(first);
        assertThat(ids(HsdsDirectory.of(tables, new HsdsSource("other"), HsdsTerms.shipped(), NOW)))
                .doesNotContainAnyElementsOf(first);
    }

    @Test
    void whatTheSourceSaysOfAssuranceCounts() {
        pantry("assured_date", "2026-05-01");

        assertThat(only(read(), VerificationResult.class)
                        .getLastPerformedElement()
                        .getValueAsString())
                .isEqualTo("2026-05-01");
    }

    @Test
    void nothingIsDroppedUntold() {
        // Given
        pantry("assurer_email", "a@example.org", "status", "active");
        row("service", "id", "lost", "organization_id", "nobody", "name", "Lost");
        row("service", "id", "odd", "organization_id", "o", "status", "asleep");
        row("service", "id", "s", "organization_id", "o", "name", "Again");
        row("location", "id", "far", "latitude", "north", "longitude", "2");
        row("phone", "id", "p", "contact_id", "c", "number", "1");
        row("contact", "id", "c", "name", "Somebody");
        row("service_area", "id", "r", "service_id", "s", "name", "Greater Boston");
        row("service_at_location", "service_id", "s", "location_id", "nowhere");
        // When
        HsdsDirectory directory = read();
        // Then
        assertThat(directory.issues())
                .extracting(issue -> issue.weight() + " " + issue.place())
                .containsExactlyInAnyOrder(
                        "LEFT_OUT service[2].organization_id",
                        "LEFT_OUT service[3].status",
                        "LEFT_OUT service[4].id",
                        "IN_PART location[1].latitude",
                        "NO_PLACE phone",
                        "NO_PLACE contact",
                        "IN_PART service_area[1].name",
                        "LEFT_OUT service_at_location[1].location_id",
                        "NO_PLACE service.assurer_email");
        assertThat(directory.issues())
                .allSatisfy(issue -> assertThat(issue.text()).doesNotContain("Boston", "asleep", "Lost"));
        assertThat(only(directory, HealthcareService.class).getCoverageArea()).hasSize(1);
    }

    @Test
    void theWholeComesBeforeItsPartsAndACircleIsTold() {
        // Given
        row("organization", "id", "part", "name", "Part", "parent_organization_id", "whole");
        row("organization", "id", "whole", "name", "Whole", "parent_organization_id", "part");
        // When
        HsdsDirectory directory = read();
        // Then
        assertThat(directory.listings())
                .extracting(each -> ((Organization) each.resource()).getName())
                .containsExactly("Whole", "Part");
        assertThat(directory.issues())
                .hasSize(1)
                .first()
                .satisfies(issue -> assertThat(issue.weight()).isEqualTo(Weight.IN_PART));
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', nullValues = "-", textBlock = """
            freq=MONTHLY&byday=MO
            interval=2&byday=MO
            byday=1MO
            opens_at=09:00
            byday=MO&opens_at=9 am
            byday=MO&valid_to=2026-11-27
            byday=MO&valid_from=2026-11-29
            """)
    void hoursThatAreNoneOfAWeekAreTold(String columns) {
        // Given
        pantry();
        Map<String, String> values = new LinkedHashMap<>(Map.of("service_id", "s"));
        for (String column : columns.split("&")) {
            values.put(column.split("=")[0], column.split("=")[1]);
        }
        tables.add(new HsdsRow("schedule", 1, values));
        // When
        HsdsDirectory directory = read();
        // Then
        assertThat(only(directory, HealthcareService.class).getAvailableTime()).isEmpty();
        assertThat(directory.issues()).hasSize(1).first().satisfies(issue -> {
            assertThat(issue.weight()).isEqualTo(Weight.LEFT_OUT);
            assertThat(issue.place()).startsWith("schedule[1]");
        });
    }

    @ParameterizedTest
    @CsvSource({"active, true", "inactive, false", "defunct, false", "temporarily closed, false"})
    void whatIsNotOpenIsNotActive(String status, boolean active) {
        pantry("status", status);

        assertThat(only(read(), HealthcareService.class).getActive()).isEqualTo(active);
    }

    @Test
    void aTermOfAKnownSystemIsOfThatSystemAndMeansWhatTheRulesSay() {
        // Given
        pantry();
        row("service_taxonomy", "service_id", "s", "taxonomy_term_id", "f");
        row("taxonomy_term", "id", "f", "term", "Home Health Care", "taxonomy", "http://example.org/terms");
        // When
        HealthcareService service = only(read(), HealthcareService.class);
        // Then
        assertThat(service.getType()).hasSize(1);
        assertThat(service.getTypeFirstRep().getCoding())
                .extracting(Coding::getSystem)
                .containsExactly("http://example.org/terms", "http://nucc.org/provider-taxonomy");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "A", "a b", "-a", "a/b"})
    void refusesASourceThatIsNoName(String name) {
        assertThatThrownBy(() -> new HsdsSource(name)).isInstanceOf(FhirProblem.class);
    }

    @Test
    void anImportKeepsWhatTheSourceDoesNotTell() {
        // Given
        pantry();
        HealthcareService known = only(read(), HealthcareService.class).copy();
        known.setName("Old")
                .addEndpoint(new Reference("Endpoint/1"))
                .addIdentifier(new Identifier().setSystem("urn:a"));
        known.addProgram(new CodeableConcept().setText("Old"));
        Capacity.mark(known, false);
        // When
        Resource merged = HsdsMerge.of(known, only(read(), HealthcareService.class));
        // Then
        HealthcareService expected = known.copy().setName("Pantry").setProgram(null);
        assertThat(FhirJson.write(merged)).asString().contains("Endpoint/1", "no-capacity", "urn:a", "Pantry");
        assertThat(((HealthcareService) merged).getProgram()).isEqualTo(expected.getProgram());
        assertThat(((HealthcareService) merged).getIdentifier()).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource({
        "60, '', '60-', ",
        "'', 17, '-17', ",
        "16.0, 24, '16-24', ",
        "24, 16, '', maximum_age",
        "0.5, '', '', minimum_age",
        "sixty, 99, '-99', minimum_age",
    })
    void agesAreWordsAndACriterion(String low, String high, String expected, String issue) {
        // Given
        pantry("eligibility_description", "Neighbors", "minimum_age", low, "maximum_age", high);
        // When
        HsdsDirectory directory = read();
        // Then
        HealthcareService service = only(directory, HealthcareService.class);
        assertThat(service.getEligibilityFirstRep().getComment()).contains("Neighbors", low, high);
        assertThatCode(() -> Eligibility.check(service)).doesNotThrowAnyException();
        assertThat(ages(service)).isEqualTo(expected);
        assertThat(directory.issues())
                .extracting(HsdsIssue::place)
                .isEqualTo(issue == null ? List.of() : List.of("service[1]." + issue));
    }

    private static String ages(HealthcareService service) {
        return service.getEligibilityFirstRep().getExtensionsByUrl(Eligibility.CRITERION).stream()
                .map(criterion -> ((UsageContext) criterion.getValue()).getValueRange())
                .map(ages -> (ages.hasLow() ? ages.getLow().getValue().toString() : "") + "-"
                        + (ages.hasHigh() ? ages.getHigh().getValue().toString() : ""))
                .collect(Collectors.joining(" "));
    }

    private void pantry(String... more) {
        row("organization", "id", "o", "name", "Food for all");
        Map<String, String> values = new LinkedHashMap<>(Map.of("id", "s", "organization_id", "o", "name", "Pantry"));
        for (int i = 0; i < more.length; i += 2) {
            values.put(more[i], more[i + 1]);
        }
        tables.add(new HsdsRow("service", 1, values));
    }

    private void row(String table, String... columns) {
        Map<String, String> values = new LinkedHashMap<>();
        for (int i = 0; i < columns.length; i += 2) {
            values.put(columns[i], columns[i + 1]);
        }
        tables.add(new HsdsRow(table, tables.next(table), values));
    }

    private HsdsDirectory read() {
        return HsdsDirectory.of(tables, SOURCE, HsdsTerms.shipped(), NOW);
    }

    private static List<String> ids(HsdsDirectory directory) {
        return directory.listings().stream()
                .map(each -> each.resource().getId())
                .toList();
    }

    private static <T extends Resource> T only(HsdsDirectory directory, Class<T> type) {
        List<T> found = directory.listings().stream()
                .map(Listing::resource)
                .filter(type::isInstance)
                .map(type::cast)
                .toList();
        assertThat(found).hasSize(1);
        return found.getFirst();
    }
}
