package org.careloop.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.TreeSet;
import org.careloop.local.story.StoryPlatform.Answer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Searches that lead from one service to another, and a type that all of them hold: an EHR does not notice that there are
 * several services.
 *
 * @see <a href="https://hl7.org/fhir/R4/search.html#chaining">FHIR R4 chained parameters</a>
 */
class OneServerIT extends AdaAndBen {

    @ParameterizedTest
    @CsvSource({
        "Task?patient.identifier=urn:mrn%7Cmrn-{m}, Task/task-{m}",
        "Task?patient.identifier=urn:mrn%7Cother-{m}, ''",
        "Task?subject:Patient.family=ada{m}&owner=Organization/org-{m}, Task/task-{m}",
        "Task?focus:ServiceRequest.subject:Patient.family=Ada{m}, Task/task-{m}",
        "Condition?subject:Patient._has:Task:patient:owner:Organization.name=Agency {m}, Condition/condition-{m}",
        "Patient?_has:Task:patient:owner=Organization/org-{m}, Patient/ada-{m}",
        "Patient?_has:Task:patient:owner=Organization/org-{m}&family=Ben{m}, ''",
        "Patient?family=Ada{m}&_revinclude=Task:patient, Patient/ada-{m} Task/task-{m}",
        "Task?_id=task-{m}&_include=Task:patient&_include=Task:focus,"
                + " Patient/ada-{m} ServiceRequest/sr-{m} Task/task-{m}",
        "Task?_id=task-{m}&_include=Task:focus:ServiceRequest&_include=Task:owner:Practitioner,"
                + " ServiceRequest/sr-{m} Task/task-{m}",
        "Task?_id=task-{m}&_include=*, Organization/org-{m} Organization/riverside-clinic Patient/ada-{m}"
                + " ServiceRequest/sr-{m} Task/task-{m}",
        "Task?_id=task-{m}&_include:iterate=Task:focus&_include:iterate=ServiceRequest:subject,"
                + " Patient/ada-{m} ServiceRequest/sr-{m} Task/task-{m}",
        "Patient?_id=ada-{m}&_revinclude=ServiceRequest:subject&_revinclude:recurse=Task:focus"
                + "&_include:iterate=Task:owner, Organization/org-{m} Patient/ada-{m} ServiceRequest/sr-{m} Task/task-{m}",
        "Patient/ada-{m}/Task, Task/task-{m}",
        "Patient/ada-{m}/Task?status=accepted, ''",
        "Patient/ada-{m}/Task?owner:Organization.name=Agency {m}, Task/task-{m}",
        "Patient/ben-{m}/Task, ''",
        "Patient/ada-{m}/*, Condition/condition-{m} Patient/ada-{m} ServiceRequest/sr-{m} Task/task-{m}",
        "Patient/ada-{m}/*?_type=Condition%2CTask, Condition/condition-{m} Task/task-{m}",
        "?_type=Task%2CPatient&_id=task-{m}%2Cben-{m}%2Corg-{m}, Patient/ben-{m} Task/task-{m}",
        "?_id=ada-{m}%2Corg-{m}, Organization/org-{m} Patient/ada-{m}",
        "?_type=ServiceRequest%2CCondition&subject=Patient/ada-{m}, Condition/condition-{m} ServiceRequest/sr-{m}",
        "Patient/ada-{m}/$everything, Condition/condition-{m} Organization/org-{m} Organization/riverside-clinic"
                + " Patient/ada-{m} ServiceRequest/sr-{m} Task/task-{m}",
        "Patient/ada-{m}/$everything?_type=Task, Task/task-{m}",
        "Patient/ada-{m}/$everything?_type=Task&start=2026-11-24&end=2026-11-24, Task/task-{m}",
        "Patient/ada-{m}/$everything?_type=Task&start=2026-11-25, ''",
        "Patient/ben-{m}/$everything, Patient/ben-{m}"
    })
    void searchesAcrossServices(String query, String expected) {
        // When
        Answer answer = users.get(EHR, query.replace("{m}", mark).replace(" ", "%20"));
        // Then
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        assertThat(found(answer.json())).isEqualTo(expected(expected));
    }

    @Test
    void provenanceIsStoredBesideItsTargetAndFoundWhereverItIs() {
        // Given
        String ofPatient = provenanceOf("Patient/ada-" + mark);
        String ofTask = provenanceOf("Task/task-" + mark);
        // When
        JsonNode byTarget =
                users.get(EHR, "Provenance?target=Task/task-" + mark).json();
        JsonNode beside = users.get(
                        EHR, "Task?_id=task-%1$s&_include=Task:patient&_revinclude=Provenance:target".formatted(mark))
                .json();
        // Then
        assertThat(found(byTarget)).containsExactly("Provenance/" + ofTask);
        assertThat(found(beside))
                .containsExactlyInAnyOrder("Task/task-" + mark, "Patient/ada-" + mark, "Provenance/" + ofTask);
        assertThat(users.get(EHR, "Provenance/" + ofPatient).status()).isEqualTo(200);
        assertThat(users.get(EHR, "Provenance/" + ofTask + "/_history/1").status())
                .isEqualTo(200);
        assertThat(users.get(EHR, "Provenance/none-" + mark).status()).isEqualTo(404);
        assertThat(users.get("harbor-home-health", "Provenance/" + ofPatient).status())
                .isEqualTo(404);
    }

    @Test
    void provenanceWithoutTargetHereIsRefusedWithTheElement() {
        // When
        Answer answer = users.post(EHR, provenance("Patient"));
        // Then
        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.json().at("/issue/0/expression/0").asText()).isEqualTo("Provenance.target");
    }

    @ParameterizedTest
    @CsvSource({
        "Organization/org-{m}/Task, 400",
        "Patient/ada-{m}/Organization, 400",
        "Patient/ada-{m}/Claim, 404",
        "Patient/none-{m}/$everything, 404",
        "Patient/ada-{m}/$everything?name=x, 400",
        "?_type=Task&name=x, 400",
        "?_type=Claim, 400",
        "?family=x, 400"
    })
    void refusesWhatNoServiceCouldAnswer(String query, int status) {
        assertThat(users.get(EHR, query.replace("{m}", mark)).status()).isEqualTo(status);
    }

    @Test
    void partnerSeesOfEverythingWhatIsOpenToIt() {
        assertThat(users.get("harbor-home-health", "Patient/ada-%s/$everything".formatted(mark))
                        .status())
                .isIn(403, 404);
        assertThat(found(users.get("harbor-home-health", "Patient/$everything?_count=500")
                        .json()))
                .doesNotContain("Patient/ada-" + mark, "Condition/condition-" + mark);
    }

    @Test
    void transactionFindsReferencesByCriteriaWhereverTheyAreAndReadsAfterwards() {
        // When
        Answer answer = users.transaction(EHR, """
                {"resourceType":"Bundle","type":"transaction","entry":[
                 {"request":{"method":"GET","url":"ServiceRequest?identifier=by-%1$s&_include=ServiceRequest:subject"}},
                 {"resource":{"resourceType":"ServiceRequest","identifier":[{"value":"by-%1$s"}],"status":"active",
                   "intent":"order","subject":{"reference":"Patient?identifier=urn:mrn|mrn-%1$s"},
                   "requester":{"reference":"Organization/riverside-clinic"}},
                  "request":{"method":"POST","url":"ServiceRequest"}},
                 {"resource":{"resourceType":"Condition","subject":{"reference":"Patient?identifier=urn:mrn|mrn-%1$s"},
                   "code":{"text":"pain"}},"request":{"method":"POST","url":"Condition"}}]}""".formatted(mark));
        // Then
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        assertThat(answer.json().at("/entry/1/response/status").asText()).startsWith("201");
        assertThat(answer.json()
                        .at("/entry/0/resource/entry/0/resource/subject/reference")
                        .asText())
                .isEqualTo("Patient/ada-" + mark);
        assertThat(answer.json().at("/entry/0/resource/entry/1/resource/id").asText())
                .isEqualTo("ada-" + mark);
    }

    @Test
    void takesTheBarOfATokenAsItIsAtTheGatewayAndAtAService() throws IOException {
        for (int port : WholePlatform.shared().openPorts()) {
            // When
            String answer;
            try (Socket socket = new Socket("localhost", port)) {
                String head = "GET /fhir/Patient?identifier=urn:mrn|mrn-" + mark + " HTTP/1.1\r\nHost: localhost\r\n"
                        + "Connection: close\r\nAuthorization: Bearer " + users.token(EHR) + "\r\n\r\n";
                socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
                answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            }
            // Then
            assertThat(answer).startsWith("HTTP/1.1 200 ").contains("\"id\":\"ada-" + mark + "\"");
        }
    }

    private Set<String> expected(String list) {
        Set<String> expected = new TreeSet<>();
        for (String each : list.replace("{m}", mark).split(" ")) {
            if (!each.isEmpty()) {
                expected.add(each);
            }
        }
        return expected;
    }
}
