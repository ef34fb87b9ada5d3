package org.careloop.patients.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Random writes by everybody. Those that the model allows are done; of all others the resource keeps its version and content,
 * and the answer for a hidden resource is that for one that is not there.
 *
 * <p>One difference cannot be avoided: who may create in a record gives a resource an id by PUT, and an id that is taken, by
 * whatever is hidden, is refused.
 */
final class Writes {

    private static final String FHIR = "application/fhir+json";

    private final World world;
    private final Model model;
    private final Http http;
    private final List<String> faults = new ArrayList<>();
    private final Map<String, JsonNode> stored = new HashMap<>();
    private int allowed;
    private int foundByChains;

    Writes(World world, Http http) {
        this.world = world;
        this.model = world.model();
        this.http = http;
        world.items().forEach(item -> stored.put(item.key(), read(item)));
    }

    List<String> faults() {
        return faults;
    }

    /** How many were done. */
    int allowed() {
        return allowed;
    }

    void attempt(int many) {
        for (Caller caller : world.callers()) {
            if (!caller.equals(world.platform())) {
                for (int i = 0; i < many; i++) {
                    Item item = Query.one(world.random(), world.items());
                    switch (world.random().nextInt(8)) {
                        case 0 -> create(caller, item);
                        case 1 -> conditionally(caller, item);
                        case 2, 3 -> delete(caller, item);
                        default -> update(caller, item);
                    }
                }
            }
        }
    }

    /** Whatever was attempted: each resource is as it was, or as the allowed writes left it. */
    void nothingElseChanged() {
        for (Item item : world.items()) {
            if (!read(item).equals(stored.get(item.key()))) {
                faults.add("changed unseen: " + item);
            }
        }
    }

    // Update

    private void update(Caller caller, Item item) {
        ObjectNode body = item.body().deepCopy();
        body.put("language", "x-" + world.random().nextInt(1_000_000));
        boolean moved = body.has("subject") && world.random().nextInt(3) == 0;
        if (moved) {
            body.putObject("subject")
                    .put(
                            "reference",
                            Query.one(world.random(), world.items("Patient")).key());
        }
        Http.Call call = Query.one(world.random(), updates(item, body));
        Item next = new Item(item.author(), body);
        boolean may = !item.deleted() && may(caller, 'u', item) && may(caller, 'u', next);
        if (item.deleted() && may(caller, 'u', item)) {
            // To bring it back is allowed, and of no interest here.
            return;
        }
        boolean stale = call.headers().length > 0 && !call.headers()[1].equals("W/\"" + item.version() + "\"");
        if (may && !stale) {
            Http.Answer answer = http.send(caller.token(), call);
            if (!done(answer)) {
                faults.add(caller + " may " + call + " of " + item + ": " + answer.status() + " " + answer.body());
            } else {
                item.change(body);
                remember(item);
            }
        } else {
            refuse(caller, item, call, creates(caller, new Item(caller.organization(), body)));
        }
    }

    private List<Http.Call> updates(Item item, ObjectNode body) {
        ObjectNode merge = Http.JSON.createObjectNode().set("language", body.path("language"));
        if (body.has("subject")) {
            merge.set("subject", body.path("subject"));
        }
        String put = body.toString();
        String version = "W/\"" + (item.version() + world.random().nextInt(2)) + "\"";
        return List.of(
                Http.Call.of("PUT", item.key(), put),
                new Http.Call("PUT", item.key(), put, FHIR, "If-Match", version),
                new Http.Call("PATCH", item.key(), merge.toString(), "application/merge-patch+json"),
                new Http.Call(
                        "PATCH", item.key(), merge.toString(), "application/merge-patch+json", "If-Match", version),
                transaction("PUT", item.key(), body));
    }

    private static Http.Call transaction(String method, String url, JsonNode body) {
        ObjectNode bundle =
                Http.JSON.createObjectNode().put("resourceType", "Bundle").put("type", "transaction");
        ObjectNode entry = bundle.putArray("entry").addObject();
        if (!body.isMissingNode()) {
            entry.set("resource", body);
        }
        entry.putObject("request").put("method", method).put("url", url);
        return Http.Call.of("POST", "", bundle.toString());
    }

    // Delete

    private void delete(Caller caller, Item item) {
        JsonNode none = Http.JSON.missingNode();
        String byIdentifier = item.type() + "?identifier=" + World.TAG + "%7C" + item.id();
        Http.Call call = Query.one(
                world.random(),
                List.of(
                        new Http.Call("DELETE", item.key(), "", ""),
                        new Http.Call("DELETE", item.key(), "", "", "If-Match", "W/\"" + item.version() + "\""),
                        new Http.Call("DELETE", byIdentifier, "", ""),
                        transaction("DELETE", item.key(), none)));
        if (!may(caller, 'd', item)) {
            refuse(caller, item, call, false);
        } else if (!item.deleted()
                && !item.type().equals("Patient")
                && !call.path().contains("?")) {
            Http.Answer answer = http.send(caller.token(), call);
            if (!done(answer)) {
                faults.add(caller + " may " + call + " of " + item + ": " + answer.status() + " " + answer.body());
            } else {
                item.delete();
                remember(item);
            }
        }
    }

    // Create

    /** Into a random record, also into one that is not there. */
    private void create(Caller caller, Item like) {
        if (like.type().equals("Patient")) {
            return;
        }
        String id = world.unknown();
        ObjectNode body = renamed(like.body(), like.id(), id);
        Item made = new Item(caller.organization(), body);
        ObjectNode sent = body.deepCopy();
        sent.remove("id");
        Http.Answer answer = http.send(caller.token(), Http.Call.of("POST", like.type(), sent.toString()));
        boolean may = may(caller, 'c', made);
        if (may != done(answer)) {
            faults.add(caller + (may ? " may" : " may not") + " create " + sent + ": " + answer.status() + " "
                    + answer.body());
        }
        if (may) {
            allowed++;
        }
        Optional<String> patient = made.patient();
        if (!may && patient.isPresent()) {
            String nobody = world.unknown();
            Http.Answer other = http.send(
                    caller.token(),
                    Http.Call.of("POST", like.type(), sent.toString().replace(patient.get(), nobody)));
            if (!other.told(nobody).equals(answer.told(patient.get()))) {
                faults.add(caller + " creates " + sent + ": " + answer.told(patient.get()) + ", for nobody: "
                        + other.told(nobody));
            }
        }
        removeMade(like, id);
    }

    /** What a condition finds that is hidden counts as nothing. */
    private void conditionally(Caller caller, Item item) {
        if (visible(caller, item)) {
            return;
        }
        Item record = Query.one(world.random(), world.items("Patient"));
        ObjectNode body = item.body().deepCopy();
        body.remove("id");
        if (body.has("subject")) {
            body.putObject("subject").put("reference", record.key());
        }
        String criteria = "identifier=" + World.TAG + "%7C" + item.id();
        Http.Call call = Query.one(
                world.random(),
                List.of(
                        Http.Call.of("PUT", item.type() + "?" + criteria, body.toString()),
                        new Http.Call(
                                "PATCH",
                                item.type() + "?" + criteria,
                                "{\"language\":\"en\"}",
                                "application/merge-patch+json"),
                        new Http.Call("POST", item.type(), body.toString(), FHIR, "If-None-Exist", criteria)));
        Http.Answer hidden = http.send(caller.token(), call);
        String none = world.unknown();
        Http.Answer unknown = http.send(caller.token(), renamed(call, item.id(), none));
        if (!hidden.told(item.id()).equals(unknown.told(none))) {
            faults.add(caller + " " + call + " of " + item + ": " + hidden.told(item.id()) + ", of nothing: "
                    + unknown.told(none));
        }
        unchanged(caller, item, call);
        removeMade(item, item.id());
        removeMade(item, none);
    }

    /**
     * Creates unless a criterion finds something, by a chain or from what refers to it: who would find one by a search gets that
     * one, who may not search on the way is refused, and to all others what is hidden is nothing.
     */
    void byChains(int many) {
        List<Item> ofPatients = world.items().stream()
                .filter(item -> !item.deleted() && item.body().has("subject"))
                .filter(item -> world.item("Patient/" + item.patient().orElse(""))
                        .filter(patient -> !patient.deleted())
                        .isPresent())
                .toList();
        for (Caller caller : world.callers()) {
            for (int i = 0; i < many && !caller.equals(world.platform()); i++) {
                Item item = Query.one(world.random(), ofPatients);
                Item patient =
                        world.item("Patient/" + item.patient().orElseThrow()).orElseThrow();
                if (world.random().nextBoolean()) {
                    String chain = "subject:Patient." + named(patient) + "&" + named(item);
                    byChain(caller, item, patient, chain);
                } else {
                    String from = "_has:" + item.type() + ":subject:" + named(item);
                    byChain(caller, patient, item, from);
                }
            }
        }
    }

    private static String named(Item item) {
        return "identifier=" + World.TAG + "%7C" + item.id();
    }

    private void byChain(Caller caller, Item asked, Item hop, String criteria) {
        String mark = world.unknown();
        ObjectNode body = renamed(asked.body(), asked.id(), mark);
        body.remove("id");
        Http.Call call = new Http.Call("POST", asked.type(), body.toString(), FHIR, "If-None-Exist", criteria);
        Http.Answer answer = http.send(caller.token(), call);
        boolean shut = Stream.of(open(caller, asked, 'c'), open(caller, asked, 's'), open(caller, hop, 's'))
                        .anyMatch(Optional::isEmpty)
                || Model.hides(caller, hop.type(), "identifier");
        boolean finds = !shut && may(caller, 's', asked) && may(caller, 's', hop);
        if (finds) {
            foundByChains++;
        }
        boolean found =
                answer.status() == 200 && answer.body().path("id").asText().equals(asked.id());
        if (shut ? answer.status() != 403 : found != finds) {
            faults.add(caller + " " + call + (finds ? " finds it: " : shut ? " may not ask: " : " does not find it: ")
                    + answer.status() + " " + answer.body());
        }
        removeMade(asked, mark);
        if (!finds && !shut) {
            String none = world.unknown();
            Http.Answer unknown = http.send(
                    caller.token(),
                    new Http.Call(
                            "POST",
                            asked.type(),
                            body.toString(),
                            FHIR,
                            "If-None-Exist",
                            criteria.replace(hop.id(), none)));
            removeMade(asked, mark);
            if (!answer.told(hop.id()).equals(unknown.told(none))) {
                faults.add(caller + " " + call + ": " + answer.told(hop.id()) + ", of nothing: " + unknown.told(none));
            }
        }
    }

    private Optional<Predicate<Item>> open(Caller caller, Item item, char letter) {
        return model.open(caller, item.type(), letter);
    }

    /** How often criteria that lead through another type found something. */
    int foundByChains() {
        return foundByChains;
    }

    // What must not be

    /** @param creates whether the caller may give an id by PUT to what it sends */
    private void refuse(Caller caller, Item item, Http.Call call, boolean creates) {
        Http.Answer answer = http.send(caller.token(), call);
        unchanged(caller, item, call);
        boolean deletes = call.method().equals("DELETE") || call.body().contains("\"DELETE\"");
        if (done(answer) && !deletes) {
            faults.add(caller + " may not " + call + " of " + item + ": " + answer.status());
        }
        if (visible(caller, item) || creates && !call.method().equals("PATCH")) {
            return;
        }
        String none = world.unknown();
        Http.Answer unknown = http.send(caller.token(), renamed(call, item.id(), none));
        if (!told(answer, item.id()).equals(told(unknown, none))) {
            faults.add(caller + " " + call + " of hidden " + item + ": " + told(answer, item.id()) + ", of nothing: "
                    + told(unknown, none));
        }
        removeMade(item, none);
    }

    private static String told(Http.Answer answer, String id) {
        StringBuilder told = new StringBuilder(answer.told(id));
        answer.body().path("entry").forEach(entry -> {
            JsonNode response = entry.path("response");
            told.append(response.path("status").asText())
                    .append(response.path("outcome").path("issue").toString().replace(id, "ID"));
        });
        return told.toString();
    }

    private void unchanged(Caller caller, Item item, Http.Call call) {
        if (!read(item).equals(stored.get(item.key()))) {
            faults.add(caller + " changed " + item + " by " + call);
            remember(item);
        }
    }

    // The truth

    private boolean may(Caller caller, char letter, Item item) {
        return model.open(caller, item.type(), letter)
                .filter(open -> open.test(item))
                .isPresent();
    }

    private boolean visible(Caller caller, Item item) {
        return may(caller, 'r', item) || may(caller, 's', item) || may(caller, 'u', item);
    }

    /** Who is held to nothing but whose record it is gives ids by PUT; a new Patient begins a record. */
    private boolean creates(Caller caller, Item item) {
        boolean free = caller.role().equals("coordinator")
                && caller.scopes().stream().allMatch(scope -> scope.category().isEmpty());
        boolean begins =
                item.type().equals("Patient") && caller.scopes().stream().noneMatch(Caller.Scope::ofPatient);
        return free && (begins || may(caller, 'c', item));
    }

    private JsonNode read(Item item) {
        Http.Answer answer = http.send(world.platform().token(), Http.Call.get(item.key()));
        return answer.status() == 200
                ? answer.body()
                : Http.JSON.getNodeFactory().numberNode(answer.status());
    }

    private void remember(Item item) {
        allowed++;
        stored.put(item.key(), read(item));
    }

    /** In transactions, the entry tells. */
    private static boolean done(Http.Answer answer) {
        String ofEntry = answer.body()
                .path("entry")
                .path(0)
                .path("response")
                .path("status")
                .asText("200");
        return answer.status() < 300 && ofEntry.startsWith("2");
    }

    private static ObjectNode renamed(ObjectNode body, String id, String other) {
        try {
            return (ObjectNode) Http.JSON.readTree(body.toString().replace('"' + id + '"', '"' + other + '"'));
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static Http.Call renamed(Http.Call call, String id, String other) {
        String[] headers = call.headers().clone();
        for (int i = 0; i < headers.length; i++) {
            headers[i] = headers[i].replace(id, other);
        }
        return new Http.Call(
                call.method(),
                call.path().replace(id, other),
                call.body().replace(id, other),
                call.contentType(),
                headers);
    }

    /** Takes away what has this identifier and is not of the world. */
    private void removeMade(Item like, String identifier) {
        String url = like.type() + "?identifier=" + World.TAG + "%7C" + identifier;
        http.send(world.platform().token(), Http.Call.get(url))
                .body()
                .path("entry")
                .forEach(entry -> {
                    String key = like.type() + "/"
                            + entry.path("resource").path("id").asText();
                    if (world.item(key).isEmpty()) {
                        http.send(world.platform().token(), new Http.Call("DELETE", key, "", ""));
                    }
                });
    }
}
