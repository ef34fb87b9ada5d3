package org.careloop.patients.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.careloop.eventcontracts.Change;
import org.careloop.eventcontracts.ResourceEvent;
import org.careloop.fhirmodel.ResourceKey;
import org.careloop.testkit.Events;

/**
 * Two hospitals, two agencies, patients, and what was written about them; what opens their records is told by events, as the
 * other services do. Random, and the same for the same seed but for the mark in every id.
 */
final class World {

    static final String TAG = "urn:careloop:fuzz";

    private static final String CATEGORIES = "http://terminology.hl7.org/CodeSystem/observation-category";
    private static final String GLASS = "https://careloop.org/fhir/CodeSystem/communication-category";
    private static final String TASK = "Task";
    private static final List<String> CODES = List.of("I10", "I10", "E11.9", "E11.9", "F11.20", "F32.1", "B20");
    private static final List<String> DATES = List.of("", "2019-05-01", "2026-05-01");
    private static final int PATIENTS = 8;
    private static final int RECORDS = 80;
    private static final int UNOWNED = 8;
    private static final int OUTSIDE = 6;

    private final Random random;
    private final Http http;
    private final String mark = UUID.randomUUID().toString().substring(0, 8);
    private final String north = "north-" + mark;
    private final String south = "south-" + mark;
    private final String harbor = "harbor-" + mark;
    private final String rides = "rides-" + mark;
    private final Map<String, Item> items = new LinkedHashMap<>();
    private final Set<Model.Opening> openings = new HashSet<>();
    private final Map<String, List<ResourceEvent>> told = new LinkedHashMap<>();
    private final List<Caller> callers = new ArrayList<>();
    private final Instant begun = Instant.now().minusSeconds(1).truncatedTo(ChronoUnit.SECONDS);
    private int numbers;

    World(long seed, Http http) {
        this.random = new Random(seed);
        this.http = http;
    }

    Random random() {
        return random;
    }

    List<Caller> callers() {
        return callers;
    }

    List<Item> items() {
        return List.copyOf(items.values());
    }

    List<Item> items(String type) {
        return items.values().stream().filter(item -> item.type().equals(type)).toList();
    }

    Optional<Item> item(String key) {
        return Optional.ofNullable(items.get(key));
    }

    Model model() {
        return new Model(openings, items());
    }

    /** The search parameter that keeps to this world. */
    String tag() {
        return "_tag=" + TAG + "%7C" + mark;
    }

    /** What was told of the record that a resource is in. */
    String why(Item item) {
        String key = "Patient/" + item.patient().orElse("");
        return told.values().stream()
                .flatMap(List::stream)
                .filter(event -> event.key().equals(key)
                        && !event.resource().id().value().startsWith("watch"))
                .map(event -> "\n  " + event.version() + " at " + event.occurredAt() + " "
                        + new String(event.payload(), StandardCharsets.UTF_8))
                .collect(Collectors.joining());
    }

    /** When it was begun. */
    Instant since() {
        return begun;
    }

    /** An id that nothing has. */
    String unknown() {
        return next("none");
    }

    /** Makes all of it; returns when the service has heard what was told. */
    void make() {
        makeCallers();
        write();
        change();
        teams();
        tasks();
        brokenGlass();
        hear();
    }

    private void makeCallers() {
        callers.add(Caller.of("platform", "service", "careloop-transitions", "careloop", "system/*.cruds"));
        callers.add(Caller.of("hospital north", "coordinator", "ehr-" + north, north, "system/*.cruds"));
        callers.add(Caller.of("hospital south", "coordinator", "ehr-" + south, south, "system/*.cruds"));
        callers.add(Caller.of("supervisor north", "supervisor", "s-" + mark, north, "user/*.cruds"));
        callers.add(Caller.of("agency harbor", "partner", harbor, harbor, "system/*.cruds"));
        callers.add(Caller.of("agency rides", "partner", rides, rides, "system/*.cruds"));
        callers.add(Caller.patient("patient 0", patientId(0)));
        callers.add(Caller.patient("patient 3", patientId(3)));
        callers.add(Caller.of(
                "laboratory north",
                "coordinator",
                "lab-" + mark,
                north,
                "user/Patient.read user/Observation.cruds?category=laboratory user/Condition.r user/Procedure.s"));
        callers.add(Caller.inRecordOf(patientId(1), "application north", "app-" + mark, north, "patient/*.cruds"));
        callers.add(Caller.of("person south", "coordinator", "breaker-" + mark, south, "user/*.cruds"));
        callers.add(Caller.of("privacy officer north", "privacy-officer", "po-" + mark, north, "user/*.cruds"));
        callers.add(Caller.of("messages north", "event-source", "es-" + mark, north, "system/*.cruds"));
    }

    Caller platform() {
        return callers.getFirst();
    }

    // Resources

    private String patientId(int number) {
        return "p" + number + "-" + mark;
    }

    private void write() {
        List<Item> made = new ArrayList<>();
        for (int i = 0; i < PATIENTS; i++) {
            ObjectNode patient = resource("Patient", patientId(i));
            patient.put("gender", pick("male", "female"));
            patient.put("birthDate", pick("1950-01-01", "1960-06-06", "1970-12-31"));
            patient.putArray("name").addObject().put("family", pick("Ortiz", "Kim", "Nunn"));
            String keeper = pick("", "", north, south, harbor);
            if (!keeper.isEmpty()) {
                patient.putObject("managingOrganization").put("reference", "Organization/" + keeper);
            }
            if (i > 0 && chance(3)) {
                patient.putArray("link")
                        .addObject()
                        .put("type", "seealso")
                        .putObject("other")
                        .put("reference", "Patient/" + patientId(random.nextInt(i)));
            }
            made.add(new Item(i < 3 ? north : i < 6 ? south : "careloop", patient));
        }
        made.forEach(this::keep);
        for (int i = 0; i < RECORDS; i++) {
            Item patient = made.get(random.nextInt(PATIENTS));
            // Whose patient it is, and the platform, write into the record.
            keep(new Item(chance(3) ? "careloop" : patient.author(), record(Optional.of(patient.id()))));
        }
        for (int i = 0; i < UNOWNED; i++) {
            keep(new Item(pick(north, south), finding(Optional.empty())));
        }
        for (int i = 0; i < OUTSIDE; i++) {
            ObjectNode body = resource(chance(2) ? "Group" : "Questionnaire", next("x"));
            if (body.path("resourceType").asText().equals("Group")) {
                body.put("type", "person").put("actual", true);
                body.putArray("member")
                        .addObject()
                        .putObject("entity")
                        .put("reference", "Patient/" + patientId(random.nextInt(PATIENTS)));
            } else {
                body.put("status", "active");
            }
            keep(new Item(pick(north, south, "careloop"), body));
        }
        items.values().stream()
                .collect(Collectors.groupingBy(Item::author, LinkedHashMap::new, Collectors.toList()))
                .forEach((author, theirs) -> store(by(author), theirs, "PUT"));
        for (Item patient : made) {
            open("team", patient.author(), patient.id(), Set.of());
            Item.references(patient.body(), "managingOrganization")
                    .forEach(keeper -> open("team", idOf(keeper), patient.id(), Set.of()));
        }
    }

    private void keep(Item item) {
        items.put(item.key(), item);
    }

    private ObjectNode resource(String type, String id) {
        ObjectNode body = Http.JSON.createObjectNode().put("resourceType", type).put("id", id);
        body.putObject("meta").putArray("tag").addObject().put("system", TAG).put("code", mark);
        body.putArray("identifier").addObject().put("system", TAG).put("value", id);
        return body;
    }

    private ObjectNode record(Optional<String> patient) {
        return switch (random.nextInt(10)) {
            case 0, 1 -> condition(patient);
            case 2 -> procedure(patient);
            case 3 -> document(patient);
            case 4 -> medication(patient);
            case 5 -> related(patient);
            case 6 -> chance(3) ? related(patient) : consent(patient.orElseThrow());
            default -> finding(patient);
        };
    }

    private ObjectNode finding(Optional<String> patient) {
        ObjectNode body =
                coded(resource("Observation", next("o")), "subject", patient).put("status", "final");
        body.putArray("category")
                .addObject()
                .putArray("coding")
                .addObject()
                .put("system", CATEGORIES)
                .put("code", pick("laboratory", "vital-signs"));
        String date = DATES.get(random.nextInt(DATES.size()));
        if (!date.isEmpty()) {
            body.put("effectiveDateTime", date);
        }
        body.putArray("performer").addObject().put("reference", "Organization/" + organization());
        some("Observation")
                .ifPresent(other -> body.putArray("derivedFrom").addObject().put("reference", other));
        return body;
    }

    private ObjectNode condition(Optional<String> patient) {
        return coded(resource("Condition", next("c")), "subject", patient);
    }

    private ObjectNode procedure(Optional<String> patient) {
        ObjectNode body =
                coded(resource("Procedure", next("r")), "subject", patient).put("status", "completed");
        body.putArray("performer").addObject().putObject("actor").put("reference", "Organization/" + organization());
        some("Condition")
                .ifPresent(
                        reason -> body.putArray("reasonReference").addObject().put("reference", reason));
        return body;
    }

    private ObjectNode document(Optional<String> patient) {
        ObjectNode body = resource("DocumentReference", next("d")).put("status", "current");
        patient.ifPresent(id -> body.putObject("subject").put("reference", "Patient/" + id));
        body.putArray("author").addObject().put("reference", "Organization/" + organization());
        body.putArray("content").addObject().putObject("attachment").put("contentType", "text/plain");
        some("Observation", "Condition")
                .ifPresent(about -> body.putObject("context")
                        .putArray("related")
                        .addObject()
                        .put("reference", about));
        return body;
    }

    private ObjectNode medication(Optional<String> patient) {
        ObjectNode body =
                resource("MedicationRequest", next("m")).put("status", "active").put("intent", "order");
        patient.ifPresent(id -> body.putObject("subject").put("reference", "Patient/" + id));
        body.putObject("medicationCodeableConcept").put("text", "x");
        some("Condition")
                .ifPresent(
                        reason -> body.putArray("reasonReference").addObject().put("reference", reason));
        return body;
    }

    private ObjectNode related(Optional<String> patient) {
        ObjectNode body = resource("RelatedPerson", next("k"));
        patient.ifPresent(id -> body.putObject("patient").put("reference", "Patient/" + id));
        body.putArray("name").addObject().put("family", pick("Ortiz", "Kim", "Nunn"));
        return body;
    }

    private ObjectNode coded(ObjectNode body, String element, Optional<String> patient) {
        body.putObject("code")
                .putArray("coding")
                .addObject()
                .put("system", Model.ICD)
                .put("code", CODES.get(random.nextInt(CODES.size())));
        patient.ifPresent(id -> body.putObject(element).put("reference", "Patient/" + id));
        return body;
    }

    private ObjectNode consent(String patient) {
        ObjectNode body = resource("Consent", next("n")).put("status", pick("active", "active", "active", "inactive"));
        body.putObject("scope").putArray("coding").addObject().put("code", "patient-privacy");
        body.putArray("category").addObject().putArray("coding").addObject().put("code", "IDSCL");
        body.putObject("patient").put("reference", "Patient/" + patient);
        String policy = pick("", "OPTIN", "OPTOUT");
        if (policy.isEmpty()) {
            body.putObject("policyRule").put("text", "x");
        } else {
            body.putObject("policyRule").putArray("coding").addObject().put("code", policy);
        }
        boolean nested = chance(2);
        ObjectNode provision = body.putObject("provision");
        if (policy.isEmpty() || chance(4)) {
            provision.put("type", pick("permit", "deny"));
        }
        if (nested) {
            actor(provision, 3);
            provision.withArray("provision").add(rule(Http.JSON.createObjectNode()));
            if (chance(2)) {
                provision.withArray("provision").add(rule(Http.JSON.createObjectNode()));
            }
        } else {
            narrow(provision);
        }
        if (provision.isEmpty()) {
            provision.put("type", "deny");
        }
        return body;
    }

    private ObjectNode rule(ObjectNode provision) {
        return narrow(provision.put("type", pick("permit", "deny")));
    }

    private ObjectNode narrow(ObjectNode provision) {
        switch (random.nextInt(8)) {
            case 0 -> actor(provision, 1);
            case 1 -> ofClass(provision, pick("Observation", "Patient", "Procedure"));
            case 2 ->
                provision
                        .putArray("securityLabel")
                        .addObject()
                        .put("system", Model.ACT)
                        .put("code", pick("ETHUD", "PSY", "HIV"));
            case 3 ->
                provision
                        .putArray("code")
                        .addObject()
                        .putArray("coding")
                        .addObject()
                        .put("system", Model.ICD)
                        .put("code", pick("I10", "E11.9", "F32.1"));
            case 4 -> provision.putArray("purpose").addObject().put("code", pick("TREAT", "HMARKT"));
            case 5 -> {
                if (chance(2)) {
                    provision.putObject("period").put("end", "2020-01-01");
                } else {
                    provision.putObject("period").put("start", "2100-01-01");
                }
            }
            case 6 -> {
                ofClass(provision, "Observation");
                provision.putObject("dataPeriod").put("end", "2020-12-31");
            }
            default ->
                some("Observation", "Condition", "Procedure")
                        .ifPresent(about -> provision
                                .putArray("data")
                                .addObject()
                                .put("meaning", "instance")
                                .putObject("reference")
                                .put("reference", about));
        }
        return provision;
    }

    private void actor(ObjectNode provision, int oneOf) {
        if (chance(oneOf)) {
            ObjectNode actor = provision.putArray("actor").addObject();
            actor.putObject("role").put("text", "recipient");
            actor.putObject("reference").put("reference", "Organization/" + pick(harbor, rides));
        }
    }

    private static void ofClass(ObjectNode provision, String type) {
        provision
                .putArray("class")
                .addObject()
                .put("system", "http://hl7.org/fhir/resource-types")
                .put("code", type);
    }

    /** New versions, in part in another's record; deletions. */
    private void change() {
        List<Item> changed = new ArrayList<>();
        List<Item> deleted = new ArrayList<>();
        for (Item item : items()) {
            if (!Set.of("Observation", "Condition", "Procedure", "DocumentReference")
                    .contains(item.type())) {
                continue;
            }
            int what = random.nextInt(12);
            if (what < 3) {
                ObjectNode next = item.body().deepCopy();
                if (what == 0 && next.has("subject")) {
                    next.putObject("subject").put("reference", "Patient/" + patientId(random.nextInt(PATIENTS)));
                } else if (what == 1 && next.has("code")) {
                    ((ObjectNode) next.path("code").path("coding").path(0)).put("code", "Z00.0");
                } else if (next.has("category")) {
                    ((ObjectNode) next.path("category").path(0).path("coding").path(0))
                            .put("code", pick("laboratory", "vital-signs"));
                }
                if (!next.equals(item.body())) {
                    item.change(next);
                    changed.add(item);
                }
            } else if (what == 3) {
                deleted.add(item);
            }
        }
        store(platform(), changed, "PUT");
        store(platform(), deleted, "DELETE");
        deleted.forEach(Item::delete);
    }

    private Caller by(String author) {
        return callers.stream()
                .filter(caller -> caller.organization().equals(author))
                .findFirst()
                .orElseThrow();
    }

    /** Stores the last version of each, or deletes it. */
    private void store(Caller by, List<Item> what, String method) {
        ObjectNode bundle =
                Http.JSON.createObjectNode().put("resourceType", "Bundle").put("type", "transaction");
        for (Item item : what) {
            ObjectNode entry = bundle.withArray("entry").addObject();
            if (method.equals("PUT")) {
                entry.set("resource", item.body());
            }
            entry.putObject("request").put("method", method).put("url", item.key());
        }
        Http.Answer answer = http.send(by.token(), Http.Call.of("POST", "", bundle.toString()));
        assertThat(answer.status()).as("%s %s", by, answer.body()).isEqualTo(200);
    }

    // What opens records

    private void teams() {
        for (int i = 0; i < PATIENTS; i++) {
            for (int many = random.nextInt(3); many > 0; many--) {
                team(patientId(i));
            }
            if (chance(3)) {
                lasting("EpisodeOfCare", "managingOrganization", "patient", patientId(i), "active");
            }
            if (chance(2)) {
                lasting("Encounter", "serviceProvider", "subject", patientId(i), "in-progress");
            }
        }
    }

    private void team(String patient) {
        String id = next("team");
        long versions = 1 + random.nextInt(2);
        for (long version = 1; version <= versions; version++) {
            openings.removeIf(opening -> opening.names().contains("CareTeam/" + id));
            String status = pick("active", "active", "suspended", "proposed", "inactive", "entered-in-error");
            String member = organization();
            boolean onBehalf = chance(3);
            Period ofMember = period();
            Period ofTeam = period();
            ObjectNode body = other("CareTeam", id, "subject", patient, status);
            ObjectNode participant = body.putArray("participant").addObject();
            if (onBehalf) {
                participant.putObject("member").put("reference", "Practitioner/x-" + mark);
            }
            participant.putObject(onBehalf ? "onBehalfOf" : "member").put("reference", "Organization/" + member);
            ofMember.put(participant);
            ofTeam.put(body);
            tell("care-plans", body, version, patient, Instant.now());
            if (Set.of("active", "suspended", "proposed").contains(status) && ofMember.now() && ofTeam.now()) {
                open("team", member, patient, Set.of("CareTeam/" + id));
            }
        }
    }

    /** A period, and whether it is now. */
    private record Period(String start, String end, boolean now) {
        void put(ObjectNode body) {
            ObjectNode period = Http.JSON.createObjectNode();
            if (!start.isEmpty()) {
                period.put("start", start);
            }
            if (!end.isEmpty()) {
                period.put("end", end);
            }
            if (!period.isEmpty()) {
                body.set("period", period);
            }
        }
    }

    private Period period() {
        return switch (random.nextInt(7)) {
            case 0 -> new Period("", "2020-01-01", false);
            case 1 -> new Period("2100-01-01T00:00:00Z", "", false);
            case 2 -> new Period("2020-01-01", "2100", true);
            case 3 -> new Period("", "2100-06", true);
            default -> new Period("", "", true);
        };
    }

    /** A state of an episode or a stay, and how many days ago it came to it. */
    private record Step(String status, int daysAgo) {}

    /** An episode or a stay that is, that never was, or that is over: 90 days count from when it first was. */
    private void lasting(String type, String by, String of, String patient, String open) {
        String id = next("lasting");
        String organization = organization();
        boolean opened = random.nextBoolean();
        List<Step> steps = opened
                ? pick(
                        List.of(new Step("planned", 50), new Step(open, 40)),
                        List.of(new Step(open, 40), new Step("finished", 20)),
                        List.of(new Step("finished", 20), new Step("finished", 1)))
                : pick(
                        List.of(new Step(open, 20), new Step("cancelled", 1)),
                        List.of(new Step(open, 120), new Step("finished", 100)),
                        List.of(new Step("finished", 100), new Step("finished", 1)));
        for (int i = 0; i < steps.size(); i++) {
            ObjectNode body = other(type, id, of, patient, steps.get(i).status());
            body.putObject(by).put("reference", "Organization/" + organization);
            tell(
                    "transitions",
                    body,
                    i + 1L,
                    patient,
                    Instant.now().minus(Duration.ofDays(steps.get(i).daysAgo())));
        }
        if (opened) {
            open("team", organization, patient, Set.of());
        }
    }

    private void tasks() {
        for (int i = 0; i < PATIENTS; i++) {
            for (int many = random.nextInt(4); many > 0; many--) {
                task(patientId(i));
            }
        }
    }

    private void task(String patient) {
        String id = next("task");
        String owner = pick(harbor, harbor, rides, rides, north);
        String request = next("request");
        Set<String> behind = new HashSet<>();
        if (chance(2)) {
            ObjectNode body = other("ServiceRequest", request, "subject", patient, "active")
                    .put("intent", "order");
            for (String element : List.of("reasonReference", "supportingInfo")) {
                somethingOf(patient).ifPresent(named -> {
                    behind.add(named);
                    body.putArray(element).addObject().put("reference", named);
                });
            }
            tell("referrals", body, 1, patient, Instant.now());
        }
        int steps = 1 + random.nextInt(2);
        List<ResourceEvent> repeats = new ArrayList<>();
        for (int version = 1; version <= steps; version++) {
            boolean last = version == steps;
            String status = last
                    ? pick(
                            "requested",
                            "requested",
                            "accepted",
                            "accepted",
                            "in-progress",
                            "completed",
                            "completed",
                            "failed",
                            "rejected",
                            "cancelled",
                            "draft")
                    : pick("requested", "accepted");
            int days = pick(1, 40);
            Set<String> names = new HashSet<>(behind);
            ObjectNode body = other(TASK, id, "for", patient, status).put("intent", "order");
            body.putObject("owner").put("reference", "Organization/" + owner);
            body.putObject("focus").put("reference", "ServiceRequest/" + request);
            for (int inputs = random.nextInt(4); inputs > 0; inputs--) {
                somethingOf(patient).ifPresent(named -> {
                    names.add(named);
                    ObjectNode input = body.withArray("input").addObject();
                    input.putObject("type").put("text", "x");
                    input.putObject("valueReference").put("reference", named);
                });
            }
            ResourceEvent event =
                    tell("referrals", body, version, patient, Instant.now().minus(Duration.ofDays(days)));
            repeats.add(event);
            if (last) {
                boolean working = Set.of("accepted", "in-progress", "on-hold").contains(status);
                boolean over = Set.of("completed", "failed").contains(status) && days < 30;
                if (working || over || Set.of("requested", "received").contains(status)) {
                    open("asked", owner, patient, names);
                }
                if (working || over) {
                    open("accepted", owner, patient, names);
                }
            }
        }
        if (chance(2)) {
            // An older event, told once more, opens nothing again.
            ResourceEvent first = repeats.getFirst();
            told.get("referrals/" + TASK)
                    .add(new ResourceEvent(
                            UUID.randomUUID(),
                            first.resource(),
                            first.change(),
                            first.version(),
                            first.occurredAt(),
                            first.key(),
                            first.author(),
                            first.traceParent(),
                            first.payload()));
        }
    }

    /** Mostly of the patient, else of another one, whose record that does not open. */
    private Optional<String> somethingOf(String patient) {
        List<Item> candidates = items.values().stream()
                .filter(item -> !item.type().equals("Patient"))
                .filter(item -> chance(4) || item.patient().equals(Optional.of(patient)))
                .toList();
        return candidates.isEmpty()
                ? Optional.empty()
                : Optional.of(candidates.get(random.nextInt(candidates.size())).key());
    }

    private void brokenGlass() {
        for (int i = 0; i < PATIENTS; i++) {
            if (chance(2)) {
                String person = pick("breaker-" + mark, "breaker-" + mark, "lab-" + mark, "somebody-" + mark);
                String status = pick("completed", "completed", "completed", "entered-in-error");
                String category = pick("break-glass", "break-glass", "break-glass", "notification");
                int hours = pick(1, 1, 5);
                glass(next("glass"), patientId(i), person, status, category, hours);
                if (status.equals("completed") && category.equals("break-glass") && hours < 4) {
                    open("break-glass", "person/" + person, patientId(i), Set.of());
                }
            }
        }
    }

    private void glass(String id, String patient, String person, String status, String category, int hours) {
        ObjectNode body = other("Communication", id, "subject", patient, status);
        body.putArray("category")
                .addObject()
                .putArray("coding")
                .addObject()
                .put("system", GLASS)
                .put("code", category);
        body.putObject("sender")
                .put("reference", "Organization/" + south)
                .putObject("identifier")
                .put("system", "https://careloop.org/fhir/sid/token-subject")
                .put("value", person);
        tell("care-plans", body, 1, patient, Instant.now().minus(Duration.ofHours(hours)));
    }

    private ObjectNode other(String type, String id, String of, String patient, String status) {
        ObjectNode body = Http.JSON
                .createObjectNode()
                .put("resourceType", type)
                .put("id", id)
                .put("status", status);
        body.putObject(of).put("reference", "Patient/" + patient);
        return body;
    }

    private ResourceEvent tell(String service, JsonNode body, long version, String patient, Instant at) {
        ResourceEvent event = new ResourceEvent(
                UUID.randomUUID(),
                ResourceKey.of(
                        body.path("resourceType").asText(), body.path("id").asText()),
                version == 1 ? Change.CREATED : Change.UPDATED,
                version,
                at,
                "Patient/" + patient,
                Optional.of(north),
                Optional.empty(),
                bytes(body));
        told.computeIfAbsent(service + "/" + body.path("resourceType").asText(), _ -> new ArrayList<>())
                .add(event);
        return event;
    }

    private static byte[] bytes(JsonNode body) {
        try {
            return Http.JSON.writeValueAsBytes(body);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void open(String grant, String grantee, String patient, Set<String> names) {
        openings.add(new Model.Opening(grant, grantee, patient, names));
    }

    /**
     * Tells all, and last, to each patient by each kind of event, what opens the record to somebody who watches: what comes
     * by one way is heard in order.
     */
    private void hear() {
        Map<String, Caller> watchers = new LinkedHashMap<>();
        for (String type : List.of("CareTeam", "EpisodeOfCare", "Encounter", "Communication")) {
            String organization = "watch-" + type + "-" + mark;
            watchers.put(type, Caller.of(type, "coordinator", organization, organization, "user/*.cruds"));
        }
        Caller team = watchers.get("CareTeam");
        Caller agency = Caller.of(TASK, "partner", team.organization(), team.organization(), "system/*.rs");
        List<Item> named = new ArrayList<>();
        for (int i = 0; i < PATIENTS; i++) {
            named.add(watch(patientId(i), watchers));
        }
        told.forEach((topic, events) -> {
            String[] parts = topic.split("/");
            Events.tell(parts[0], parts[1], events);
        });
        watchers.values()
                .forEach(watcher -> awaitOpen(
                        watcher,
                        IntStream.range(0, PATIENTS)
                                .mapToObj(i -> "Patient/" + patientId(i))
                                .toList()));
        // What the agency's own organisation made, no consent shuts to it.
        named.forEach(this::keep);
        store(team, named, "PUT");
        awaitOpen(agency, named.stream().map(Item::key).toList());
    }

    private Item watch(String patient, Map<String, Caller> watchers) {
        String id = "watch-" + patient;
        ObjectNode team = other("CareTeam", id, "subject", patient, "active");
        team.putArray("participant")
                .addObject()
                .putObject("member")
                .put("reference", "Organization/" + watchers.get("CareTeam").organization());
        tell("care-plans", team, 1, patient, Instant.now());
        ObjectNode episode = other("EpisodeOfCare", id, "patient", patient, "active");
        episode.putObject("managingOrganization")
                .put(
                        "reference",
                        "Organization/" + watchers.get("EpisodeOfCare").organization());
        tell("transitions", episode, 1, patient, Instant.now());
        ObjectNode stay = other("Encounter", id, "subject", patient, "in-progress");
        stay.putObject("serviceProvider")
                .put("reference", "Organization/" + watchers.get("Encounter").organization());
        tell("transitions", stay, 1, patient, Instant.now());
        glass(id, patient, watchers.get("Communication").person(), "completed", "break-glass", 1);
        Item sign = new Item(watchers.get("CareTeam").organization(), related(Optional.of(patient)));
        ObjectNode request = other("ServiceRequest", id, "subject", patient, "active");
        request.putArray("supportingInfo").addObject().put("reference", sign.key());
        tell("referrals", request, 1, patient, Instant.now());
        ObjectNode task = other(TASK, id, "for", patient, "requested");
        task.putObject("owner")
                .put("reference", "Organization/" + watchers.get("CareTeam").organization());
        task.putObject("focus").put("reference", "ServiceRequest/" + id);
        tell("referrals", task, 1, patient, Instant.now());
        return sign;
    }

    private void awaitOpen(Caller watcher, List<String> all) {
        await(watcher.name())
                .atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(50))
                .until(() -> all.stream()
                        .allMatch(key ->
                                http.send(watcher.token(), Http.Call.get(key)).status() == 200));
    }

    // Chances

    private String organization() {
        return pick(north, south, harbor, rides);
    }

    /** {@code Type/id} of something that is there already, or of nothing. */
    private Optional<String> some(String... types) {
        List<Item> candidates = items.values().stream()
                .filter(item -> List.of(types).contains(item.type()))
                .toList();
        return candidates.isEmpty() || chance(3)
                ? Optional.empty()
                : Optional.of(candidates.get(random.nextInt(candidates.size())).key());
    }

    private boolean chance(int oneOf) {
        return random.nextInt(oneOf) == 0;
    }

    @SafeVarargs
    private <T> T pick(T... from) {
        return from[random.nextInt(from.length)];
    }

    private String next(String prefix) {
        return prefix + numbers++ + "-" + mark;
    }

    private static String idOf(String reference) {
        return reference.substring(reference.indexOf('/') + 1);
    }
}
