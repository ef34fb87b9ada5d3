package org.careloop.patients.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.careloop.fhirsearch.Condition;
import org.careloop.fhirsearch.FederatedSearch;
import org.careloop.fhirsearch.IndexHash;
import org.careloop.fhirsearch.SearchRequest;

/**
 * What of a patient's whole record is shown: this service's share of {@code Patient/x/Observation} and of {@code
 * Patient/x/$everything}, by the question that the gateway asks with the caller's token, because the gateway alone serves these.
 */
final class Wholes {

    private static final int MOST = 500;

    private final World world;
    private final Model model;
    private final Http http;
    private final List<String> faults = new CopyOnWriteArrayList<>();
    private final AtomicInteger shown = new AtomicInteger();

    Wholes(World world, Http http) {
        this.world = world;
        this.model = world.model();
        this.http = http;
    }

    List<String> faults() {
        return faults;
    }

    /** How many resources were shown in all. */
    int shown() {
        return shown.get();
    }

    /** Of one type and of all, of patients who are there and of nobody. */
    void ask(int many) {
        List<String> inRecords = Query.types().stream()
                .filter(type -> type.equals("Patient") || isOfPatient(type))
                .toList();
        for (int i = 0; i < many; i++) {
            String patient = i % 5 == 4
                    ? world.unknown()
                    : Query.one(world.random(), world.items("Patient")).id();
            Set<String> types = i % 2 == 0 ? Set.copyOf(inRecords) : Set.of(Query.one(world.random(), inRecords));
            Http.Call call = question(patient, types);
            Http.atOnce(world.callers(), caller -> compare(caller, patient, types, call));
        }
    }

    private static boolean isOfPatient(String type) {
        return Query.REFERENCES.containsKey(type) && Query.REFERENCES.get(type).containsKey("patient");
    }

    private static Http.Call question(String patient, Set<String> types) {
        Set<Long> key = Set.of(IndexHash.ofTarget("Patient/" + patient));
        List<Condition> members = new ArrayList<>();
        for (String type : types) {
            if (type.equals("Patient")) {
                members.add(new Condition.HasKey(key));
            }
            members.add(new Condition.RefersTo(IndexHash.ofParameter(type, member(type)), key));
        }
        FederatedSearch search = new FederatedSearch(
                SearchRequest.all(types, new Condition.AnyOf(members), MOST), FederatedSearch.Answer.PAGE, Set.of());
        return new Http.Call(
                "POST", "/federation/search", new String(search.toJson(), StandardCharsets.UTF_8), "application/json");
    }

    /** By which parameter resources of a type are in a compartment. */
    private static String member(String type) {
        return type.equals("Patient") ? "link" : "patient";
    }

    private void compare(Caller caller, String patient, Set<String> types, Http.Call call) {
        Http.Answer answer = http.send(caller.token(), call);
        List<String> open =
                types.stream().filter(type -> open(caller, type).isPresent()).toList();
        if (open.isEmpty()) {
            if (answer.status() != 403) {
                faults.add(caller + " record of " + patient + " " + types + ": " + answer.status() + ", expected 403");
            }
            return;
        }
        Set<String> expected = open.stream()
                .flatMap(type -> members(caller, patient, type)
                        .filter(open(caller, type).orElseThrow())
                        .map(Item::key))
                .collect(Collectors.toSet());
        Set<String> seen = StreamSupport.stream(answer.body().path("entries").spliterator(), false)
                .map(entry ->
                        entry.path("type").asText() + "/" + entry.path("id").asText())
                .collect(Collectors.toSet());
        shown.addAndGet(seen.size());
        if (answer.status() != 200 || !seen.equals(expected)) {
            faults.add(caller + " record of " + patient + " " + types + ": " + answer.status() + " " + seen
                    + ", expected " + expected);
        }
    }

    private Optional<Predicate<Item>> open(Caller caller, String type) {
        return caller.equals(world.platform()) ? Optional.of(_ -> true) : model.open(caller, type, 's');
    }

    /** Who is linked to a patient is of no matter to whom links are not shown. */
    private Stream<Item> members(Caller caller, String patient, String type) {
        boolean follows = !type.equals("Patient") || !caller.role().equals("partner");
        return world.items(type).stream()
                .filter(item -> !item.deleted())
                .filter(item -> type.equals("Patient") && item.id().equals(patient)
                        || follows
                                && Item.references(
                                                item.body(),
                                                Query.REFERENCES.get(type).get(member(type)))
                                        .contains("Patient/" + patient));
    }
}
