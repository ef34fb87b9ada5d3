package org.careloop.local.story;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.careloop.local.story.StoryPlatform.Answer;

/**
 * One discharge from the hospital's message to the agency's poll and back. Every step is checked; the first that does not
 * hold fails with {@link StoryFailure}.
 */
public final class DischargeStory {

    private static final String EHR = "riverside-ehr";
    private static final String HOSPITAL = "general-hospital";
    private static final String AGENCY = "harbor-home-health";
    private static final String OTHER_AGENCY = "safe-rides";
    private static final String CASE_MANAGER = "case-manager";
    private static final String MILESTONE_SYSTEM = "https://careloop.org/fhir/CodeSystem/milestone";

    private final StoryPlatform platform;
    private final Narrator narrator;
    private final Expect expect;
    private final Stay stay;

    /** The story of {@code stay} on {@code platform}, told to {@code out}. */
    public DischargeStory(StoryPlatform platform, Stay stay, PrintStream out) {
        this.platform = platform;
        this.narrator = new Narrator(out);
        this.expect = new Expect(platform);
        this.stay = stay;
    }

    /** What the story left behind, for who looks further. */
    public record Ending(String patient, String encounter, String plan, String task, String request, String episode) {}

    /** Plays all chapters. */
    public Ending play() {
        fillDirectory();
        admit();
        discharge();
        JsonNode encounter = transitionOpens();
        Referral referral = agencyIsAsked();
        JsonNode task = agencyWorks(referral);
        coordinatorCalls(encounter);
        loopCloses(referral, encounter, task);
        badInputIsRefused(task);
        return ending(encounter, task);
    }

    /** The directory of agencies, written by the coordinating organisation; writing it again changes nothing. */
    public void fillDirectory() {
        narrator.chapter("The directory: who offers what, and where");
        for (JsonNode entry : StoryPlatform.parse(resource("/story/directory.json"))) {
            Answer answer = expect.status(platform.put(EHR, entry, Optional.empty()), 200, 201);
            narrator.tell(EHR, "puts", answer.json());
        }
    }

    /** The admission, over MLLP. */
    public void admit() {
        narrator.chapter("Admission: ADT^A01 over MLLP");
        narrator.hospitalSends();
        String acknowledgement = platform.sendMllp(stay.admission());
        expect.acknowledged(acknowledgement, "AA");
        narrator.tell(HOSPITAL, "ADT^A01 acknowledged with AA");
        narrator.tell("patients", "knows", expect.one(EHR, patientQuery(), Expect.ANY));
        narrator.tell(
                "transitions",
                "follows",
                expect.one(
                        EHR,
                        encounterQuery(),
                        found -> found.path("status").asText().equals("in-progress")));
    }

    /** The discharge, over HTTP, told twice: the repeat over MLLP is acknowledged and has no second effect. */
    public void discharge() {
        narrator.chapter("Discharge home with home health: ADT^A03 over HTTP");
        narrator.hospitalSends();
        Answer answer = expect.status(platform.postHl7(platform.token(HOSPITAL), stay.discharge()), 200);
        expect.acknowledged(answer.text(), "AA");
        narrator.tell(HOSPITAL, "ADT^A03 acknowledged with AA");
        expect.acknowledged(platform.sendMllp(stay.discharge()), "AA");
        narrator.tell(HOSPITAL, "the same ADT^A03 again, over MLLP: AA, no second effect");
    }

    /** Patient, encounter, risk, episode, plan, goals, team and follow-up Tasks are there. */
    public JsonNode transitionOpens() {
        narrator.chapter("The transition opens");
        JsonNode patient = expect.one(EHR, patientQuery(), Expect.ANY);
        JsonNode encounter = expect.one(
                EHR, encounterQuery(), found -> found.path("status").asText().equals("finished"));
        narrator.tell("transitions", "finished the stay", encounter);
        String of = "?patient=Patient/" + patient.path("id").asText();
        JsonNode risk = expect.one(EHR, "RiskAssessment" + of + "&method=lace", found -> found.has("prediction"));
        narrator.tell(
                "transitions",
                "LACE: " + risk.path("prediction").path(0).path("rationale").asText(),
                risk);
        narrator.tell(
                "transitions",
                "opened the transition",
                expect.one(
                        EHR,
                        "EpisodeOfCare" + of,
                        found -> found.path("status").asText().equals("active")));
        narrator.tell(
                "care-plans",
                "made the plan from protocols",
                expect.one(
                        EHR,
                        "CarePlan" + of,
                        found -> found.path("status").asText().equals("active")));
        for (JsonNode goal : expect.atLeast(EHR, "Goal" + of, 3)) {
            narrator.tell(
                    "care-plans",
                    "set the goal «" + goal.path("description").path("text").asText() + "»",
                    goal);
        }
        narrator.tell("care-plans", "formed the team", expect.one(EHR, "CareTeam" + of, Expect.ANY));
        for (String milestone : List.of("outreach", "medication-reconciliation", "follow-up-visit")) {
            JsonNode task = expect.one(EHR, "Task" + of + "&code=" + MILESTONE_SYSTEM + "%7C" + milestone, Expect.ANY);
            String due = task.path("restriction").path("period").path("end").asText();
            narrator.tell("referrals", milestone + " is due " + due, task);
        }
        return encounter;
    }

    /** A referral as the agency sees it first. */
    public record Referral(JsonNode task, JsonNode request) {}

    /** The agency polls with its own token and sees the referral; no other agency does. */
    public Referral agencyIsAsked() {
        narrator.chapter("The agency polls with its own token");
        JsonNode patient = expect.one(EHR, patientQuery(), Expect.ANY);
        String poll = "Task?owner=Organization/" + AGENCY + "&status=requested&_lastUpdated=gt" + stay.startOfPolling();
        JsonNode task = expect.one(
                AGENCY, poll + "&patient=Patient/" + patient.path("id").asText(), Expect.ANY);
        narrator.tell(AGENCY, "sees", task);
        String path = "Task/" + task.path("id").asText();
        expect.status(platform.get(OTHER_AGENCY, path), 404);
        JsonNode others = expect.status(
                        platform.get(OTHER_AGENCY, poll.replace(AGENCY, OTHER_AGENCY) + "&_total=accurate"), 200)
                .json();
        expect.that(others.path("total").asInt() == 0, "another agency sees none of it");
        narrator.tell(OTHER_AGENCY, "sees nothing of it (404, empty page)");
        JsonNode request = expect.status(
                        platform.get(
                                AGENCY, task.path("focus").path("reference").asText()),
                        200)
                .json();
        narrator.tell(AGENCY, "reads", request);
        narrator.tell(
                AGENCY,
                "reads",
                expect.eventually(AGENCY, "Patient/" + patient.path("id").asText()));
        return new Referral(task, request);
    }

    /** The agency accepts, starts, reports a procedure and completes. */
    public JsonNode agencyWorks(Referral referral) {
        narrator.chapter("The agency accepts, works and reports back");
        ObjectNode task = referral.task().deepCopy();
        JsonNode accepted = move(task, "accepted");
        expect.status(platform.put(AGENCY, task.put("status", "accepted"), Optional.of("W/\"1\"")), 412);
        narrator.tell(AGENCY, "a stale If-Match is refused with 412");
        JsonNode started = move(accepted.deepCopy(), "in-progress");
        JsonNode procedure =
                expect.status(platform.post(AGENCY, procedure(referral)), 201).json();
        narrator.tell(AGENCY, "reports", procedure);
        ObjectNode done = started.deepCopy();
        ObjectNode output = done.withArray("output").addObject();
        output.putObject("type")
                .putArray("coding")
                .addObject()
                .put("system", "http://hl7.org/fhir/us/sdoh-clinicalcare/CodeSystem/SDOHCC-CodeSystemTemporaryCodes")
                .put("code", "resulting-activity");
        output.putObject("valueReference")
                .put("reference", "Procedure/" + procedure.path("id").asText());
        return move(done, "completed");
    }

    /** The case manager's own follow-up: the outreach call. */
    public void coordinatorCalls(JsonNode encounter) {
        narrator.chapter("The case manager calls");
        String of = "Task?encounter=Encounter/" + encounter.path("id").asText() + "&code=" + MILESTONE_SYSTEM
                + "%7Coutreach";
        ObjectNode task = expect.one(CASE_MANAGER, of, Expect.ANY).deepCopy();
        if (task.path("status").asText().equals("completed")) {
            return;
        }
        if (task.path("status").asText().equals("ready")) {
            task = write(CASE_MANAGER, task.put("status", "in-progress")).deepCopy();
        }
        ObjectNode output = task.withArray("output").addObject();
        output.putObject("type").put("text", "Outreach");
        output.put("valueString", "Reached by phone");
        write(CASE_MANAGER, task.put("status", "completed"));
    }

    /** Request, plan, goals and milestones follow the outcome. */
    public void loopCloses(Referral referral, JsonNode encounter, JsonNode task) {
        narrator.chapter("The loop closes");
        String request = "ServiceRequest?_id=" + referral.request().path("id").asText();
        narrator.tell(
                "referrals",
                "completed the request",
                expect.one(EHR, request, found -> found.path("status").asText().equals("completed")));
        String reference = task.path("output")
                .get(0)
                .path("valueReference")
                .path("reference")
                .asText();
        String of = "?patient=" + encounter.path("subject").path("reference").asText();
        narrator.tell(
                "care-plans",
                "the activity has its outcome",
                expect.one(
                        EHR,
                        "CarePlan" + of,
                        plan -> stream(plan.path("activity"))
                                .flatMap(activity -> stream(activity.path("outcomeReference")))
                                .anyMatch(outcome ->
                                        outcome.path("reference").asText().equals(reference))));
        narrator.tell(
                "care-plans",
                "a goal moves",
                expect.any(
                        EHR,
                        "Goal" + of,
                        goal -> !goal.path("achievementStatus")
                                .path("coding")
                                .path(0)
                                .path("code")
                                .asText()
                                .equals("in-progress")));
        for (String milestone : List.of("home-health-start", "outreach")) {
            narrator.tell(
                    "transitions",
                    "milestone " + milestone + " reached",
                    expect.one(EHR, "EpisodeOfCare" + of, episode -> isReached(episode, milestone)));
        }
    }

    /** Bad input is refused, with the place and the reason, and changes nothing. */
    public void badInputIsRefused(JsonNode task) {
        narrator.chapter("Bad input is refused");
        String noPatient =
                stay.discharge().replaceAll("\rPID[^\r]*", "").replace(stay.visit() + "B", stay.visit() + "C");
        expect.acknowledged(platform.sendMllp(noPatient), "AE");
        narrator.tell(HOSPITAL, "a message without PID: AE");
        expect.acknowledged(platform.sendMllp(stay.discharge().replace("ADT^A03^ADT_A03", "ORU^R01^ORU_R01")), "AR");
        narrator.tell(HOSPITAL, "a laboratory result, which is for others: AR");
        expect.problem(platform.postHl7("no-token", stay.discharge()), 401);
        narrator.tell("a wrong token", "401 with an OperationOutcome");
        expect.problem(platform.postHl7(platform.token(AGENCY), stay.discharge()), 403);
        narrator.tell(AGENCY, "may not send ADT: 403 with an OperationOutcome");
        expect.problem(
                platform.post(EHR, StoryPlatform.parse("{\"resourceType\":\"Patient\",\"gendre\":\"female\"}")), 400);
        narrator.tell(EHR, "an element that FHIR does not have: 400 with an OperationOutcome");
        expect.problem(platform.get(EHR, "Spaceship/1"), 404);
        narrator.tell(EHR, "an unknown type: 404 with an OperationOutcome");
        ObjectNode back = task.deepCopy();
        expect.problem(platform.put(AGENCY, back.put("status", "requested"), Optional.of(eTag(task))), 422);
        narrator.tell(AGENCY, "a completed Task cannot be requested again: 422 with an OperationOutcome");
    }

    private Ending ending(JsonNode encounter, JsonNode task) {
        String of = "?patient=" + encounter.path("subject").path("reference").asText();
        return new Ending(
                encounter.path("subject").path("reference").asText(),
                "Encounter/" + encounter.path("id").asText(),
                "CarePlan/"
                        + expect.one(EHR, "CarePlan" + of, Expect.ANY)
                                .path("id")
                                .asText(),
                "Task/" + task.path("id").asText(),
                task.path("focus").path("reference").asText(),
                "EpisodeOfCare/"
                        + expect.one(EHR, "EpisodeOfCare" + of, Expect.ANY)
                                .path("id")
                                .asText());
    }

    private JsonNode move(ObjectNode task, String status) {
        return write(AGENCY, task.put("status", status));
    }

    private JsonNode write(String who, ObjectNode task) {
        JsonNode written = expect.status(platform.put(who, task, Optional.of(eTag(task))), 200)
                .json();
        narrator.tell(who, "sets " + written.path("status").asText(), written);
        return written;
    }

    private static String eTag(JsonNode resource) {
        return "W/\"" + resource.path("meta").path("versionId").asText() + "\"";
    }

    private static boolean isReached(JsonNode episode, String milestone) {
        return stream(episode.path("extension"))
                .filter(extension ->
                        part(extension, "code").path("valueCode").asText().equals(milestone))
                .anyMatch(extension -> part(extension, "reached").has("valueDateTime"));
    }

    private static JsonNode part(JsonNode extension, String url) {
        return stream(extension.path("extension"))
                .filter(each -> each.path("url").asText().equals(url))
                .findFirst()
                .orElse(StoryPlatform.parse("{}"));
    }

    private static Stream<JsonNode> stream(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }

    private JsonNode procedure(Referral referral) {
        String now = Instant.now().toString();
        return StoryPlatform.parse("""
                {"resourceType": "Procedure", "status": "completed",
                 "code": {"coding": [{"system": "http://snomed.info/sct", "code": "385783004",
                   "display": "Home health aide service management"}], "text": "First home health visit"},
                 "subject": {"reference": "%s"},
                 "basedOn": [{"reference": "%s"}],
                 "performedPeriod": {"start": "%s", "end": "%s"},
                 "performer": [{"actor": {"reference": "Organization/%s"}}]}""".formatted(
                        referral.task().path("for").path("reference").asText(),
                        referral.task().path("focus").path("reference").asText(),
                        now,
                        now,
                        AGENCY));
    }

    private String patientQuery() {
        return "Patient?identifier=" + Stay.MRN_SYSTEM + "%7C" + stay.mrn();
    }

    private String encounterQuery() {
        return "Encounter?identifier=" + Stay.VISIT_SYSTEM + "%7C" + stay.visit();
    }

    private static String resource(String name) {
        try (InputStream file = DischargeStory.class.getResourceAsStream(name)) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
