package org.careloop.referrals;

import static org.assertj.core.api.Assertions.assertThat;
import static org.careloop.referrals.Scene.as;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.testkit.RealParts;
import org.careloop.testkit.Tokens;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Patient;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Resource;
import org.hl7.fhir.r4.model.Task;
import org.hl7.fhir.r4.model.Task.TaskStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whole conversations of two requesters and three agencies, in random order and at the same time, held against a model of SDOHCC's
 * table that shares nothing with the service's.
 */
@QuarkusTest
@QuarkusTestResource(value = RealParts.class, initArgs = @ResourceArg(name = RealParts.DATABASE, value = "referrals"))
class ConversationsApiTest {

    private static final List<String> REQUESTERS = List.of("riverside-clinic", "bayside-hospital");
    private static final List<String> AGENCIES = List.of("talk-one", "talk-two", "talk-three");
    private static final int STEPS = 25;

    /** From, to, who: R the requester, T the target, B both. */
    private static final List<String> TABLE = List.of(
            "draft requested R",
            "requested accepted T",
            "requested rejected T",
            "requested cancelled B",
            "accepted in-progress T",
            "accepted on-hold T",
            "accepted cancelled B",
            "accepted completed T",
            "accepted failed T",
            "in-progress on-hold T",
            "in-progress cancelled B",
            "in-progress completed T",
            "in-progress failed T",
            "on-hold in-progress T",
            "on-hold cancelled B",
            "on-hold completed T",
            "on-hold failed T",
            "draft entered-in-error R",
            "requested entered-in-error R",
            "accepted entered-in-error R",
            "in-progress entered-in-error R",
            "on-hold entered-in-error R",
            "rejected entered-in-error R",
            "cancelled entered-in-error R",
            "failed entered-in-error R",
            "completed entered-in-error R");

    private static final Map<String, String> WHO = TABLE.stream()
            .map(row -> row.split(" "))
            .collect(Collectors.toMap(row -> row[0] + " " + row[1], row -> row[2]));

    private static final List<TaskStatus> STATUSES = Arrays.stream(TaskStatus.values())
            .filter(status -> status != TaskStatus.NULL)
            .toList();

    /** One referral as the model has it. */
    private static final class Referral {
        private final String requester;
        private final String owner;
        private final String request;
        private final String task;
        private String status;
        private String requestStatus = "active";

        Referral(String requester, String owner, String request, String task, String status) {
            this.requester = requester;
            this.owner = owner;
            this.request = request;
            this.task = task;
            this.status = status;
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void everyStepIsTakenOrRefusedAsTheModelSays(long seed) throws Exception {
        // Given
        Random random = new Random(seed);
        List<Callable<Void>> conversations = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            Referral referral = referral(random);
            Random own = new Random(random.nextLong());
            conversations.add(() -> {
                for (int step = 0; step < STEPS; step++) {
                    step(referral, own);
                }
                return null;
            });
        }
        // When, Then
        try (ExecutorService parties = Executors.newFixedThreadPool(4)) {
            for (Future<Void> conversation : parties.invokeAll(conversations)) {
                conversation.get();
            }
        }
    }

    /** Whoever speaks at the same time, each answer is what the table says of the version that it was about. */
    @Test
    void ofThoseWhoSpeakAtOnceOneIsHeardAndTheOthersAreToldSo() throws Exception {
        for (int round = 0; round < 5; round++) {
            Referral referral = referral(new Random(round));
            if (referral.status.equals("draft")) {
                move(referral, referral.requester, "requested", true, true);
            }
            move(referral, referral.owner, "accepted", true, true);
            List<Callable<Integer>> voices = Stream.of("in-progress", "on-hold", "completed", "failed", "cancelled")
                    .<Callable<Integer>>map(status -> () ->
                            move(referral, referral.owner, status, true, true).statusCode())
                    .toList();
            // When
            List<Integer> answers = new ArrayList<>();
            try (ExecutorService parties = Executors.newFixedThreadPool(voices.size())) {
                for (Future<Integer> answer : parties.invokeAll(voices)) {
                    answers.add(answer.get());
                }
            }
            // Then each change is one version, and each is a step of the table
            List<String> history = as(Tokens.service())
                    .get("/fhir/Task/{id}/_history", referral.task)
                    .path("entry.resource.status");
            assertThat(answers.stream().filter(status -> status == 200)).hasSize(history.indexOf("accepted"));
            assertThat(answers).allMatch(status -> List.of(200, 409, 412, 422).contains(status));
            for (int i = 0; i + 1 < history.size(); i++) {
                String step = history.get(i + 1) + " " + history.get(i);
                assertThat(WHO).as("%s of %s", step, history).containsKey(step);
            }
        }
    }

    private void step(Referral referral, Random random) {
        String who = pick(
                random, Stream.concat(REQUESTERS.stream(), AGENCIES.stream()).toList());
        String to = pick(random, STATUSES).toCode();
        boolean reason = random.nextInt(4) > 0;
        boolean output = random.nextInt(3) > 0;
        boolean sees = who.equals(referral.requester) || who.equals(referral.owner);
        String said = "%s says %s of %s (reason %s, output %s)".formatted(who, to, referral.status, reason, output);
        // When
        Response answer = move(referral, who, to, reason, output);
        // Then
        if (!sees) {
            assertThat(answer.statusCode()).as(said).isIn(403, 404);
        } else if (to.equals(referral.status)) {
            // An edit that moves nothing: whether it is one, the status does not tell.
            assertThat(answer.statusCode()).as(said).isIn(200, 422);
        } else {
            boolean allowed = isAllowed(referral, who, to, reason, output);
            assertThat(answer.statusCode()).as(said + ": " + answer.asString()).isEqualTo(allowed ? 200 : 422);
            if (allowed) {
                referral.status = to;
                if (to.equals("completed")) {
                    referral.requestStatus = "completed";
                }
            }
        }
        assertThat(as(Tokens.service()).get("/fhir/Task/{id}", referral.task).<String>path("status"))
                .as(said)
                .isEqualTo(referral.status);
        assertThat(as(Tokens.service())
                        .get("/fhir/ServiceRequest/{id}", referral.request)
                        .<String>path("status"))
                .as(said)
                .isEqualTo(referral.requestStatus);
    }

    private static boolean isAllowed(Referral referral, String who, String to, boolean reason, boolean output) {
        String by = WHO.getOrDefault(referral.status + " " + to, "");
        boolean may = by.equals("B")
                || by.equals("R") && who.equals(referral.requester)
                || by.equals("T") && who.equals(referral.owner);
        boolean needsReason = List.of("rejected", "cancelled", "on-hold", "failed", "entered-in-error")
                .contains(to);
        boolean needsOutput = to.equals("completed");
        return may && (reason || !needsReason) && (output || !needsOutput);
    }

    /** Reads the Task as {@code service} would, and puts it back as {@code who}, who may not see it. */
    private static Response move(Referral referral, String who, String to, boolean reason, boolean output) {
        Response current = as(Tokens.service()).get("/fhir/Task/{id}", referral.task);
        Task task = FhirJson.parse(Task.class, current.body().asByteArray());
        boolean ended = List.of("rejected", "cancelled", "failed", "completed", "entered-in-error")
                .contains(task.getStatus().toCode());
        task.setStatus(TaskStatus.fromCode(to));
        if (!ended) {
            task.setStatusReason(reason ? new CodeableConcept().setText("Because") : null);
            if (who.equals(referral.owner)) {
                // What it has reported nobody else takes away.
                task.setOutput(null);
            }
            if (output) {
                task.addOutput()
                        .setType(new CodeableConcept().setText("Result"))
                        .setValue(new Reference("Procedure/p-1"));
            }
        }
        return Scene.put(token(who), task, current.header("ETag"));
    }

    private static Referral referral(Random random) {
        String requester = pick(random, REQUESTERS);
        String owner = pick(random, AGENCIES);
        String patient = Scene.ofNewService().patient();
        Patient person = new Patient();
        person.setId(patient);
        person.setManagingOrganization(new Reference("Organization/" + requester));
        Bus.tellFirst(person);
        String request =
                created(requester, Orders.request(patient).setRequester(new Reference("Organization/" + requester)));
        boolean draft = random.nextBoolean();
        Task task = Orders.task(patient, request)
                .setRequester(new Reference("Organization/" + requester))
                .setOwner(new Reference("Organization/" + owner));
        return new Referral(
                requester,
                owner,
                request,
                created(requester, draft ? task.setStatus(TaskStatus.DRAFT) : task),
                draft ? "draft" : "requested");
    }

    private static String created(String requester, Resource resource) {
        Response answer = as(token(requester)).body(FhirJson.write(resource)).post("/fhir/" + resource.fhirType());
        assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(201);
        return answer.path("id");
    }

    private static String token(String organization) {
        return AGENCIES.contains(organization)
                ? Tokens.partner(organization)
                : Tokens.token("ehr-" + organization, "coordinator", organization, "system/*.cruds");
    }

    private static <T> T pick(Random random, List<T> some) {
        return some.get(random.nextInt(some.size()));
    }
}
