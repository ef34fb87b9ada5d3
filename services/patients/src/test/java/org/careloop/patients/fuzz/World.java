package org.careloop.patients.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.careloop.testkit.Events;

/**
 * Two hospitals, two agencies, patients, and what was written about them; what opens their records is told by events, as the
 * other services do. Random, and the same for the same seed but for the mark in every id.
 */
final class World {

    static final String TAG = "urn:careloop:fuzz";

    private static final int RECORDS = 80;
    private static final int UNOWNED = 8;
    private static final int OUTSIDE = 6;

    private final Http http;
    private final Dice dice;
    private final Records records;
    private final Openers openers;
    private final Map<String, Item> items = new LinkedHashMap<>();
    private final List<Caller> callers = new ArrayList<>();
    private final Instant begun = Instant.now().minusSeconds(1).truncatedTo(ChronoUnit.SECONDS);

    World(long seed, Http http) {
        this.dice = new Dice(seed);
        this.http = http;
        this.records = new Records(dice, items);
        this.openers = new Openers(dice, items, records);
    }

    Random random() {
        return dice.random();
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
        return new Model(openers.openings(), items());
    }

    /** The search parameter that keeps to this world. */
    String tag() {
        return "_tag=" + TAG + "%7C" + dice.mark();
    }

    /** What was told of the record that a resource is in. */
    String why(Item item) {
        String key = "Patient/" + item.patient().orElse("");
        return openers.told().values().stream()
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
        return dice.next("none");
    }

    /** Makes all of it; returns when the service has heard what was told. */
    void make() {
        makeCallers();
        write();
        change();
        openers.make();
        hear();
    }

    private void makeCallers() {
        callers.add(Caller.of("platform", "service", "careloop-transitions", "careloop", "system/*.cruds"));
        callers.add(Caller.of("hospital north", "coordinator", "ehr-" + dice.north(), dice.north(), "system/*.cruds"));
        callers.add(Caller.of("hospital south", "coordinator", "ehr-" + dice.south(), dice.south(), "system/*.cruds"));
        callers.add(Caller.of("supervisor north", "supervisor", "s-" + dice.mark(), dice.north(), "user/*.cruds"));
        callers.add(Caller.of("agency harbor", "partner", dice.harbor(), dice.harbor(), "system/*.cruds"));
        callers.add(Caller.of("agency rides", "partner", dice.rides(), dice.rides(), "system/*.cruds"));
        callers.add(Caller.patient("patient 0", dice.patient(0)));
        callers.add(Caller.patient("patient 3", dice.patient(3)));
        callers.add(Caller.of(
                "laboratory north",
                "coordinator",
                "lab-" + dice.mark(),
                dice.north(),
                "user/Patient.read user/Observation.cruds?category=laboratory user/Condition.r user/Procedure.s"));
        callers.add(Caller.inRecordOf(
                dice.patient(1), "application north", "app-" + dice.mark(), dice.north(), "patient/*.cruds"));
        callers.add(Caller.of("person south", "coordinator", "breaker-" + dice.mark(), dice.south(), "user/*.cruds"));
        callers.add(Caller.of(
                "privacy officer north", "privacy-officer", "po-" + dice.mark(), dice.north(), "user/*.cruds"));
        callers.add(Caller.of("messages north", "event-source", "es-" + dice.mark(), dice.north(), "system/*.cruds"));
    }

    Caller platform() {
        return callers.getFirst();
    }

    private void write() {
        List<Item> made = new ArrayList<>();
        for (int i = 0; i < Dice.PATIENTS; i++) {
            ObjectNode patient = records.resource("Patient", dice.patient(i));
            patient.put("gender", dice.pick("male", "female"));
            patient.put("birthDate", dice.pick("1950-01-01", "1960-06-06", "1970-12-31"));
            patient.putArray("name").addObject().put("family", dice.pick("Ortiz", "Kim", "Nunn"));
            String keeper = dice.pick("", "", dice.north(), dice.south(), dice.harbor());
            if (!keeper.isEmpty()) {
                patient.putObject("managingOrganization").put("reference", "Organization/" + keeper);
            }
            if (i > 0 && dice.chance(3)) {
                patient.putArray("link")
                        .addObject()
                        .put("type", "seealso")
                        .putObject("other")
                        .put(
                                "reference",
                                "Patient/" + dice.patient(dice.random().nextInt(i)));
            }
            made.add(new Item(i < 3 ? dice.north() : i < 6 ? dice.south() : "careloop", patient));
        }
        made.forEach(this::keep);
        for (int i = 0; i < RECORDS; i++) {
            Item patient = made.get(dice.random().nextInt(Dice.PATIENTS));
            // Whose patient it is, and the platform, write into the record.
            keep(new Item(dice.chance(3) ? "careloop" : patient.author(), records.record(Optional.of(patient.id()))));
        }
        for (int i = 0; i < UNOWNED; i++) {
            keep(new Item(dice.pick(dice.north(), dice.south()), records.finding(Optional.empty())));
        }
        for (int i = 0; i < OUTSIDE; i++) {
            ObjectNode body = records.resource(dice.chance(2) ? "Group" : "Questionnaire", dice.next("x"));
            if (body.path("resourceType").asText().equals("Group")) {
                body.put("type", "person").put("actual", true);
                body.putArray("member")
                        .addObject()
                        .putObject("entity")
                        .put(
                                "reference",
                                "Patient/" + dice.patient(dice.random().nextInt(Dice.PATIENTS)));
            } else {
                body.put("status", "active");
            }
            keep(new Item(dice.pick(dice.north(), dice.south(), "careloop"), body));
        }
        items.values().stream()
                .collect(Collectors.groupingBy(Item::author, LinkedHashMap::new, Collectors.toList()))
                .forEach((author, theirs) -> store(by(author), theirs, "PUT"));
        for (Item patient : made) {
            openers.open("team", patient.author(), patient.id(), Set.of());
            Item.references(patient.body(), "managingOrganization")
                    .forEach(keeper -> openers.open("team", idOf(keeper), patient.id(), Set.of()));
        }
    }

    private void keep(Item item) {
        items.put(item.key(), item);
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
            int what = dice.random().nextInt(12);
            if (what < 3) {
                ObjectNode next = item.body().deepCopy();
                if (what == 0 && next.has("subject")) {
                    next.putObject("subject")
                            .put(
                                    "reference",
                                    "Patient/" + dice.patient(dice.random().nextInt(Dice.PATIENTS)));
                } else if (what == 1 && next.has("code")) {
                    ((ObjectNode) next.path("code").path("coding").path(0)).put("code", "Z00.0");
                } else if (next.has("category")) {
                    ((ObjectNode) next.path("category").path(0).path("coding").path(0))
                            .put("code", dice.pick("laboratory", "vital-signs"));
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

    /**
     * Tells all, and last, to each patient by each kind of event, what opens the record to somebody who watches: what comes
     * by one way is heard in order.
     */
    private void hear() {
        Map<String, Caller> watchers = new LinkedHashMap<>();
        for (String type : List.of("CareTeam", "EpisodeOfCare", "Encounter", "Communication")) {
            String organization = "watch-" + type + "-" + dice.mark();
            watchers.put(type, Caller.of(type, "coordinator", organization, organization, "user/*.cruds"));
        }
        Caller team = watchers.get("CareTeam");
        Caller agency = Caller.of("Task", "partner", team.organization(), team.organization(), "system/*.rs");
        List<Item> named = new ArrayList<>();
        for (int i = 0; i < Dice.PATIENTS; i++) {
            named.add(openers.watch(dice.patient(i), watchers));
        }
        openers.told().forEach((topic, events) -> {
            String[] parts = topic.split("/");
            Events.tell(parts[0], parts[1], events);
        });
        watchers.values()
                .forEach(watcher -> awaitOpen(
                        watcher,
                        IntStream.range(0, Dice.PATIENTS)
                                .mapToObj(i -> "Patient/" + dice.patient(i))
                                .toList()));
        // What the agency's own organisation made, no consent shuts to it.
        named.forEach(this::keep);
        store(team, named, "PUT");
        awaitOpen(agency, named.stream().map(Item::key).toList());
    }

    private void awaitOpen(Caller watcher, List<String> all) {
        await(watcher.name())
                .atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(50))
                .until(() -> all.stream()
                        .allMatch(key ->
                                http.send(watcher.token(), Http.Call.get(key)).status() == 200));
    }

    private static String idOf(String reference) {
        return reference.substring(reference.indexOf('/') + 1);
    }
}
