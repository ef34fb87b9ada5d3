package org.careloop.patients;

import static org.awaitility.Awaitility.await;
import static org.careloop.testkit.Fhir.as;
import static org.careloop.testkit.Fhir.create;

import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.careloop.eventcontracts.Change;
import org.careloop.fhirmodel.ResourceKey;
import org.careloop.testkit.Events;

/** Tasks of one agency, told as the referrals service tells them. */
record AgencyTasks(String name) {

    static final Duration PATIENCE = Duration.ofSeconds(30);

    static String observation(String patient, String category) {
        return "Observation/" + create(observationBody(patient, category));
    }

    static String observationBody(String patient, String category) {
        return """
                {"resourceType":"Observation","status":"final","subject":{"reference":"Patient/%s"},"code":{"text":"x"},
                 "category":[{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/observation-category","code":"%s"}]}]}""".formatted(patient, category);
    }

    static String recipients(String... organizations) {
        return Stream.of(organizations)
                .map(organization -> "{\"reference\":\"Organization/" + organization + "\"}")
                .collect(Collectors.joining(","));
    }

    String taskThatNames(String patient, String status, String... inputs) {
        String named = Stream.of(inputs)
                .map(input -> "{\"type\":{\"text\":\"x\"},\"valueReference\":{\"reference\":\"" + input + "\"}}")
                .collect(Collectors.joining(","));
        return "{\"resourceType\":\"Task\",\"id\":\"t-" + patient + "\",\"status\":\"" + status
                + "\",\"intent\":\"order\",\"focus\":{\"reference\":\"ServiceRequest/r-" + patient
                + "\"},\"for\":{\"reference\":\"Patient/" + patient + "\"},\"owner\":{\"reference\":\"Organization/"
                + name
                + "\"},\"input\":[" + named + "]}";
    }

    static String patient() {
        return create("{\"resourceType\":\"Patient\",\"gender\":\"female\"}");
    }

    void grant(String patient, String status, long version) {
        grantAs("t-" + patient, patient, status, version, "Patient/" + patient);
    }

    void grantAs(String task, String patient, String status, long version, String key) {
        String body = task(task, patient, status);
        Events.tell("referrals", Events.event(ResourceKey.of("Task", task), Change.UPDATED, version, key, body));
    }

    String task(String task, String patient, String status) {
        return "{\"resourceType\":\"Task\",\"id\":\"" + task + "\",\"status\":\"" + status
                + "\",\"intent\":\"order\",\"for\":{\"reference\":\"Patient/" + patient
                + "\"},\"owner\":{\"reference\":\"Organization/"
                + name + "\"}}";
    }

    static void tellTask(String patient, String body, long version) {
        Events.tell(
                "referrals",
                Events.event(
                        ResourceKey.of("Task", "t-" + patient), Change.UPDATED, version, "Patient/" + patient, body));
    }

    static void awaitOpen(String token, String patient) {
        await().atMost(PATIENCE)
                .until(() -> as(token).get("/fhir/Patient/{id}", patient).statusCode() == 200);
    }

    static void awaitShut(String token, String patient) {
        await().atMost(PATIENCE)
                .until(() -> as(token).get("/fhir/Patient/{id}", patient).statusCode() == 404);
    }
}
