package org.careloop.referrals.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.referrals.domain.Agreement.Benchmark;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.OrganizationAffiliation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an organisation that refers has agreed on with an agency. */
class AgreementTest {

    private static final Instant AT = Instant.parse("2026-11-28T12:00:00Z");

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            'active':true                                                       | true
            'active':false                                                      | false
            'period':{'start':'2026-11-28T12:00:00Z'}                           | true
            'period':{'start':'2026-11-28T12:00:01Z'}                           | false
            'period':{'end':'2026-11-28T12:00:01Z'}                             | true
            'period':{'end':'2026-11-28T12:00:00Z'}                             | false
            'period':{'start':'2026-01-01','end':'2027-01-01'},'active':true    | true
            """)
    void isInForce(String elements, boolean expected) {
        assertThat(Agreement.of(affiliation(elements, ""), AT).isPresent()).isEqualTo(expected);
    }

    @Test
    void hasTermsOfAllKinds() {
        // Given
        OrganizationAffiliation affiliation = affiliation(
                "'active':true",
                term("goal", "{'url':'text','valueString':'No one waits'},{'url':'due','valueDate':'2027-01-01'}"),
                term("responsibility", "{'url':'text','valueString':'Calls within a day'}"),
                term("data-sharing", "{'url':'text','valueString':'Outcomes, no notes'}"),
                term(
                        "restriction",
                        "{'url':'service','valueCodeableConcept':{'coding':[{'system':'s','code':'meals'}]}}"),
                term(
                        "benchmark",
                        "{'url':'figure','valueCode':'acceptance-rate'},{'url':'target','valueDecimal':0.8}"));
        // When
        assertThatCode(() -> Agreement.check(affiliation, ScorecardReport.FIGURES))
                .doesNotThrowAnyException();
        Agreement agreement = Agreement.of(affiliation, AT).orElseThrow();
        // Then
        assertThat(agreement.agency()).isEqualTo("Organization/harbor");
        assertThat(agreement.requester()).isEqualTo("Organization/clinic");
        assertThat(agreement.restricts(List.of(new Coding("s", "meals", null)))).isTrue();
        assertThat(agreement.restricts(List.of(new Coding("s", "rides", null)))).isFalse();
        assertThat(agreement.benchmarks()).containsExactly(new Benchmark("acceptance-rate", new BigDecimal("0.8")));
    }

    @ParameterizedTest
    @CsvSource({
        "acceptance-rate, 0.8, 0.8, true",
        "acceptance-rate, 0.8, 0.79, false",
        "time-to-accept-median, 24, 24, true",
        "time-to-accept-median, 24, 24.1, false"
    })
    void ratesAreAtLeastAndTimesAtMost(String figure, BigDecimal target, BigDecimal actual, boolean met) {
        assertThat(new Benchmark(figure, target).isMetBy(actual)).isEqualTo(met);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "goal|",
                "responsibility|{'url':'text'}",
                "restriction|{'url':'service','valueString':'meals'}",
                "restriction|{'url':'service','valueCodeableConcept':{'text':'meals'}}",
                "benchmark|{'url':'figure','valueCode':'happiness'},{'url':'target','valueDecimal':1}",
                "benchmark|{'url':'figure','valueCode':'acceptance-rate'}",
                "promise|{'url':'text','valueString':'x'}"
            })
    void isRefusedWhereATermCannotBeRead(String term) {
        String[] parts = term.split("\\|", 2);
        OrganizationAffiliation affiliation = affiliation("'active':true", term(parts[0], parts[1]));
        assertThatThrownBy(() -> Agreement.check(affiliation, ScorecardReport.FIGURES))
                .isInstanceOf(FhirProblem.class)
                .hasMessageContaining("OrganizationAffiliation.extension");
    }

    private static String term(String kind, String parts) {
        return "{'url':'" + Agreement.TERM + "','extension':[{'url':'kind','valueCode':'" + kind + "'}"
                + (parts.isEmpty() ? "" : "," + parts) + "]}";
    }

    private static OrganizationAffiliation affiliation(String elements, String... terms) {
        String extension = Optional.of(String.join(",", terms))
                .filter(text -> !text.isEmpty())
                .map(text -> "'extension':[" + text + "],")
                .orElse("");
        return FhirJson.parse(
                OrganizationAffiliation.class,
                ("{'resourceType':'OrganizationAffiliation'," + extension + elements
                                + ",'organization':{'reference':'Organization/clinic'},"
                                + "'participatingOrganization':{'reference':'Organization/harbor'}}")
                        .replace('\'', '"')
                        .getBytes(StandardCharsets.UTF_8));
    }
}
