package org.careloop.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.careloop.local.story.StoryPlatform;
import org.careloop.local.story.StoryPlatform.Answer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Searches that lead from one service to another, and a type that all of them hold: an EHR does not notice that there are
 * several services.
 *
 * @see <a href="https://hl7.org/fhir/R4/search.html#chaining">FHIR R4 chained parameters</a>
 */
class OneServerIT {

    private static final String EHR = "riverside-ehr";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final StoryPlatform users = WholePlatform.shared().asUsersSeeIt();
    private final String mark = UUID.randomUUID().toString().substring(0, 8);

    @BeforeEach
    void twoPatientsOneWithAReferral() {
        put("""
                {"resourceType":"Patient","id":"ada-%1$s","identifier":[{"system":"urn:mrn","value":"ada-%1$s"}],
                 "name":[{"family":"Ada%1$s"}],"gender":"female"}""");
        put("""
                {"resourceType":"Patient","id":"ben-%1$s","name":[{"family":"Ben%1$s"}],"gender":"male"}""");
        put("""
                {"resourceType":"Organization","id":"org-%1$s","name":"Agency %1$s"}""");
        put("""
                {"resourceType":"ServiceRequest","id":"sr-%1$s","status":"active","intent":"order",
                 "subject":{"reference":"Patient/ada-%1$s"},"requester":{"reference":"Organization/riverside-clinic"},
                 "performer":[{"reference":"Organization/org-%1$s"}]}""");
        put("""
                {"resourceType":"Task","id":"task-%1$s","status":"requested","intent":"order",
                 "code":{"coding":[{"system":"http://hl7.org/fhir/CodeSystem/task-code","code":"fulfill"}]},
                 "authoredOn":"2026-11-24T10:00:00Z","focus":{"reference":"ServiceRequest/sr-%1$s"},
                 "for":{"reference":"Patient/ada-%1$s"},"owner":{"reference":"Organization/org-%1$s"},
                 "requester":{"reference":"Organization/riverside-clinic"}}""");
        put("""
                {"resourceType":"Condition","id":"condition-%1$s","subject":{"reference":"Patient/ada-%1$s"},
                 "code":{"text":"pain"}}""");
    }

    @ParameterizedTest
    @CsvSource({
        "Task?patient.identifier=urn:mrn%7Cada-{m}, Task/task-{m}",
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
                .isEqualTo(403);
    }

    @Test
    void provenanceWithoutTargetHereIsRefusedWithTheElement() {
        // When
        Answer answer = users.post(EHR, provenance("Patient"));
        // Then
        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.json().at("/issue/0/expression/0").asText()).isEqualTo("Provenance.target");
    }

    @Test
    void pagesOfSeveralServicesHoldEachResourceOnce() {
        // Given
        Set<String> made = new TreeSet<>();
        for (String target : List.of("Patient/ada-", "Task/task-", "Condition/condition-", "ServiceRequest/sr-")) {
            made.add("Provenance/" + provenanceOf(target + mark));
            made.add("Provenance/" + provenanceOf(target + mark));
        }
        List<String> seen = new ArrayList<>();
        Optional<String> page = Optional.of("Provenance?agent=Organization/org-" + mark + "&_count=3");
        // When
        while (page.isPresent()) {
            JsonNode bundle = users.get(EHR, page.get()).json();
            seen.addAll(found(bundle));
            page = next(bundle);
        }
        // Then
        assertThat(seen).containsExactlyInAnyOrderElementsOf(made);
    }

    @ParameterizedTest
    @CsvSource({"recorded, 0 1 2 3 4 5", "-recorded, 5 4 3 2 1 0"})
    void pagesOfSeveralServicesComeInTheOrderThatIsAskedFor(String sort, String order) {
        // Given: their times alternate between two services
        List<String> made = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            ObjectNode provenance = (ObjectNode) provenance((i % 2 == 0 ? "Patient/ada-" : "Task/task-") + mark);
            Answer answer = users.post(EHR, provenance.put("recorded", "2026-11-0" + (i + 1) + "T10:00:00Z"));
            made.add(answer.json().path("id").asText());
        }
        List<String> seen = new ArrayList<>();
        Optional<String> page = Optional.of("Provenance?agent=Organization/org-" + mark + "&_count=2&_sort=" + sort);
        // When
        while (page.isPresent()) {
            JsonNode bundle = users.get(EHR, page.get()).json();
            bundle.path("entry")
                    .forEach(entry -> seen.add(entry.at("/resource/id").asText()));
            page = next(bundle);
        }
        // Then
        assertThat(seen)
                .containsExactlyElementsOf(Arrays.stream(order.split(" "))
                        .map(Integer::parseInt)
                        .map(made::get)
                        .toList());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Patient/ada-{m}/*?_count=1",
                "Patient/ada-{m}/$everything?_type=Patient%2CCondition%2CServiceRequest%2CTask&_count=1",
                "?_type=Patient%2CCondition%2CServiceRequest%2CTask"
                        + "&_id=ada-{m}%2Ccondition-{m}%2Csr-{m}%2Ctask-{m}&_count=3",
                "?_type=Patient%2CCondition%2CServiceRequest%2CTask&_sort=-_lastUpdated"
                        + "&_id=ada-{m}%2Ccondition-{m}%2Csr-{m}%2Ctask-{m}&_count=3"
            })
    void pagesOfSeveralTypesHoldEachResourceOnceWhileOthersWrite(String query) {
        // Given
        Optional<String> page = Optional.of(query.replace("{m}", mark));
        List<String> seen = new ArrayList<>();
        // When
        while (page.isPresent()) {
            JsonNode bundle = users.get(EHR, page.get()).json();
            seen.addAll(found(bundle));
            page = next(bundle);
            put("""
                    {"resourceType":"Condition","id":"later-%1$s","subject":{"reference":"Patient/ben-%1$s"},
                     "code":{"text":"pain"}}""");
        }
        // Then
        assertThat(seen)
                .containsExactlyInAnyOrder(
                        "Patient/ada-" + mark,
                        "Condition/condition-" + mark,
                        "ServiceRequest/sr-" + mark,
                        "Task/task-" + mark);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Condition?subject=Patient/ada-{m}&_count=1",
                "Task?patient.family=Ada{m}&_count=1",
                "Patient/ada-{m}/*?_count=1",
                "Condition/condition-{m}/_history?_count=1",
                "_history?_count=1"
            })
    void linkToNextPageIsSealedForItsCaller(String query) {
        // Given
        for (String each : List.of("one", "two")) {
            put("""
                    {"resourceType":"Condition","id":"condition-%1$s","subject":{"reference":"Patient/ada-%1$s"},
                     "code":{"text":"EACH"}}""".replace("EACH", each));
            put("""
                    {"resourceType":"Condition","id":"EACH-%1$s","subject":{"reference":"Patient/ada-%1$s"},
                     "code":{"text":"pain"}}""".replace("EACH", each));
            put("""
                    {"resourceType":"Task","id":"task-EACH-%1$s","status":"requested","intent":"order",
                     "code":{"coding":[{"system":"http://hl7.org/fhir/CodeSystem/task-code","code":"fulfill"}]},
                     "authoredOn":"2026-11-24T10:00:00Z","focus":{"reference":"ServiceRequest/sr-%1$s"},
                     "for":{"reference":"Patient/ada-%1$s"},"owner":{"reference":"Organization/org-%1$s"},
                     "requester":{"reference":"Organization/riverside-clinic"}}""".replace("EACH", each));
        }
        // When
        String link = next(users.get(EHR, query.replace("{m}", mark)).json()).orElseThrow();
        // Then
        assertThat(link).matches("[^?]*\\?_page=[A-Za-z0-9_-]+");
        assertThat(users.get(EHR, link).status()).isEqualTo(200);
        assertThat(found(users.get(EHR, link).json()).size()).isLessThanOrEqualTo(1);
        assertThat(users.get("supervisor", link).status()).isEqualTo(403);
        char last = link.charAt(link.length() - 10);
        String changed =
                link.substring(0, link.length() - 10) + (last == 'A' ? 'B' : 'A') + link.substring(link.length() - 9);
        assertThat(users.get(EHR, changed).status()).isEqualTo(400);
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
    void includesOfAllThatIterateGoOnFromWhatTheyIncluded() {
        // Given
        String ofTask = provenanceOf("Task/task-" + mark);
        // When
        JsonNode bundle = users.get(EHR, "Provenance?_id=" + ofTask + "&_include:iterate=*")
                .json();
        // Then
        assertThat(found(bundle))
                .containsExactlyInAnyOrder(
                        "Provenance/" + ofTask,
                        "Task/task-" + mark,
                        "ServiceRequest/sr-" + mark,
                        "Patient/ada-" + mark,
                        "Organization/org-" + mark,
                        "Organization/riverside-clinic");
    }

    @Test
    void includesThatIterateEndInCyclesAndRefuseToGoTooDeep() {
        // Given
        put("""
                {"resourceType":"Organization","id":"a-%1$s","name":"A"}""");
        put("""
                {"resourceType":"Organization","id":"b-%1$s","name":"B","partOf":{"reference":"Organization/a-%1$s"}}""");
        put("""
                {"resourceType":"Organization","id":"a-%1$s","name":"A","partOf":{"reference":"Organization/b-%1$s"}}""");
        put("""
                {"resourceType":"Location","id":"l-12-%1$s","name":"L"}""");
        for (int i = 11; i >= 0; i--) {
            put("""
                    {"resourceType":"Location","id":"l-N-%1$s","name":"L","partOf":{"reference":"Location/l-M-%1$s"}}""".replace("N", Integer.toString(i)).replace("M", Integer.toString(i + 1)));
        }
        // When
        JsonNode cycle = users.get(EHR, "Organization?_id=a-%s&_include:iterate=Organization:partof".formatted(mark))
                .json();
        Answer deep = users.get(EHR, "Location?_id=l-0-%s&_include:iterate=Location:partof".formatted(mark));
        // Then
        assertThat(found(cycle)).containsExactly("Organization/a-" + mark, "Organization/b-" + mark);
        assertThat(deep.status()).isEqualTo(422);
        assertThat(deep.text()).contains("iterates too deep");
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
                   "intent":"order","subject":{"reference":"Patient?identifier=urn:mrn|ada-%1$s"},
                   "requester":{"reference":"Organization/riverside-clinic"}},
                  "request":{"method":"POST","url":"ServiceRequest"}},
                 {"resource":{"resourceType":"Condition","subject":{"reference":"Patient?identifier=urn:mrn|ada-%1$s"},
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
                String head = "GET /fhir/Patient?identifier=urn:mrn|ada-" + mark + " HTTP/1.1\r\nHost: localhost\r\n"
                        + "Connection: close\r\nAuthorization: Bearer " + users.token(EHR) + "\r\n\r\n";
                socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
                answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            }
            // Then
            assertThat(answer).startsWith("HTTP/1.1 200 ").contains("\"id\":\"ada-" + mark + "\"");
        }
    }

    @Test
    void partsOfIncludedResourcesAreShownToo() {
        // When
        JsonNode bundle = users.get(
                        EHR,
                        "Task?_id=task-%s&_include=Task:patient&_elements=Task.status,Patient.gender".formatted(mark))
                .json();
        // Then
        assertThat(bundle.findValues("gender")).hasSize(1);
        assertThat(bundle.findValues("family")).isEmpty();
    }

    private void put(String json) {
        JsonNode resource = parse(json.formatted(mark));
        Answer answer = users.put(EHR, resource, Optional.empty());
        assertThat(answer.status()).as(answer.text()).isIn(200, 201);
    }

    private String provenanceOf(String target) {
        Answer answer = users.post(EHR, provenance(target));
        assertThat(answer.status()).as(answer.text()).isEqualTo(201);
        return answer.json().path("id").asText();
    }

    private JsonNode provenance(String target) {
        return parse("""
                {"resourceType":"Provenance","target":[{"reference":"%s"}],"recorded":"2026-11-24T10:00:00Z",
                 "agent":[{"who":{"reference":"Organization/org-%s"}}]}""".formatted(target, mark));
    }

    private static Set<String> found(JsonNode bundle) {
        Set<String> found = new TreeSet<>();
        bundle.path("entry")
                .forEach(entry -> found.add(entry.at("/resource/resourceType").asText() + "/"
                        + entry.at("/resource/id").asText()));
        assertThat(found).hasSize(bundle.path("entry").size());
        return found;
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

    private static Optional<String> next(JsonNode bundle) {
        for (JsonNode link : bundle.path("link")) {
            if (link.path("relation").asText().equals("next")) {
                String url = link.path("url").asText();
                return Optional.of(
                        url.substring(url.indexOf("/fhir") + "/fhir".length()).replaceFirst("^/", ""));
            }
        }
        return Optional.empty();
    }

    private static JsonNode parse(String json) {
        try {
            return JSON.readTree(json);
        } catch (IOException e) {
            throw new IllegalArgumentException("the test's own JSON", e);
        }
    }
}
