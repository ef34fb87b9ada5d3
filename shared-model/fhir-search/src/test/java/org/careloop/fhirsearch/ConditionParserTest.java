package org.careloop.fhirsearch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** @see <a href="https://hl7.org/fhir/R4/search.html">FHIR R4 search</a> */
class ConditionParserTest {

    private static final long IDENTIFIER = IndexHash.ofParameter("Patient", "identifier");
    private static final DateRange YEAR_2026 = DateRange.parse("x", "2026");

    @Test
    void tokensAreAlternatives() {
        assertThat(ConditionParser.parse("Patient", "identifier", "urn:mrn|7,8,|9,urn:x|"))
                .isEqualTo(new Condition.HasToken(
                        IDENTIFIER,
                        Set.of(
                                value("identifier", "urn:mrn|7"),
                                value("identifier", "8"),
                                value("identifier", "|9"),
                                value("identifier", "urn:x|")),
                        false));
    }

    @Test
    void escapedSeparatorsBelongToTheValue() {
        assertThat(ConditionParser.parse("Patient", "identifier", "a\\,b,c\\|d,e\\$f,g\\\\h,i\\j"))
                .isEqualTo(new Condition.HasToken(
                        IDENTIFIER,
                        Set.of(
                                value("identifier", "a,b"),
                                value("identifier", "c\\|d"),
                                value("identifier", "e$f"),
                                value("identifier", "g\\\\h"),
                                value("identifier", "i\\\\j")),
                        true));
    }

    @Test
    void notIsTheOppositeOfAllItsValues() {
        assertThat(ConditionParser.parse("Patient", "gender:not", "male,female"))
                .isEqualTo(new Condition.Not(new Condition.HasToken(
                        IndexHash.ofParameter("Patient", "gender"),
                        Set.of(value("gender", "male"), value("gender", "female")),
                        true)));
    }

    @Test
    void missingAsksForTheMark() {
        // Given
        Condition absent = new Condition.HasToken(
                IndexHash.ofParameter("Patient", "gender"), Set.of(value("gender", ":missing")), false);
        // Then
        assertThat(ConditionParser.parse("Patient", "gender:missing", "true")).isEqualTo(absent);
        assertThat(ConditionParser.parse("Patient", "gender:missing", "false")).isEqualTo(new Condition.Not(absent));
        assertThat(ConditionParser.parse("Patient", "_id:missing", "true")).isEqualTo(Condition.NOTHING);
        assertThat(ConditionParser.parse("Patient", "_lastUpdated:missing", "false"))
                .isEqualTo(Condition.EVERYTHING);
    }

    @Test
    void stringsStartWithContainOrAreExact() {
        long family = IndexHash.ofParameter("Patient", "family");
        assertThat(ConditionParser.parse("Patient", "family", "NÚÑ,o'b"))
                .isEqualTo(new Condition.HasString(family, List.of("nun", "o'b"), false));
        assertThat(ConditionParser.parse("Patient", "family:contains", "Ñ"))
                .isEqualTo(new Condition.HasString(family, List.of("n"), true));
        assertThat(ConditionParser.parse("Patient", "family:exact", "Núñez"))
                .isEqualTo(new Condition.HasToken(family, Set.of(value("family", "Núñez")), false));
    }

    @Test
    void referencesAreNamedByIdTypeAndIdUrlOrIdentifier() {
        long subject = IndexHash.ofParameter("Condition", "subject");
        assertThat(ConditionParser.parse("Condition", "subject", "Patient/1"))
                .isEqualTo(new Condition.RefersTo(subject, Set.of(IndexHash.ofTarget("Patient/1"))));
        assertThat(ConditionParser.parse("Condition", "subject", "1"))
                .isEqualTo(new Condition.RefersTo(
                        subject, Set.of(IndexHash.ofTarget("Patient/1"), IndexHash.ofTarget("Group/1"))));
        assertThat(ConditionParser.parse("Condition", "subject:Patient", "1,2"))
                .isEqualTo(new Condition.RefersTo(
                        subject, Set.of(IndexHash.ofTarget("Patient/1"), IndexHash.ofTarget("Patient/2"))));
        assertThat(ConditionParser.parse("Condition", "subject", "http://o.example/fhir/Patient/1"))
                .isEqualTo(
                        new Condition.RefersTo(subject, Set.of(IndexHash.ofTarget("http://o.example/fhir/Patient/1"))));
        assertThat(ConditionParser.parse("Condition", "subject:identifier", "urn:mrn|7"))
                .isEqualTo(new Condition.HasToken(
                        IndexHash.ofParameter("Condition", "subject:identifier"),
                        Set.of(IndexHash.ofValue("Condition", "subject:identifier", "urn:mrn|7")),
                        false));
    }

    @ParameterizedTest
    @EnumSource(Comparison.class)
    void datesAndNumbersTakeEveryPrefix(Comparison comparison) {
        String prefix = comparison.name().toLowerCase(Locale.ROOT);
        assertThat(ConditionParser.parse("Patient", "birthdate", prefix + "2026"))
                .isEqualTo(new Condition.HasDate(IndexHash.ofParameter("Patient", "birthdate"), comparison, YEAR_2026));
        assertThat(ConditionParser.parse("Patient", "_lastUpdated", prefix + "2026"))
                .isEqualTo(new Condition.Changed(comparison, YEAR_2026));
        assertThat(ConditionParser.parse("Observation", "value-quantity", prefix + "100"))
                .isEqualTo(
                        switch (comparison) {
                            case EQ, NE -> number(comparison, 99.5, 100.5);
                            case AP -> number(comparison, 90, 110);
                            case GT, LT, GE, LE, SA, EB -> number(comparison, 100, 100);
                        });
    }

    @ParameterizedTest
    @CsvSource({"100, 99.5, 100.5", "100.00, 99.995, 100.005", "1e2, 50, 150", "-5.4, -5.45, -5.35", "0, -0.5, 0.5"})
    void theLastDigitOfANumberLeavesAnInterval(String text, double low, double high) {
        assertThat(ConditionParser.parse("RiskAssessment", "probability", text))
                .isEqualTo(new Condition.HasNumber(
                        IndexHash.ofParameter("RiskAssessment", "probability"), Comparison.EQ, low, high));
    }

    @Test
    void aQuantityMayNameItsUnitInAnyOfItsSpellings() {
        assertThat(ConditionParser.parse("Observation", "value-quantity", "5|http://unitsofmeasure.org|kg"))
                .isEqualTo(new Condition.AnyOf(
                        List.of(unit("=g", 4500, 5500), unit("http://unitsofmeasure.org|kg", 4.5, 5.5))));
        assertThat(ConditionParser.parse("Observation", "value-quantity", "5||kg"))
                .isEqualTo(new Condition.AnyOf(List.of(unit("=g", 4500, 5500), unit("|kg", 4.5, 5.5))));
        assertThat(ConditionParser.parse("Observation", "value-quantity", "5||tablets"))
                .isEqualTo(unit("|tablets", 4.5, 5.5));
        assertThat(ConditionParser.parse("Observation", "value-quantity", "5|http://x.org|kg"))
                .isEqualTo(unit("http://x.org|kg", 4.5, 5.5));
    }

    private static Condition unit(String form, double low, double high) {
        return new Condition.HasNumber(
                IndexHash.ofValue("Observation", "value-quantity", form), Comparison.EQ, low, high);
    }

    @Test
    void idsThatCannotBeAreNotAskedFor() {
        assertThat(ConditionParser.parse("Patient", "_id", "a,b\u0000,c d"))
                .isEqualTo(new Condition.HasId(Set.of("a")));
    }

    @Test
    void bothSpellingsOfLastUpdatedAreRead() {
        assertThat(ConditionParser.parse("Task", "_lastupdated", "gt2026"))
                .isEqualTo(ConditionParser.parse("Task", "_lastUpdated", "gt2026"));
    }

    @Test
    void chainsFollowReferences() {
        assertThat(ConditionParser.parse("Observation", "subject:Patient.family", "x"))
                .isEqualTo(new Condition.Chain(
                        IndexHash.ofParameter("Observation", "subject"),
                        "Patient",
                        ConditionParser.parse("Patient", "family", "x")));
        assertThat(ConditionParser.parse("Observation", "patient.gender:not", "male"))
                .isEqualTo(new Condition.Chain(
                        IndexHash.ofParameter("Observation", "patient"),
                        "Patient",
                        ConditionParser.parse("Patient", "gender:not", "male")));
    }

    @Test
    void aChainLeadsToEveryTypeThatHasTheParameter() {
        long subject = IndexHash.ofParameter("Condition", "subject");
        assertThat(ConditionParser.parse("Condition", "subject.identifier", "x"))
                .isEqualTo(new Condition.AnyOf(List.of(
                        new Condition.Chain(subject, "Group", ConditionParser.parse("Group", "identifier", "x")),
                        new Condition.Chain(subject, "Patient", ConditionParser.parse("Patient", "identifier", "x")))));
        assertThat(ConditionParser.parse("Condition", "subject.family", "x"))
                .isEqualTo(new Condition.Chain(subject, "Patient", ConditionParser.parse("Patient", "family", "x")));
    }

    @Test
    void aCompositeAsksForItsSecondPartUnderTheFirst() {
        assertThat(ConditionParser.parse("Observation", "code-value-quantity", "http://loinc.org|8480-6$gt5"))
                .isEqualTo(new Condition.HasNumber(
                        IndexKey.of("Observation", "code-value-quantity")
                                .and("http://loinc.org|8480-6")
                                .hash(),
                        Comparison.GT,
                        5,
                        5));
        assertThat(ConditionParser.parse("Observation", "code-value-string", "a\\$b$c\\$D"))
                .isEqualTo(new Condition.HasString(
                        IndexKey.of("Observation", "code-value-string")
                                .and("a$b")
                                .hash(),
                        List.of("c$d"),
                        false));
        assertThat(ConditionParser.parse("Observation", "combo-code-value-concept", "a$b"))
                .isEqualTo(new Condition.AnyOf(List.of(
                        ConditionParser.parse("Observation", "code-value-concept", "a$b"),
                        ConditionParser.parse("Observation", "component-code-value-concept", "a$b"))));
    }

    @Test
    void whatIsNamedByOurOwnAddressIsHere() {
        // Given
        OwnServer.isAt("https://care.example.org/fhir");
        try {
            // Then
            assertThat(ConditionParser.parse(
                            "Condition", "subject", "https://care.example.org/fhir/Patient/1/_history/2"))
                    .isEqualTo(ConditionParser.parse("Condition", "subject", "Patient/1"));
            assertThat(ConditionParser.parse("Condition", "subject:Group", "Patient/1"))
                    .isEqualTo(new Condition.RefersTo(IndexHash.ofParameter("Condition", "subject"), Set.of()));
        } finally {
            OwnServer.isAt("");
        }
    }

    @Test
    void reverseChainsAskWhoRefers() {
        assertThat(ConditionParser.parse("Patient", "_has:Observation:patient:code", "x"))
                .isEqualTo(new Condition.ReverseChain(
                        "Observation",
                        IndexHash.ofParameter("Observation", "patient"),
                        ConditionParser.parse("Observation", "code", "x")));
    }

    @ParameterizedTest
    @CsvSource({
        "Patient, nonsense, x, UNSUPPORTED_PARAMETER",
        "Patient, _filter, x, UNSUPPORTED_PARAMETER",
        "Patient, _text, x, UNSUPPORTED_PARAMETER",
        "Patient, near, x, UNSUPPORTED_PARAMETER",
        "Patient, _list, x, UNSUPPORTED_PARAMETER",
        "Observation, code-value-quantity, x, INVALID_PARAMETER",
        "Observation, code-value-quantity, a$b, INVALID_PARAMETER",
        "Observation, code-value-quantity, a$5$6, INVALID_PARAMETER",
        "Observation, code-value-quantity, urn:x|$5, INVALID_PARAMETER",
        "Observation, code-value-quantity:not, a$5, UNSUPPORTED_PARAMETER",
        "Observation, code:below, x, INVALID_PARAMETER",
        "Patient, identifier:of-type, a|b, INVALID_PARAMETER",
        "Patient, gender:strange, x, UNSUPPORTED_PARAMETER",
        "Patient, family:text, x, UNSUPPORTED_PARAMETER",
        "Patient, birthdate:exact, 2026, UNSUPPORTED_PARAMETER",
        "Patient, _id:not, x, UNSUPPORTED_PARAMETER",
        "Patient, _lastUpdated:missing, x, INVALID_PARAMETER",
        "Observation, value-quantity:not, 5, UNSUPPORTED_PARAMETER",
        "Patient, gender:missing, yes, INVALID_PARAMETER",
        "Patient, gender, '', INVALID_PARAMETER",
        "Patient, gender, ',,', INVALID_PARAMETER",
        "Patient, birthdate, x, INVALID_PARAMETER",
        "Patient, birthdate, gt, INVALID_PARAMETER",
        "Patient, _lastUpdated, x, INVALID_PARAMETER",
        "Observation, value-quantity, x, INVALID_PARAMETER",
        "Observation, value-quantity, '', INVALID_PARAMETER",
        "Observation, value-quantity, 5|kg, INVALID_PARAMETER",
        "Observation, value-quantity, 5|http://unitsofmeasure.org|, INVALID_PARAMETER",
        "Observation, value-quantity, 5|a|b|c, INVALID_PARAMETER",
        "Observation, value-quantity, NaN, INVALID_PARAMETER",
        "Observation, value-quantity, 1e99999999999, INVALID_PARAMETER",
        "RiskAssessment, probability, 5||kg, INVALID_PARAMETER",
        "Observation, subject:Zyxwvut, 1, INVALID_PARAMETER",
        "Observation, subject.nonsense, x, UNSUPPORTED_PARAMETER",
        "Provenance, target.family, x, INVALID_PARAMETER",
        "Observation, code.family, x, INVALID_PARAMETER",
        "Observation, subject:Zyxwvut.family, x, INVALID_PARAMETER",
        "Observation, patient.nonsense, x, UNSUPPORTED_PARAMETER",
        "Patient, _has:Observation:patient, x, INVALID_PARAMETER",
        "Patient, _has:Zyxwvut:patient:code, x, INVALID_PARAMETER",
        "Patient, _has:Observation:code:code, x, INVALID_PARAMETER",
        "Patient, _has:Observation:nonsense:code, x, UNSUPPORTED_PARAMETER",
        "Patient, _has:Observation:patient:_has:Observation:patient:_has:Observation:patient:_has:Observation:patient:_has:Observation:patient:code, x, TOO_COSTLY"
    })
    void refusesWhatItDoesNotUnderstand(String type, String name, String value, ProblemCode code) {
        assertThatThrownBy(() -> ConditionParser.parse(type, name, value))
                .isInstanceOfSatisfying(
                        FhirProblem.class, problem -> assertThat(problem.code()).isEqualTo(code));
    }

    @Test
    void refusesTooManyValues() {
        assertThatThrownBy(() -> ConditionParser.parse("Patient", "_id", "a,".repeat(501)))
                .hasMessage("TOO_COSTLY: _id: too many values (expected: at most 500)");
    }

    @Test
    void repeatsNeitherValuesNorOddNames() {
        assertThatThrownBy(() -> ConditionParser.parse("Patient", "birthdate", "Zyxwvut"))
                .hasMessageNotContaining("Zyxwvut");
        assertThatThrownBy(() -> ConditionParser.parse("Patient", "<script>", "x"))
                .hasMessageNotContaining("script");
        assertThatThrownBy(() -> ConditionParser.parse("Patient", "Zyxwvut".repeat(20), "x"))
                .hasMessageNotContaining("Zyxwvut");
    }

    private static Condition number(Comparison comparison, double low, double high) {
        return new Condition.HasNumber(IndexHash.ofParameter("Observation", "value-quantity"), comparison, low, high);
    }

    private static long value(String parameter, String form) {
        return IndexHash.ofValue("Patient", parameter, form);
    }
}
