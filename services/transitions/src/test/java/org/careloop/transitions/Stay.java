package org.careloop.transitions;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
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
import org.awaitility.core.ConditionFactory;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.testkit.Fhir;
import org.careloop.testkit.Tokens;
import org.careloop.transitions.domain.TransitionEpisode;
import org.hl7.fhir.r4.model.Encounter;
import org.hl7.fhir.r4.model.EpisodeOfCare;
import org.hl7.fhir.r4.model.RiskAssessment;

/**
 * One stay of one patient at General Hospital, with numbers of its own, from 3 to 7 March 2026.
 *
 * @param number the medical record number
 * @param visit the visit number
 */
public record Stay(String number, String visit) {

    public static final String MEDIA_TYPE = "application/hl7-v2";
    private static final String VISITS = "https://careloop.org/fhir/sid/general-hospital/visit";

    public static Stay fresh() {
        return new Stay("MRN" + token(), "V" + token());
    }

    /** Another stay of the same patient. */
    public Stay next() {
        return new Stay(number, "V" + token());
    }

    public String admission() {
        return message("hl7/a01-admission.hl7");
    }

    public String discharge() {
        return message("hl7/a03-discharge.hl7");
    }

    /** An A13, A11 or A08 that happened at {@code time}, of the admission's content. */
    public String event(String code, String time) {
        return admission()
                .replace("ADT^A01^ADT_A01", "ADT^" + code)
                .replace(
                        "EVN|A01|20260303083010-0500||||20260303081500-0500",
                        "EVN|" + code + "|" + time + "||||" + time);
    }

    private String message(String resource) {
        return resource(resource)
                .replace('\n', '\r')
                .replace("MRN100234", number)
                .replace("V2026-77001", visit)
                .replaceAll("GH000000[12]", "C" + token())
                .replace("20261112", "20260303")
                .replace("20261118140000", "20260307150000")
                .replace("20261118", "20260307");
    }

    /** The control id of a message, MSH-10. */
    public static String controlId(String message) {
        return message.split("\\|")[9];
    }

    /** Sends by HTTP as General Hospital. */
    static Response send(String message) {
        return send(Tokens.eventSource(), message);
    }

    static Response send(String token, String message) {
        return given().auth()
                .oauth2(token)
                .contentType(MEDIA_TYPE)
                .body(message.getBytes(StandardCharsets.UTF_8))
                .post("/hl7v2");
    }

    /** Sends and holds when it is acknowledged. */
    public void tell(String message) {
        Response answer = send(message);
        assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(200);
    }

    public Encounter encounter() {
        return FhirJson.parse(
                Encounter.class,
                Fhir.as(Tokens.service())
                        .get("/fhir/Encounter/{id}", encounterId())
                        .asByteArray());
    }

    public boolean isKnown() {
        return !found("Encounter?identifier=" + VISITS + "%7C" + visit).isEmpty();
    }

    String encounterId() {
        return found("Encounter?identifier=" + VISITS + "%7C" + visit).getFirst();
    }

    public String status() {
        return isKnown() ? encounter().getStatus().toCode() : "none";
    }

    public void awaitStatus(String status) {
        soon().untilAsserted(() -> assertThat(status()).isEqualTo(status));
    }

    String episodeId() {
        return TransitionEpisode.idOf(encounterId()).value();
    }

    EpisodeOfCare episode() {
        return FhirJson.parse(
                EpisodeOfCare.class,
                Fhir.as(Tokens.service())
                        .get("/fhir/EpisodeOfCare/{id}", episodeId())
                        .asByteArray());
    }

    RiskAssessment risk() {
        return FhirJson.parse(
                RiskAssessment.class,
                Fhir.as(Tokens.service())
                        .get("/fhir/RiskAssessment/{id}", riskId())
                        .asByteArray());
    }

    String riskId() {
        return found("RiskAssessment?method=lace&patient=" + InMemoryPatients.idOf(number))
                .getFirst();
    }

    /** Admitted and discharged, with all effects. */
    Stay discharged() {
        tell(admission());
        tell(discharge());
        awaitStatus("finished");
        return this;
    }

    public static ConditionFactory soon() {
        return await().atMost(Duration.ofSeconds(30)).pollInterval(Duration.ofMillis(100));
    }

    static String resource(String name) {
        try (InputStream file = Stay.class.getClassLoader().getResourceAsStream(name)) {
            return new String(Objects.requireNonNull(file, name).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String token() {
        return UUID.randomUUID().toString().substring(0, 18).replace("-", "");
    }

    /** What the platform itself sees: whose patient it is, is of no matter here. */
    private static List<String> found(String url) {
        return Fhir.matches(Fhir.search(Tokens.service(), url));
    }
}
