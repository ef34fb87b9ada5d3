package org.careloop.transitions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.careloop.transitions.Stay.soon;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.careloop.eventcontracts.Change;
import org.careloop.eventcontracts.SharedTerms;
import org.careloop.eventflow.LeaderLoop;
import org.careloop.fhirmodel.ResourceKey;
import org.careloop.fhirstore.ResourceStore;
import org.careloop.testkit.Events;
import org.careloop.testkit.Fhir;
import org.careloop.testkit.RealParts;
import org.careloop.testkit.Tokens;
import org.careloop.transitions.store.Transitions;
import org.hl7.fhir.r4.model.Extension;
import org.hl7.fhir.r4.model.Reference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Evidence that other services tell of moves the clocks of a discharge on 7 March 2026, and moves them back when it is taken back. */
@QuarkusTest
@QuarkusTestResource(value = RealParts.class, initArgs = @ResourceArg(name = RealParts.DATABASE, value = "transitions"))
class EvidenceApiTest {

    @Inject
    ResourceStore store;

    @Inject
    Transitions transitions;

    private final Stay stay = Stay.fresh();
    private final String patient =
            "Patient/" + InMemoryPatients.idOf(stay.number()).value();

    @BeforeEach
    void discharge() {
        stay.discharged();
    }

    @Test
    void aClockThatHasRunOutIsMissedUntilEvidenceIsTold() {
        // Given
        assertThat(state("outreach")).isEqualTo("missed");
        ResourceKey call = key("Communication");
        // When
        tell("care-plans", call, Change.CREATED, 1, outreach("completed", "2026-03-09T10:00:00-04:00"));
        // Then
        awaitState("outreach", "reached");
        assertThat(evidence("outreach")).containsExactly(call.reference());
        assertThat(state("patient-engagement")).isEqualTo("reached");
        assertThat(state("follow-up-call")).isEqualTo("missed");
        // When its time is mended
        tell("care-plans", call, Change.UPDATED, 2, outreach("completed", "2026-03-10T10:00:00-04:00"));
        // Then
        awaitState("follow-up-call", "reached");
        assertThat(state("outreach")).isEqualTo("reached");
        // When it was an error
        tell("care-plans", call, Change.UPDATED, 3, outreach("entered-in-error", "2026-03-10T10:00:00-04:00"));
        // Then
        awaitState("outreach", "missed");
        assertThat(state("follow-up-call")).isEqualTo("missed");
        assertThat(evidence("outreach")).isEmpty();
    }

    @Test
    void whatWasFoundToBeAnErrorSaysNothingWhenItIsToldAgain() {
        // Given: the first version became a dead letter, the second was taken
        ResourceKey call = key("Communication");
        tell("care-plans", call, Change.UPDATED, 2, outreach("entered-in-error", "2026-03-09T10:00:00-04:00"));
        // When an operator replays the first, and later ones follow
        tell("care-plans", call, Change.CREATED, 1, outreach("completed", "2026-03-09T10:00:00-04:00"));
        tell("care-plans", key("Communication"), Change.CREATED, 1, document());
        // Then
        awaitState("discharge-information", "reached");
        assertThat(state("outreach")).isEqualTo("missed");
    }

    @Test
    void aStayThatIsPlannedEndsNothingUntilItBegins() {
        // Given
        String planned = """
                {"resourceType":"Encounter","id":"%s","status":"planned","subject":{"reference":"%s"},
                 "class":{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"IMP"},
                 "period":{"start":"2026-03-09T10:00:00-04:00"}}""".formatted(UUID.randomUUID(), patient);
        String id = Fhir.as(Tokens.service())
                .body(planned)
                .post("/fhir/Encounter")
                .then()
                .statusCode(201)
                .extract()
                .path("id");
        ResourceKey visit = key("Appointment");
        tell("referrals", visit, Change.UPDATED, 3, """
                {"resourceType":"Appointment","status":"fulfilled","start":"2026-03-20T10:00:00-04:00","participant":[
                 {"actor":{"reference":"%s"},"status":"accepted"}]}""".formatted(patient));
        soon().untilAsserted(() -> assertThat(evidence("follow-up-visit")).containsExactly(visit.reference()));
        assertThat(state("follow-up-visit")).isEqualTo("missed");
        // When
        Fhir.as(Tokens.service())
                .body(planned.replaceFirst("\"id\":\"[^\"]*\"", "\"id\":\"" + id + "\"")
                        .replace("planned", "in-progress"))
                .put("/fhir/Encounter/{id}", id)
                .then()
                .statusCode(200);
        // Then
        awaitState("follow-up-visit", "withdrawn");
        assertThat(evidence("follow-up-visit")).isEmpty();
    }

    @Test
    void aClockThatFailsKeepsNoOtherWaiting() throws Exception {
        // Given
        Stay other = Stay.fresh();
        other.discharged();
        List<String> both =
                Stream.of(stay.episodeId(), other.episodeId()).sorted().toList();
        Instant now = Instant.now();
        // When
        List<String> after = LeaderLoop.await(() -> store.inUnit(
                unit -> unit.sql("update transition_milestone set state = 'OPEN' where episode_id = any($1)", (Object)
                                both.toArray(String[]::new))
                        .chain(() -> transitions.overdue(now, both.getFirst(), 10_000, unit))));
        // Then
        assertThat(after)
                .contains(both.getLast())
                .doesNotContain(both.getFirst())
                .isSorted();
    }

    @Test
    void twoAttemptsAreAttempted() {
        // When
        String why = "\"statusReason\":{\"text\":\"no answer\"},";
        tell(
                "care-plans",
                key("Communication"),
                Change.CREATED,
                1,
                outreach("not-done", "2026-03-09T10:00:00-04:00", why));
        ResourceKey second = key("Communication");
        tell("care-plans", second, Change.CREATED, 1, outreach("not-done", "2026-03-09T10:30:00-04:00", why));
        ResourceKey third = key("Communication");
        tell("care-plans", third, Change.CREATED, 1, outreach("not-done", "2026-03-09T15:00:00-04:00", why));
        // Then
        awaitState("outreach", "attempted");
        assertThat(evidence("outreach")).hasSize(2).contains(third.reference()).doesNotContain(second.reference());
        // When one of them is deleted
        tell("care-plans", third, Change.DELETED, 2, outreach("not-done", "2026-03-09T15:00:00-04:00", why));
        // Then
        awaitState("outreach", "missed");
    }

    @Test
    void theMedicalHomeHasWhatItReceived() {
        // When
        tell("care-plans", key("Communication"), Change.CREATED, 1, """
                {"resourceType":"Communication","status":"completed","extension":[{"valueCode":"medical-home",
                 "url":"https://careloop.org/fhir/StructureDefinition/recipient-kind"}],
                 "category":[{"coding":[{"system":"%s","code":"stay-notice"}]}],
                 "reasonCode":[{"coding":[{"system":"%s","code":"admission"}]}],"subject":{"reference":"%s"},
                 "encounter":{"reference":"Encounter/%s"},"received":"2026-03-05T09:00:00-05:00"}""".formatted(
                        SharedTerms.COMMUNICATION_CATEGORY_SYSTEM,
                        SharedTerms.STAY_NOTICE_SYSTEM,
                        patient,
                        stay.encounterId()));
        tell("care-plans", key("Communication"), Change.CREATED, 1, document());
        // Then
        awaitState("admission-notification", "reached");
        awaitState("discharge-information", "reached");
    }

    @Test
    void visitsAndProceduresCountByTheirTime() {
        // Given
        String visit = Fhir.as(Tokens.service())
                .body("""
                        {"resourceType":"Encounter","status":"finished","subject":{"reference":"%s"},
                         "class":{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"AMB"},
                         "period":{"start":"2026-03-13T10:00:00-04:00","end":"2026-03-13T10:30:00-04:00"}}""".formatted(patient))
                .post("/fhir/Encounter")
                .path("id");
        // When
        tell("patients", key("Procedure"), Change.CREATED, 1, """
                {"resourceType":"Procedure","status":"completed","subject":{"reference":"%s"},
                 "code":{"coding":[{"system":"http://www.ama-assn.org/go/cpt","code":"1111F"}]},
                 "performedDateTime":"2026-03-07"}""".formatted(patient));
        // Then
        awaitState("follow-up-visit", "reached");
        awaitState("medication-reconciliation", "reached");
        assertThat(evidence("follow-up-visit")).containsExactly("Encounter/" + visit);
        // When an appointment was kept earlier, and the visit was none
        ResourceKey appointment = key("Appointment");
        tell("referrals", appointment, Change.UPDATED, 3, """
                {"resourceType":"Appointment","status":"fulfilled","start":"2026-03-12T10:00:00-04:00","participant":[
                 {"actor":{"reference":"%s"},"status":"accepted"}]}""".formatted(patient));
        soon().untilAsserted(() -> assertThat(evidence("follow-up-visit")).containsExactly(appointment.reference()));
        Fhir.as(Tokens.service()).delete("/fhir/Encounter/{id}", visit).then().statusCode(204);
        tell("referrals", appointment, Change.UPDATED, 4, """
                {"resourceType":"Appointment","status":"noshow","start":"2026-03-12T10:00:00-04:00","participant":[
                 {"actor":{"reference":"%s"},"status":"accepted"}]}""".formatted(patient));
        // Then
        awaitState("follow-up-visit", "missed");
    }

    @Test
    void whatWasDoneInTheStayWasNotDoneAfterIt() {
        // When
        String reconciled = """
                {"resourceType":"Procedure","status":"completed","subject":{"reference":"%s"},%s
                 "code":{"coding":[{"system":"http://www.ama-assn.org/go/cpt","code":"1111F"}]},
                 "performedDateTime":"2026-03-07"}""";
        String during = "\"encounter\":{\"reference\":\"Encounter/" + stay.encounterId() + "\"},";
        ResourceKey inStay = key("Procedure");
        tell("patients", inStay, Change.CREATED, 1, reconciled.formatted(patient, during));
        soon().until(() -> !LeaderLoop.await(() -> store.inUnit(unit ->
                        unit.sql("select id from transition_evidence where reference = $1", inStay.reference())))
                .isEmpty());
        // Then
        assertThat(state("medication-reconciliation")).isEqualTo("missed");
        // When it is mended, one way and the other
        tell("patients", inStay, Change.UPDATED, 2, reconciled.formatted(patient, ""));
        awaitState("medication-reconciliation", "reached");
        tell("patients", inStay, Change.UPDATED, 3, reconciled.formatted(patient, during));
        // Then
        awaitState("medication-reconciliation", "missed");
    }

    @Test
    void evidenceBeforeADischargeIsToldCountsWhenItIs() {
        // Given
        Stay other = Stay.fresh();
        String ofOther = "Patient/" + InMemoryPatients.idOf(other.number()).value();
        Events.tell("patients", Events.event(key("Procedure"), Change.CREATED, 1, ofOther, """
                {"resourceType":"Procedure","id":"x","status":"completed","subject":{"reference":"%s"},
                 "code":{"coding":[{"system":"http://www.ama-assn.org/go/cpt","code":"1111F"}]},
                 "performedDateTime":"2026-03-20"}""".formatted(ofOther)));
        // When
        other.discharged();
        // Then
        soon().untilAsserted(() ->
                assertThat(state(other, "medication-reconciliation")).isEqualTo("reached"));
        // When the discharge was none
        other.tell(other.event("A13", "20260307160000-0500"));
        other.awaitStatus("in-progress");
        other.tell(other.discharge()
                .replace("20260307150000-0500", "20260309150000-0400")
                .replace("2026030714150", "2026030915150"));
        other.awaitStatus("finished");
        // Then
        soon().untilAsserted(() ->
                assertThat(state(other, "medication-reconciliation")).isEqualTo("reached"));
    }

    @Test
    void aDeathEndsWhatIsAskedForAndAReadmissionToo() {
        // When
        tell("patients", ResourceKey.parse(patient).orElseThrow(), Change.UPDATED, 2, """
                {"resourceType":"Patient","deceasedDateTime":"2026-03-08T12:00:00-04:00"}""");
        // Then
        awaitState("outreach", "withdrawn");
        // When it was an error
        tell("patients", ResourceKey.parse(patient).orElseThrow(), Change.UPDATED, 3, """
                {"resourceType":"Patient","birthDate":"1950-01-01"}""");
        // Then
        awaitState("outreach", "missed");
        // When the patient comes back on the 8th
        Stay again = stay.next();
        again.tell(again.admission().replace("20260303", "20260308"));
        again.awaitStatus("in-progress");
        // Then
        awaitState("outreach", "withdrawn");
        assertThat(state("admission-notification")).isEqualTo("missed");
        // When that admission was an error
        again.tell(again.event("A11", "20260308160000-0400"));
        // Then
        awaitState("outreach", "missed");
    }

    private String document() {
        String parts = List.of(
                        "responsible-practitioner", "procedures", "diagnoses", "medications", "results", "instructions")
                .stream()
                .map(part -> "{\"url\":\"%s\",\"valueCoding\":{\"system\":\"%s\",\"code\":\"%s\"}}"
                        .formatted(
                                SharedTerms.DISCHARGE_INFORMATION_PART_EXTENSION,
                                SharedTerms.DISCHARGE_INFORMATION_PART_SYSTEM,
                                part))
                .collect(Collectors.joining(","));
        return """
                {"resourceType":"Communication","status":"completed",
                 "extension":[{"url":"https://careloop.org/fhir/StructureDefinition/recipient-kind","valueCode":"medical-home"},%s],
                 "category":[{"coding":[{"system":"%s","code":"transition-document"}]}],"subject":{"reference":"%s"},
                 "encounter":{"reference":"Encounter/%s"},"received":"2026-03-09T23:00:00-04:00"}""".formatted(parts, SharedTerms.COMMUNICATION_CATEGORY_SYSTEM, patient, stay.encounterId());
    }

    private String outreach(String status, String sent) {
        return outreach(status, sent, "");
    }

    private String outreach(String status, String sent, String more) {
        return """
                {"resourceType":"Communication","status":"%s",%s"category":[{"coding":[{"system":"%s","code":"outreach"}]}],
                 "subject":{"reference":"%s"},"encounter":{"reference":"Encounter/%s"},"sent":"%s",
                 "sender":{"reference":"Practitioner/nurse"},"recipient":[{"reference":"%s"}],
                 "medium":[{"coding":[{"system":"%s","code":"PHONE"}]}]}""".formatted(
                        status,
                        more,
                        SharedTerms.COMMUNICATION_CATEGORY_SYSTEM,
                        patient,
                        stay.encounterId(),
                        sent,
                        patient,
                        SharedTerms.PARTICIPATION_MODE_SYSTEM);
    }

    private void tell(String service, ResourceKey key, Change change, long version, String body) {
        String named = body.strip().replaceFirst("\\{", "{\"id\":\"" + key.id() + "\",");
        Events.tell(service, Events.event(key, change, version, patient, named));
    }

    private static ResourceKey key(String type) {
        return ResourceKey.of(type, UUID.randomUUID().toString());
    }

    private void awaitState(String code, String state) {
        soon().untilAsserted(() -> assertThat(state(code)).isEqualTo(state));
    }

    private String state(String code) {
        return state(stay, code);
    }

    private static String state(Stay stay, String code) {
        return milestones(stay).get(code).getExtensionByUrl("state").getValue().primitiveValue();
    }

    private List<String> evidence(String code) {
        return milestones(stay).get(code).getExtensionsByUrl("evidence").stream()
                .map(each -> ((Reference) each.getValue()).getReference())
                .toList();
    }

    private static Map<String, Extension> milestones(Stay stay) {
        return stay.episode().getExtensionsByUrl(SharedTerms.MILESTONE_EXTENSION).stream()
                .collect(Collectors.toMap(
                        each -> each.getExtensionByUrl("code").getValue().primitiveValue(), each -> each));
    }
}
