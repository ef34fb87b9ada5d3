package org.careloop.transitions.domain;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.careloop.eventcontracts.SharedTerms;
import org.careloop.fhirmodel.FhirJson;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EvidenceRulesTest {

    private static final EvidenceRules RULES = EvidenceRules.shipped();
    private static final Instant CHANGED = Instant.parse("2026-11-20T12:00:00Z");

    private static final String OUTREACH = """
            {"resourceType":"Communication","status":"completed","category":[{"coding":[{
             "system":"https://careloop.org/fhir/CodeSystem/communication-category","code":"outreach"}]}],
             "subject":{"reference":"Patient/ada"},"encounter":{"reference":"Encounter/stay"},
             "sent":"2026-11-16T10:00:00-05:00","sender":{"reference":"Practitioner/nurse"},
             "recipient":[{"reference":"RelatedPerson/daughter"}],
             "medium":[{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v3-ParticipationMode","code":"PHONE"}]}]}""";

    @Test
    void aCallIsAContactWithWhoSpokeAndWhen() {
        // When
        List<FoundEvidence> found = found(OUTREACH);
        // Then
        assertThat(found).singleElement().satisfies(contact -> {
            assertThat(contact.kind()).isEqualTo("outreach-contact");
            assertThat(contact.time()).isEqualTo(EvidenceTime.of(Instant.parse("2026-11-16T15:00:00Z")));
            assertThat(contact.actor()).contains("Practitioner/nurse");
            assertThat(contact.encounter()).contains("stay");
            assertThat(contact.patient()).isEqualTo("ada");
        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"status\":\"completed\" | \"status\":\"entered-in-error\"",
                "\"status\":\"completed\" | \"status\":\"not-done\"",
                "PHONE | FAXWRIT",
                "RelatedPerson/daughter | Organization/clinic",
                "\"encounter\":{\"reference\":\"Encounter/stay\"}, | ",
                "\"sender\":{\"reference\":\"Practitioner/nurse\"}, | ",
                "\"sent\":\"2026-11-16T10:00:00-05:00\", | ",
                "2026-11-16T10:00:00-05:00 | 2026-11"
            })
    void whatIsNoContactShowsNone(String part, String other) {
        String changed = OUTREACH.replace(part, other == null ? "" : other);
        assertThat(changed).isNotEqualTo(OUTREACH);
        assertThat(found(changed)).isEmpty();
    }

    @Test
    void anAttemptHasAReason() {
        assertThat(kinds(OUTREACH.replace("\"completed\"", "\"not-done\",\"statusReason\":{\"text\":\"no answer\"}")))
                .isEqualTo("outreach-attempt");
    }

    @ParameterizedTest
    @CsvSource({
        "admission, in-progress, 2026-11-13T10:00:00Z, admission-notice",
        "discharge, completed, 2026-11-13T10:00:00Z, discharge-notice",
        "admission, completed, , ''",
        "admission, entered-in-error, 2026-11-13T10:00:00Z, ''",
        "admission, stopped, 2026-11-13T10:00:00Z, ''"
    })
    void aNoticeCountsWhenItIsReceived(String reason, String status, String received, String kind) {
        assertThat(kinds("""
                        {"resourceType":"Communication","status":"%s","extension":[{"valueCode":"medical-home",
                         "url":"https://careloop.org/fhir/StructureDefinition/recipient-kind"}],"category":[{"coding":[{
                         "system":"https://careloop.org/fhir/CodeSystem/communication-category","code":"stay-notice"}]}],
                         "reasonCode":[{"coding":[{"system":"https://careloop.org/fhir/CodeSystem/stay-notice","code":"%s"}]}],
                         "subject":{"reference":"Patient/ada"},"encounter":{"reference":"Encounter/stay"}%s}""".formatted(status, reason, received == null ? "" : ",\"received\":\"" + received + "\"")))
                .isEqualTo(kind);
    }

    @Test
    void dischargeInformationCountsWhenAllSixPartsAreThere() {
        assertThat(kinds(document(
                        "responsible-practitioner",
                        "procedures",
                        "diagnoses",
                        "medications",
                        "results",
                        "instructions")))
                .isEqualTo("discharge-information");
        assertThat(kinds(document("responsible-practitioner", "procedures", "diagnoses", "medications", "results")))
                .isEmpty();
        assertThat(kinds(document(
                        "responsible-practitioner", "procedures", "diagnoses", "medications", "results", "weather")))
                .isEmpty();
    }

    @Test
    void whatAnAgencyReceivedIsNothingThatTheMedicalHomeKnows() {
        String received = document(
                "responsible-practitioner", "procedures", "diagnoses", "medications", "results", "instructions");
        assertThat(kinds(received.replace("medical-home", "partner"))).isEmpty();
        assertThat(kinds(received.replace("recipient-kind", "else"))).isEmpty();
    }

    private static String document(String... parts) {
        return """
                {"resourceType":"Communication","status":"completed","category":[{"coding":[{
                 "system":"https://careloop.org/fhir/CodeSystem/communication-category","code":"transition-document"}]}],
                 "extension":[{"url":"https://careloop.org/fhir/StructureDefinition/recipient-kind","valueCode":"medical-home"},%s],
                 "subject":{"reference":"Patient/ada"},"encounter":{"reference":"Encounter/stay"},
                 "received":"2026-11-13T10:00:00Z"}""".formatted(Stream.of(parts).map(part -> """
                {"url":"https://careloop.org/fhir/StructureDefinition/discharge-information-part","valueCoding":{
                 "system":"https://careloop.org/fhir/CodeSystem/discharge-information-part","code":"%s"}}""".formatted(part)).collect(Collectors.joining(",")));
    }

    @ParameterizedTest
    @CsvSource({
        "1111F, completed, reconciliation",
        "99483, completed, reconciliation service",
        "99495, completed, decision-moderate reconciliation service",
        "99496, completed, decision-high reconciliation service",
        "99496, entered-in-error, ''",
        "99496, in-progress, ''",
        "99213, completed, ''"
    })
    void codesOfProceduresShowWhatTheyAreBilledFor(String code, String status, String kinds) {
        assertThat(kinds("""
                        {"resourceType":"Procedure","status":"%s","subject":{"reference":"Patient/ada"},
                         "code":{"coding":[{"system":"http://www.ama-assn.org/go/cpt","code":"%s"}]},
                         "performedDateTime":"2026-11-20"}""".formatted(status, code))).isEqualTo(kinds);
    }

    @ParameterizedTest
    @CsvSource({
        "AMB, finished, visit",
        "VR, finished, telehealth-visit",
        "HH, finished, home-visit",
        "AMB, in-progress, ''",
        "AMB, entered-in-error, ''",
        "IMP, finished, ''"
    })
    void visitsAreOfClasses(String code, String status, String kinds) {
        assertThat(kinds("""
                        {"resourceType":"Encounter","status":"%s","subject":{"reference":"Patient/ada"},
                         "class":{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"%s"},
                         "period":{"start":"2026-11-20T10:00:00Z"}}""".formatted(status, code))).isEqualTo(kinds);
    }

    @ParameterizedTest
    @ValueSource(strings = {"booked", "noshow", "cancelled", "entered-in-error"})
    void anAppointmentIsAVisitWhenItIsFulfilled(String other) {
        String fulfilled = """
                {"resourceType":"Appointment","status":"fulfilled","start":"2026-11-20T10:00:00Z","participant":[
                 {"actor":{"reference":"Practitioner/doctor"},"status":"accepted"},
                 {"actor":{"reference":"Patient/ada"},"status":"accepted"}]}""";
        assertThat(kinds(fulfilled)).isEqualTo("visit");
        assertThat(found(fulfilled).getFirst().actor()).contains("Practitioner/doctor");
        assertThat(found(fulfilled).getFirst().patient()).isEqualTo("ada");
        assertThat(kinds(fulfilled.replace("fulfilled", other))).isEmpty();
    }

    @ParameterizedTest(name = "told {0}: {1}")
    @CsvSource({
        "2026-11-20T09:50:00Z, 2026-11-20T09:50:00Z",
        "2026-11-20T10:40:00Z, 2026-11-20T10:00:00Z",
        "2026-11-13T10:00:00Z, 2026-11-20T10:00:00Z"
    })
    void whoIsSeenBeforeTheTimeWasSeenWhenThatWasTold(Instant told, Instant seen) {
        assertThat(found("""
                {"resourceType":"Appointment","status":"fulfilled","start":"2026-11-20T10:00:00Z","participant":[
                 {"actor":{"reference":"Patient/ada"},"status":"accepted"}]}""", told)).extracting(FoundEvidence::time).containsExactly(EvidenceTime.of(seen));
    }

    @Test
    void aTaskWhoseMilestoneIsNotToldShowsNothing() {
        assertThat(kinds("""
                {"resourceType":"Task","status":"completed","intent":"order","for":{"reference":"Patient/ada"},
                 "encounter":{"reference":"Encounter/stay"},"code":{"coding":[{"system":"%s","display":"Outreach"}]}}""".formatted(SharedTerms.MILESTONE_SYSTEM))).isEmpty();
    }

    @Test
    void aTaskIsDoneWhenItSaysElseWhenItCameToBeSo() {
        // Given
        String task = """
                {"resourceType":"Task","status":"completed","intent":"order","for":{"reference":"Patient/ada"},
                 "encounter":{"reference":"Encounter/stay"},"executionPeriod":{"end":"2026-11-17T09:00:00Z"},
                 "code":{"coding":[{"system":"https://careloop.org/fhir/CodeSystem/milestone","code":"outreach"}]}}""";
        // Then
        assertThat(found(task).getFirst().time()).isEqualTo(EvidenceTime.of(Instant.parse("2026-11-17T09:00:00Z")));
        FoundEvidence unsaid = found(task.replace("\"end\"", "\"start\"")).getFirst();
        assertThat(unsaid.time()).isEqualTo(EvidenceTime.of(CHANGED));
        assertThat(unsaid.stated()).isFalse();
        assertThat(kinds(task.replace("\"outreach\"", "\"home-health-start\"").replace("completed", "in-progress")))
                .isEqualTo("task:home-health-start");
        assertThat(kinds(task.replace("completed", "in-progress"))).isEmpty();
        assertThat(RULES.keeps(FhirJson.parse(task.replace("\"outreach\"", "\"home-health-start\"")
                        .replace("completed", "on-hold")
                        .getBytes(StandardCharsets.UTF_8))))
                .isTrue();
        assertThat(RULES.keeps(
                        FhirJson.parse(task.replace("completed", "on-hold").getBytes(StandardCharsets.UTF_8))))
                .isFalse();
    }

    private static String kinds(String json) {
        return found(json).stream().map(FoundEvidence::kind).sorted().collect(Collectors.joining(" "));
    }

    private static List<FoundEvidence> found(String json) {
        return found(json, CHANGED);
    }

    private static List<FoundEvidence> found(String json, Instant changed) {
        return RULES.of(FhirJson.parse(json.getBytes(StandardCharsets.UTF_8)), changed);
    }
}
