package org.careloop.patients.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Read, vread and history, of everything by everybody. */
final class Reads {

    private static final int OK = 200;
    private static final int FORBIDDEN = 403;
    private static final int NOT_FOUND = 404;
    private static final int GONE = 410;

    private final World world;
    private final Model model;
    private final Http http;
    private final List<String> faults = new CopyOnWriteArrayList<>();

    Reads(World world, Http http) {
        this.world = world;
        this.model = world.model();
        this.http = http;
    }

    List<String> faults() {
        return faults;
    }

    /** Each caller reads half of what there is: nothing, or what the platform reads. */
    void halfOfAllByEveryCaller() {
        List<Item> half =
                world.items().stream().filter(_ -> world.random().nextBoolean()).toList();
        Map<String, JsonNode> truth = new HashMap<>();
        half.forEach(item -> truth.put(
                item.key(),
                http.send(world.platform().token(), Http.Call.get(item.key())).body()));
        Http.atOnce(
                world.callers(),
                caller -> half.forEach(item -> {
                    Http.Answer answer = http.send(caller.token(), Http.Call.get(item.key()));
                    int expected = expected(caller, item);
                    boolean shows = expected == OK && Model.isShown(caller, truth.get(item.key()), answer.body());
                    if (answer.status() != expected || expected == OK && !shows) {
                        faults.add(caller + " reads " + item + ": " + answer.status() + ", expected " + expected
                                + world.why(item));
                    }
                }));
    }

    private int expected(Caller caller, Item item) {
        if (caller.equals(world.platform())) {
            return item.deleted() ? GONE : OK;
        }
        Optional<Predicate<Item>> open = model.open(caller, item.type(), 'r');
        return open.isEmpty() ? FORBIDDEN : !open.get().test(item) ? NOT_FOUND : item.deleted() ? GONE : OK;
    }

    /** What is hidden answers as what does not exist, whatever a request says of what it knows or wants. */
    void singleRequests(int many) {
        for (Caller caller : world.callers()) {
            for (int i = 0; i < many; i++) {
                Item item = Query.one(world.random(), world.items());
                String version = "/_history/" + (1 + world.random().nextInt(item.version() + 1));
                List<Http.Call> calls = List.of(
                        Http.Call.get(item.key()),
                        Http.Call.get(item.key() + version),
                        Http.Call.get(item.key() + "/_history"),
                        Http.Call.get(item.key() + "?_summary=true"),
                        Http.Call.get(item.key() + "?_elements=id"),
                        new Http.Call("GET", item.key(), "", "", "If-None-Match", "W/\"" + item.version() + "\""),
                        new Http.Call("GET", item.key(), "", "", "If-Modified-Since", "Sat, 07 Mar 2099 20:00:00 GMT"),
                        new Http.Call("HEAD", item.key(), "", ""));
                Http.Call call = Query.one(world.random(), calls);
                Http.Answer answer = http.send(caller.token(), call);
                int expected = expected(caller, item);
                boolean hidden = expected == FORBIDDEN || expected == NOT_FOUND;
                if (hidden) {
                    String none = world.unknown();
                    Http.Answer unknown = http.send(
                            caller.token(),
                            new Http.Call(call.method(), call.path().replace(item.id(), none), "", "", call.headers()));
                    if (!unknown.told(none).equals(answer.told(item.id())) || answer.status() != expected) {
                        faults.add(caller + " " + call + " of " + item + ": " + answer.told(item.id())
                                + ", of nothing: " + unknown.told(none));
                    }
                } else if (call.path().equals(item.key() + version)) {
                    vread(caller, item, Integer.parseInt(version.substring("/_history/".length())), answer);
                } else if (answer.status() >= FORBIDDEN && answer.status() != GONE) {
                    faults.add(caller + " " + call + " of " + item + ": " + answer.status());
                }
            }
        }
    }

    /** Of a resource that was in another record, the versions of then are of that record. */
    private boolean shows(Caller caller, Item item, int version) {
        return caller.equals(world.platform())
                || Item.patientOf(item.version(version).body()).equals(item.patient());
    }

    private void vread(Caller caller, Item item, int version, Http.Answer answer) {
        int expected = version > item.version() || !shows(caller, item, version)
                ? NOT_FOUND
                : item.version(version).deleted() ? GONE : OK;
        if (answer.status() != expected) {
            faults.add(caller + " reads version " + version + " of " + item + ": " + answer.status() + ", expected "
                    + expected);
        }
    }

    /**
     * Histories of types, all pages: every version that is open once, and no other. They ask for the scope to search.
     *
     * @see <a href="https://hl7.org/fhir/smart-app-launch/scopes-and-launch-context.html">SMART App Launch 2.2, scopes</a>
     */
    void histories() {
        for (String type : Query.types()) {
            Map<String, Item> ofWorld = new HashMap<>();
            world.items(type).forEach(item -> ofWorld.put(item.key(), item));
            Http.atOnce(world.callers(), caller -> {
                Optional<Predicate<Item>> open =
                        caller.equals(world.platform()) ? Optional.of(_ -> true) : model.open(caller, type, 's');
                List<String> told = told(caller, type + "/_history?_count=50&_since=" + world.since(), ofWorld);
                if (open.isEmpty()) {
                    if (!told.equals(List.of(String.valueOf(FORBIDDEN)))) {
                        faults.add(caller + " history of " + type + ": " + told);
                    }
                    return;
                }
                compare(caller, type, told, world.items(type).stream().filter(open.get()));
            });
        }
    }

    /** The history of the system shows those of all types that are open. */
    void historyOfAll() {
        Map<String, Item> ofWorld = new HashMap<>();
        world.items().forEach(item -> ofWorld.put(item.key(), item));
        Http.atOnce(world.callers(), caller -> {
            Map<String, Optional<Predicate<Item>>> open = new HashMap<>();
            Query.types()
                    .forEach(type -> open.put(
                            type,
                            caller.equals(world.platform()) ? Optional.of(_ -> true) : model.open(caller, type, 's')));
            List<String> told = told(caller, "_history?_count=200&_since=" + world.since(), ofWorld);
            if (open.values().stream().allMatch(Optional::isEmpty)) {
                if (!told.equals(List.of(String.valueOf(FORBIDDEN)))) {
                    faults.add(caller + " history of all: " + told);
                }
                return;
            }
            compare(
                    caller,
                    "all",
                    told,
                    world.items().stream()
                            .filter(item -> open.getOrDefault(item.type(), Optional.empty())
                                    .filter(visible -> visible.test(item))
                                    .isPresent()));
        });
    }

    /** Of each of some resources: every version of the record in which it is, or that it is not there. */
    void historiesOfSome(int many) {
        for (Caller caller : world.callers()) {
            for (int i = 0; i < many; i++) {
                Item item = Query.one(world.random(), world.items());
                List<String> told = told(caller, item.key() + "/_history?_count=2", Map.of(item.key(), item));
                int expected = expected(caller, item);
                if (expected == OK || expected == GONE) {
                    compare(caller, item.key(), told, Stream.of(item));
                } else if (!told.equals(List.of(String.valueOf(expected)))) {
                    faults.add(caller + " history of " + item + ": " + told);
                }
            }
        }
    }

    private void compare(Caller caller, String what, List<String> told, Stream<Item> visible) {
        List<String> expected = visible.flatMap(item -> IntStream.rangeClosed(1, item.version())
                        .filter(version -> shows(caller, item, version))
                        .mapToObj(version -> item.key() + " " + version))
                .toList();
        if (told.size() != expected.size() || !Set.copyOf(told).equals(Set.copyOf(expected))) {
            Set<String> more = new TreeSet<>(told);
            expected.forEach(more::remove);
            Set<String> less = new TreeSet<>(expected);
            told.forEach(less::remove);
            faults.add(caller + " history of " + what + ": too much " + more + ", missing " + less);
        }
    }

    private List<String> told(Caller caller, String url, Map<String, Item> ofWorld) {
        List<String> told = new ArrayList<>();
        Optional<String> next = Optional.of(url);
        while (next.isPresent()) {
            Http.Answer page = http.send(caller.token(), Http.Call.get(next.get()));
            if (page.status() != OK) {
                return List.of(String.valueOf(page.status()));
            }
            for (JsonNode entry : page.body().path("entry")) {
                String full = entry.path("fullUrl").asText();
                String key = full.substring(full.indexOf("/fhir/") + "/fhir/".length());
                if (ofWorld.containsKey(key)) {
                    told.add(key + " "
                            + entry.path("response").path("etag").asText().replaceAll("\\D", ""));
                }
            }
            next = Searches.next(page);
        }
        return told;
    }
}
