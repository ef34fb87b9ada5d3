package org.careloop.careplans;

import static io.restassured.RestAssured.given;
import static org.awaitility.Awaitility.await;

import io.restassured.response.Response;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Consumer;
import org.awaitility.core.ConditionFactory;
import org.careloop.careplans.domain.ProtocolApplication;
import org.careloop.eventcontracts.Change;
import org.careloop.eventcontracts.ResourceEvent;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.fhirmodel.ResourceKey;
import org.careloop.testkit.Events;
import org.careloop.testkit.Fhir;
import org.hl7.fhir.r4.model.CarePlan;
import org.hl7.fhir.r4.model.Resource;

/** The discharge of the golden files, with a patient and a stay of its own. */
public record DischargeScene(String patient, String stay) {

    /** What tells of a discharge. */
    static final List<String> REPORTS =
            List.of("patient-created", "encounter-finished", "risk-assessment", "episode-of-care-active");

    private static final String GOLDEN_PLAN = "17d6f52c-45aa-84de-a871-6158addb461f";
    private static final String GOLDEN_TASK = "86e7b2c1-3a42-82d0-a769-2ec19c2b9f0f";

    static DischargeScene fresh() {
        return new DischargeScene("p-" + UUID.randomUUID(), "s-" + UUID.randomUUID());
    }

    /** The golden files themselves. */
    public static DischargeScene golden() {
        return new DischargeScene("ada", "stay-1");
    }

    /** A golden file as if it were of this discharge. */
    public String json(String name) {
        return text(name)
                .replace("Patient/ada", "Patient/" + patient)
                .replace("\"ada\"", "\"" + patient + "\"")
                .replace("episode-1", "episode-of-" + stay)
                .replace("risk-1", "risk-of-" + stay)
                .replace("stay-1", stay)
                .replace(GOLDEN_TASK, "task-of-" + stay)
                .replace(GOLDEN_PLAN, planId());
    }

    public <T extends Resource> T resource(String name, Class<T> type) {
        return FhirJson.parse(type, json(name).getBytes(StandardCharsets.UTF_8));
    }

    String planId() {
        return ProtocolApplication.planIdOf(stay).value();
    }

    ResourceEvent event(String name) {
        return event(FhirJson.parse(json(name).getBytes(StandardCharsets.UTF_8)));
    }

    ResourceEvent event(Resource resource) {
        int version = Integer.parseInt(resource.getMeta().getVersionId());
        return Events.event(
                ResourceKey.of(resource.fhirType(), resource.getIdElement().getIdPart()),
                version == 1 ? Change.CREATED : Change.UPDATED,
                version,
                "Patient/" + patient,
                new String(FhirJson.write(resource), StandardCharsets.UTF_8));
    }

    static void tell(ResourceEvent event) {
        String service = switch (event.resource().type()) {
            case "Patient" -> "patients";
            case "Task", "ServiceRequest", "Practitioner", "PractitionerRole" -> "referrals";
            default -> "transitions";
        };
        Events.tell(service, event);
    }

    /** Tells of the discharge and waits for its plan. */
    DischargeScene planned() {
        REPORTS.forEach(name -> tell(event(name)));
        awaitPlan();
        return this;
    }

    void awaitPlan() {
        soon().until(() ->
                Fhir.coordinator().get("/fhir/CarePlan/{id}", planId()).statusCode() == 200);
    }

    CarePlan plan() {
        return read(CarePlan.class, planId());
    }

    static <T extends Resource> T read(Class<T> type, String id) {
        return FhirJson.parse(
                type,
                Fhir.coordinator()
                        .get("/fhir/{type}/{id}", type.getSimpleName(), id)
                        .asByteArray());
    }

    /** Puts a changed copy of what is stored, as coordinator. */
    static <T extends Resource> Response change(Class<T> type, String id, Consumer<T> change) {
        T resource = read(type, id);
        change.accept(resource);
        return Fhir.coordinator()
                .header("If-Match", "W/\"" + resource.getMeta().getVersionId() + "\"")
                .body(new String(FhirJson.write(resource), StandardCharsets.UTF_8))
                .put("/fhir/{type}/{id}", type.getSimpleName(), id);
    }

    static Response readAs(String token, String type, String id) {
        return given().auth().oauth2(token).get("/fhir/{type}/{id}", type, id);
    }

    static ConditionFactory soon() {
        return await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(100));
    }

    static String text(String name) {
        try (InputStream file = DischargeScene.class.getResourceAsStream("/golden/" + name + ".json")) {
            return new String(Objects.requireNonNull(file, name).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
