package org.careloop.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.careloop.local.story.StoryPlatform;
import org.careloop.local.story.StoryPlatform.Answer;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * After all other tests of this module: whatever they told the platform of people, and whichever secrets they used, stands in
 * no log of any service or part and in nothing that is open for probes.
 */
@Order(Integer.MAX_VALUE)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class NothingLeaksIT {

    private static final String EHR = "riverside-ehr";
    private static final String LOCAL_SECRETS = "local-only-";

    /** Each service writes one, and each part. */
    private static final String[] LOGS = {
        "data/kafka/kafka.log",
        "data/keycloak/keycloak.log",
        "data/postgres/postgres.log",
        "logs/care-plans.log",
        "logs/gateway.log",
        "logs/patients.log",
        "logs/referrals.log",
        "logs/transitions.log"
    };

    private final WholePlatform platform = WholePlatform.shared();
    private final StoryPlatform users = platform.asUsersSeeIt();
    private final String mark = UUID.randomUUID().toString().substring(0, 8);

    /** A refusal is where a text is most easily repeated. */
    @Test
    @Order(1)
    void whatIsRefusedIsNotRepeated() {
        // Given
        String name = "Refusedname" + mark;
        String number = "refused-number-" + mark;
        RawHttp ehr = platform.raw(EHR);
        String patient = """
                {"resourceType":"Patient","identifier":[{"system":"urn:mrn","value":"%s"}],
                 "name":[{"family":"%s"}],"birthDate":"1931-02-29"}""".formatted(number, name);
        List<RawHttp.Answer> answers = new ArrayList<>();
        // When
        answers.add(ehr.send("POST", "Patient", Map.of(), patient));
        answers.add(ehr.send("POST", "Patient", Map.of(), patient.substring(0, patient.length() - 30)));
        answers.add(ehr.send("POST", "Patient", Map.of(), patient.replace("\"family\"", "\"famille\"")));
        answers.add(ehr.send("POST", "Patient", Map.of(), patient.replace(name, name + "\\u0000")));
        answers.add(ehr.send(
                "POST",
                "Patient",
                Map.of("Content-Type", "application/fhir+xml"),
                "<Patient xmlns=\"http://hl7.org/fhir\"><name><family value=\"" + name + "\"/></nam></Patient>"));
        for (String type : List.of("Encounter", "CarePlan", "ServiceRequest", "Condition")) {
            answers.add(ehr.send(
                    "POST",
                    type,
                    Map.of(),
                    "{\"resourceType\":\"" + type + "\",\"subject\":{\"display\":\"" + name + "\"},\"status\":\"?\"}"));
            answers.add(ehr.get(type + "?identifier=" + number + "&subject:Patient.family:sounds-like=" + name));
        }
        answers.add(ehr.get("Patient?birthdate=gt" + name + "&family=" + name));
        answers.add(ehr.get("Patient/" + number + "%00"));
        answers.add(ehr.send("PUT", "Patient?identifier=" + number + "&name:" + name + "=x", Map.of(), patient));
        answers.add(platform.bearing("eyJhbGciOiJub25lIn0." + name + ".x").get("Patient?family=" + name));
        answers.add(platform.anonymous().send("POST", "Patient", Map.of(), patient));
        String message = "MSH|^~\\&|GHADT|GENHOSP|CARELOOP|CARELOOP|2026||ADT^A01^ADT_A01|C" + mark
                + "|P|2.5.1\rPID|1||" + number + "^^^^MR||" + name + "^Rosa||notadate|F\rPV1|x";
        Answer overHttp = users.postHl7(users.token("general-hospital"), message);
        // Then
        assertThat(answers)
                .allSatisfy(
                        answer -> assertThat(answer.status()).as(answer.text()).isBetween(400, 499));
        assertThat(answers)
                .allSatisfy(
                        answer -> assertThat(answer.text()).doesNotContain(name).doesNotContain(number));
        assertThat(overHttp.text()).doesNotContain(name);
        assertThat(users.sendMllp(message.replace("|C" + mark, "|D" + mark))).doesNotContain(name);
        assertThat(Told.ofPeople()).contains(name, number, "1931-02-29");
    }

    @Test
    @Order(2)
    void noLogHoldsWhatWasToldOfPeople() {
        // When
        Map<String, String> logs = platform.logs();
        // Then
        assertThat(logs)
                .containsKeys(LOGS)
                .allSatisfy((file, text) ->
                        assertThat(Leaks.of(Told.ofPeople(), text)).as(file).isEmpty());
    }

    @Test
    @Order(2)
    void noLogHoldsASecret() {
        // When
        Map<String, String> logs = platform.logs();
        // Then
        assertThat(Told.secrets()).isNotEmpty();
        assertThat(logs)
                .allSatisfy((file, text) ->
                        assertThat(Leaks.ofSecrets(secrets(), text)).as(file).isEmpty());
    }

    @Test
    @Order(2)
    void whatIsOpenForProbesHoldsNeither() {
        // When
        Map<String, RawHttp.Answer> probes = platform.probes();
        // Then
        assertThat(probes.get("8981/q/health/ready").status()).isEqualTo(200);
        assertThat(probes).allSatisfy((address, answer) -> {
            assertThat(Leaks.of(Told.ofPeople(), answer.text())).as(address).isEmpty();
            assertThat(Leaks.ofSecrets(secrets(), answer.text())).as(address).isEmpty();
        });
    }

    /** Those of the local platform all begin alike; PostgreSQL's administrator has a random one. */
    private List<String> secrets() {
        return Stream.concat(Told.secrets().stream(), Stream.of(LOCAL_SECRETS, platform.databasePassword()))
                .toList();
    }
}
