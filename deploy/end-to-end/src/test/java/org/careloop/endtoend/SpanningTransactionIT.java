package org.careloop.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.careloop.local.story.StoryFailure;
import org.careloop.local.story.StoryPlatform;
import org.careloop.local.story.StoryPlatform.Answer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A transaction whose entries belong to several services: all of it or nothing, whoever is killed, and no reader sees half.
 *
 * @see <a href="https://hl7.org/fhir/R4/http.html#transaction">FHIR R4 transaction</a>
 */
class SpanningTransactionIT {

    private static final String EHR = "riverside-ehr";

    private final WholePlatform platform = WholePlatform.shared();
    private final StoryPlatform users = platform.asUsersSeeIt();
    private final String mark = UUID.randomUUID().toString().substring(0, 8);

    @Test
    void entriesOfFourServicesHoldTogetherAndReferToEachOther() {
        // When
        Answer answer = users.transaction(EHR, bundle("one"));
        // Then
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        assertThat(answer.json().path("entry")).hasSize(4);
        String patient = location(answer.json(), 0);
        assertThat(patient).startsWith("Patient/");
        for (int place = 1; place < 4; place++) {
            JsonNode resource = users.get(EHR, location(answer.json(), place)).json();
            assertThat(resource.at("/subject/reference").asText()).isEqualTo(patient);
        }
    }

    @Test
    void nothingHoldsWhenOneEntryIsRefused() {
        // Given
        String bundle = bundle("bad").replace("\"status\":\"in-progress\"", "\"status\":\"no-such-status\"");
        // When
        Answer answer = users.transaction(EHR, bundle);
        // Then
        assertThat(answer.status()).isIn(400, 422);
        assertThat(made("bad")).isEmpty();
    }

    @Test
    void refusalOfALaterServiceUndoesTheEarlierOnes() {
        // Given: transitions comes last, and refuses a version that is not current
        String bundle = bundle("late")
                .replace(
                        "{\"method\":\"POST\",\"url\":\"Encounter\"}",
                        "{\"method\":\"PUT\",\"url\":\"Encounter?identifier=urn:x|none-" + mark
                                + "\",\"ifMatch\":\"W/\\\"7\\\"\"}");
        // When
        Answer answer = users.transaction(EHR, bundle);
        // Then
        assertThat(answer.status()).as(answer.text()).isBetween(400, 499);
        assertThat(made("late")).isEmpty();
    }

    @Test
    void entryOfATypeThatNobodyHoldsIsNamed() {
        // When
        Answer answer = users.transaction(EHR, """
                {"resourceType":"Bundle","type":"transaction","entry":[
                 {"resource":{"resourceType":"Claim","status":"active"},"request":{"method":"POST","url":"Claim"}}]}""");
        // Then
        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.json().at("/issue/0/expression/0").asText()).isEqualTo("Bundle.entry[0].request.url");
    }

    @Test
    void parallelConditionalCreatesOfOnePatientMakeOne() throws Exception {
        // Given
        Callable<Answer> send = () -> users.transaction(
                EHR,
                bundle("same")
                        .replace(
                                "\"url\":\"Patient\"",
                                "\"url\":\"Patient\",\"ifNoneExist\":\"identifier=urn:spanning|same-" + mark + "\""));
        // When
        List<Answer> answers = inParallel(8, send);
        // Then
        assertThat(answers)
                .allSatisfy(
                        answer -> assertThat(answer.status()).as(answer.text()).isEqualTo(200));
        assertThat(users.get(EHR, "Patient?identifier=urn:spanning%7Csame-" + mark)
                        .json()
                        .path("entry"))
                .hasSize(1);
        assertThat(users.get(EHR, "Encounter?identifier=urn:spanning%7Csame-" + mark)
                        .json()
                        .path("entry"))
                .hasSize(8);
    }

    @Test
    void manyParallelConditionalCreatesMakeOnePatientAndLeaveNothingHalf() throws Exception {
        // Given
        String bundle = """
                {"resourceType":"Bundle","type":"transaction","entry":[
                 {"fullUrl":"urn:uuid:0b7c7a10-0000-4000-8000-000000000002","resource":{"resourceType":"Patient",
                  "identifier":[{"system":"urn:spanning","value":"many-%1$s"}]},
                  "request":{"method":"POST","url":"Patient","ifNoneExist":"identifier=urn:spanning|many-%1$s"}},
                 {"resource":{"resourceType":"ServiceRequest","identifier":[{"system":"urn:spanning","value":"many-%1$s"}],
                  "status":"active","intent":"order","code":{"text":"visit"},
                  "subject":{"reference":"urn:uuid:0b7c7a10-0000-4000-8000-000000000002"}},
                  "request":{"method":"POST","url":"ServiceRequest"}}]}""".formatted(mark);
        users.token(EHR);
        // When
        List<Answer> answers = inParallel(64, () -> users.transaction(EHR, bundle));
        // Then
        List<Answer> held =
                answers.stream().filter(answer -> answer.status() == 200).toList();
        assertThat(held).isNotEmpty();
        assertThat(answers).allSatisfy(SpanningTransactionIT::requireDoneOrToBeRepeated);
        String one = location(held.getFirst().json(), 0);
        assertThat(held)
                .allSatisfy(answer -> assertThat(location(answer.json(), 0)).isEqualTo(one));
        assertThat(created(held, 0)).isEqualTo(1);
        assertThat(users.get(EHR, "Patient?identifier=urn:spanning%7Cmany-" + mark)
                        .json()
                        .path("entry"))
                .hasSize(1);
        JsonNode requests = users.get(EHR, "ServiceRequest?_count=100&identifier=urn:spanning%7Cmany-" + mark)
                .json()
                .path("entry");
        assertThat(requests)
                .hasSize(held.size())
                .allSatisfy(entry -> assertThat(
                                entry.at("/resource/subject/reference").asText())
                        .isEqualTo(one));
    }

    /** Who is refused has to learn that it may try again, and nothing else. */
    private static void requireDoneOrToBeRepeated(Answer answer) {
        assertThat(answer.status()).as(answer.text()).isIn(200, 409, 412, 503);
        assertThat(answer.json().path("resourceType").asText())
                .isEqualTo(answer.status() == 200 ? "Bundle" : "OperationOutcome");
    }

    private static long created(List<Answer> held, int place) {
        return held.stream()
                .filter(answer -> answer.json()
                        .path("entry")
                        .path(place)
                        .at("/response/status")
                        .asText()
                        .startsWith("201"))
                .count();
    }

    private static List<Answer> inParallel(int clients, Callable<Answer> send) throws Exception {
        List<Answer> answers = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(clients)) {
            for (Future<Answer> future : threads.invokeAll(Collections.nCopies(clients, send))) {
                answers.add(future.get());
            }
        }
        return answers;
    }

    @Test
    void readersNeverSeeHalf() throws Exception {
        // Given: a patient and a goal, which every transaction changes together
        users.transaction(EHR, pair(0));
        AtomicBoolean writing = new AtomicBoolean(true);
        Set<String> halves = new ConcurrentSkipListSet<>();
        AtomicInteger looks = new AtomicInteger();
        Runnable reader = () -> {
            while (writing.get()) {
                int patient = number(users.get(EHR, "Patient/p-" + mark)
                        .json()
                        .at("/name/0/family")
                        .asText());
                int goal = number(users.get(EHR, "Goal/g-" + mark)
                        .json()
                        .at("/description/text")
                        .asText());
                int again = number(users.get(EHR, "Patient/p-" + mark)
                        .json()
                        .at("/name/0/family")
                        .asText());
                if (goal < patient || again < goal) {
                    halves.add(patient + " then " + goal + " then " + again);
                }
                looks.incrementAndGet();
            }
        };
        // When
        try (ExecutorService readers = Executors.newFixedThreadPool(3)) {
            List<Future<?>> reading = List.of(readers.submit(reader), readers.submit(reader), readers.submit(reader));
            try {
                for (int i = 1; i <= 60; i++) {
                    Answer answer = users.transaction(EHR, pair(i));
                    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
                }
            } finally {
                writing.set(false);
            }
            for (Future<?> done : reading) {
                done.get();
            }
        }
        // Then
        assertThat(halves).isEmpty();
        assertThat(looks.get()).isPositive();
    }

    @ParameterizedTest
    @ValueSource(strings = {"gateway", "patients", "transitions", "postgres"})
    void killInTheMiddleLeavesAllOrNothing(String victim) throws Exception {
        // Given
        AtomicBoolean sending = new AtomicBoolean(true);
        AtomicInteger number = new AtomicInteger();
        Set<String> told = new ConcurrentSkipListSet<>();
        Runnable sender = () -> {
            boolean answered = true;
            while (sending.get() && answered) {
                String name = victim + "-" + number.incrementAndGet();
                answered = holds(name);
                if (answered) {
                    told.add(name);
                }
            }
        };
        // When
        try (ExecutorService senders = Executors.newFixedThreadPool(4)) {
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                running.add(senders.submit(sender));
            }
            try {
                await().atMost(Duration.ofSeconds(60)).until(() -> told.size() >= 5);
                platform.kill(victim);
            } finally {
                sending.set(false);
            }
            for (Future<?> done : running) {
                done.get();
            }
        }
        platform.up();
        // Then
        for (int i = 1; i <= number.get(); i++) {
            String name = victim + "-" + i;
            await().atMost(Duration.ofSeconds(60))
                    .ignoreExceptions()
                    .until(() -> made(name).size() % 4 == 0);
            assertThat(made(name))
                    .as(name)
                    .hasSize(told.contains(name) ? 4 : made(name).size());
        }
    }

    private boolean holds(String name) {
        try {
            return users.transaction(EHR, bundle(name)).status() == 200;
        } catch (StoryFailure nobodyAnswers) {
            // What became of it is what the test looks at.
            return false;
        }
    }

    /** What holds of the bundle called {@code name}; fails when a service cannot tell. */
    private List<String> made(String name) {
        List<String> made = new ArrayList<>();
        for (String type : List.of("Patient", "Encounter", "CarePlan", "ServiceRequest")) {
            Answer answer = users.get(EHR, type + "?identifier=urn:spanning%7C" + name + "-" + mark);
            assertThat(answer.status()).as(answer.text()).isEqualTo(200);
            answer.json()
                    .path("entry")
                    .forEach(entry -> made.add(entry.path("fullUrl").asText()));
        }
        return made;
    }

    private String bundle(String name) {
        return """
                {"resourceType":"Bundle","type":"transaction","entry":[
                 {"fullUrl":"urn:uuid:0b7c7a10-0000-4000-8000-000000000001","resource":{"resourceType":"Patient",
                  "identifier":[{"system":"urn:spanning","value":"%1$s"}]},"request":{"method":"POST","url":"Patient"}},
                 {"resource":{"resourceType":"Encounter","identifier":[{"system":"urn:spanning","value":"%1$s"}],
                  "status":"in-progress","class":{"code":"IMP"},
                  "subject":{"reference":"urn:uuid:0b7c7a10-0000-4000-8000-000000000001"}},
                  "request":{"method":"POST","url":"Encounter"}},
                 {"resource":{"resourceType":"CarePlan","identifier":[{"system":"urn:spanning","value":"%1$s"}],
                  "status":"active","intent":"plan",
                  "subject":{"reference":"urn:uuid:0b7c7a10-0000-4000-8000-000000000001"}},
                  "request":{"method":"POST","url":"CarePlan"}},
                 {"resource":{"resourceType":"ServiceRequest","identifier":[{"system":"urn:spanning","value":"%1$s"}],
                  "status":"active","intent":"order","code":{"text":"visit"},
                  "subject":{"reference":"urn:uuid:0b7c7a10-0000-4000-8000-000000000001"}},
                  "request":{"method":"POST","url":"ServiceRequest"}}]}""".formatted(name + "-" + mark);
    }

    private String pair(int number) {
        return """
                {"resourceType":"Bundle","type":"transaction","entry":[
                 {"resource":{"resourceType":"Patient","id":"p-%1$s","name":[{"family":"N%2$d"}]},
                  "request":{"method":"PUT","url":"Patient/p-%1$s"}},
                 {"resource":{"resourceType":"Goal","id":"g-%1$s","lifecycleStatus":"active","description":{"text":"N%2$d"},
                  "subject":{"reference":"Patient/p-%1$s"}},"request":{"method":"PUT","url":"Goal/g-%1$s"}}]}""".formatted(mark, number);
    }

    private static int number(String text) {
        return Integer.parseInt(text.substring(1));
    }

    private static String location(JsonNode response, int place) {
        String location =
                response.path("entry").path(place).at("/response/location").asText();
        return location.substring(0, location.indexOf("/_history/"));
    }
}
