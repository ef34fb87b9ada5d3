package org.careloop.patients;

import static org.awaitility.Awaitility.await;
import static org.careloop.testkit.Fhir.as;
import static org.careloop.testkit.Fhir.create;

import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import org.careloop.eventcontracts.Change;
import org.careloop.fhirmodel.ResourceKey;
import org.careloop.testkit.Events;
import org.careloop.testkit.Tokens;

/** An invented patient's stay, told as the transitions service tells it, and what is prescribed around it. */
final class ReconciledStay {

    static final String RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm";
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    final String patient = create(Persons.patient("female"));
    final String encounter = "stay-" + UUID.randomUUID();
    private long version;

    /** Tells the Encounter in this state. */
    void tell(String status) {
        tell(status, patient);
    }

    /** Tells that it is of this patient. */
    void tell(String status, String patient) {
        version++;
        Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        String end = status.equals("finished") ? ",\"end\":\"" + now.minus(1, ChronoUnit.HOURS) + "\"" : "";
        String body = """
                {"resourceType":"Encounter","id":"%s","status":"%s","class":{"code":"IMP"},"subject":{"reference":"Patient/%s"},
                 "period":{"start":"%s"%s}}""".formatted(encounter, status, patient, now.minus(4, ChronoUnit.DAYS), end);
        Events.tell(
                "transitions",
                Events.event(
                        ResourceKey.of("Encounter", encounter), Change.UPDATED, version, "Patient/" + patient, body));
    }

    /** Tells that it is gone, as what came after all that this tells for a while. */
    void tellGone() {
        String body = "{\"resourceType\":\"Encounter\",\"id\":\"" + encounter
                + "\",\"status\":\"finished\",\"class\":{\"code\":\"IMP\"},\"subject\":{\"reference\":\"Patient/"
                + patient
                + "\"}}";
        Events.tell(
                "transitions",
                Events.event(ResourceKey.of("Encounter", encounter), Change.DELETED, 9, "Patient/" + patient, body));
    }

    static String medicine(String told) {
        return told.matches("[0-9]+")
                ? "\"medicationCodeableConcept\":{\"coding\":[{\"system\":\"" + RXNORM + "\",\"code\":\"" + told
                        + "\"}]}"
                : "\"medicationCodeableConcept\":{\"text\":\"" + told + "\"}";
    }

    String request(String category, String told, String rest) {
        String context = category.equals("community")
                ? "\"authoredOn\":\"2025-01-01\""
                : "\"encounter\":{\"reference\":\"Encounter/" + encounter + "\"}";
        return """
                {"resourceType":"MedicationRequest","status":"active","intent":"order","subject":{"reference":"Patient/%s"},
                 "category":[{"coding":[{"code":"%s"}]}],%s,%s%s}""".formatted(patient, category, context, medicine(told), rest);
    }

    String prescribed(String category, String told, String rest) {
        return create(request(category, told, rest));
    }

    static String milligrams(int amount) {
        return ",\"dosageInstruction\":[{\"timing\":{\"repeat\":{\"frequency\":1,\"period\":1,\"periodUnit\":\"d\"}},"
                + "\"doseAndRate\":[{\"doseQuantity\":{\"value\":" + amount + ",\"unit\":\"mg\"}}]}]";
    }

    /** {@code kind status} of each DetectedIssue of the stay. */
    List<String> issues() {
        return search().getList("entry.collect { it.resource.code.coding[0].code + ' ' + it.resource.status }").stream()
                .map(String::valueOf)
                .sorted()
                .toList();
    }

    private JsonPath search() {
        Response found = as(Tokens.service())
                .urlEncodingEnabled(false)
                .get("/fhir/DetectedIssue?identifier=https://careloop.org/fhir/sid/medication-reconciliation%7C"
                        + encounter);
        return new JsonPath(found.asString().contains("\"entry\"") ? found.asString() : "{\"entry\":[]}");
    }

    /** Waits until the issues are these. */
    void awaitIssues(String... expected) {
        await().atMost(PATIENCE).until(this::issues, List.of(expected)::equals);
    }

    /** The id of the DetectedIssue of this kind. */
    String issue(String kind) {
        return search().getString("entry.find { it.resource.code.coding[0].code == '" + kind + "' }.resource.id");
    }

    Response lists(String token) {
        return as(token)
                .urlEncodingEnabled(false)
                .get("/fhir/Patient/" + patient + "/$medication-reconciliation?encounter=Encounter/" + encounter);
    }

    /** Says that the medicines were reconciled. */
    String done(String performer, String rest) {
        return """
                {"resourceType":"Procedure","status":"completed","subject":{"reference":"Patient/%s"},
                 "encounter":{"reference":"Encounter/%s"},
                 "code":{"coding":[{"system":"http://www.ama-assn.org/go/cpt","code":"1111F"}]}%s%s}""".formatted(patient, encounter, performer, rest);
    }
}
