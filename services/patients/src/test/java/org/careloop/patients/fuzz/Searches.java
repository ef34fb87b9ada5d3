package org.careloop.patients.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/**
 * Random searches, each by every caller: what somebody finds, in which order, on which page and how much in total is what the
 * platform would find if only what they may see were there.
 */
final class Searches {

    private static final String WHOLE = "&_count=500";
    private static final List<String> SORTS =
            List.of("", "&_sort=_id", "&_sort=-_lastUpdated", "&_sort=-_id", "&_sort=SPECIAL", "&_sort=-SPECIAL,_id");

    private final World world;
    private final Model model;
    private final Http http;
    private final List<String> faults = new CopyOnWriteArrayList<>();
    private final Map<String, List<String>> truth = new ConcurrentHashMap<>();
    private final AtomicInteger found = new AtomicInteger();

    Searches(World world, Http http) {
        this.world = world;
        this.model = world.model();
        this.http = http;
    }

    List<String> faults() {
        return faults;
    }

    /** How many matches were shown in all. */
    int found() {
        return found.get();
    }

    void ask(int many) {
        for (int i = 0; i < many; i++) {
            Query query = Query.random(world, Query.one(world.random(), Query.types()), 2);
            String sort = Query.one(world.random(), SORTS).replace("SPECIAL", special(query.type()));
            String url = query.type() + "?" + world.tag() + query.text() + sort;
            Optional<List<String>> all = platformFinds(url);
            if (all.isEmpty()) {
                faults.add("refused: " + url);
                continue;
            }
            int how = world.random().nextInt(6);
            int count = 1 + world.random().nextInt(20);
            Http.atOnce(world.callers(), caller -> {
                Optional<Set<String>> open = expected(caller, query);
                if (open.isEmpty() || !mayFollow(caller, query)) {
                    refused(caller, Http.Call.get(url));
                    return;
                }
                List<String> expected =
                        all.get().stream().filter(open.get()::contains).toList();
                if (!Set.copyOf(expected).equals(open.get())) {
                    faults.add("hops of " + url + " by " + caller + ": " + open.get() + " are not among " + all.get());
                    return;
                }
                found.addAndGet(expected.size());
                switch (how) {
                    case 0 -> counted(caller, url, expected);
                    case 1 -> posted(caller, query, sort, expected);
                    case 2 -> withOthers(caller, query, url, expected);
                    default -> paged(caller, url, count, expected);
                }
            });
        }
    }

    private static String special(String type) {
        return switch (type) {
            case "Patient" -> "birthdate";
            case "Observation", "Condition", "Procedure", "Group" -> "code";
            case "RelatedPerson" -> "name";
            default -> "identifier";
        };
    }

    // What is to be found

    /** Ids that {@code caller} finds, hop by hop; empty when the type is shut. */
    private Optional<Set<String>> expected(Caller caller, Query query) {
        Optional<Predicate<Item>> open =
                caller.equals(world.platform()) ? Optional.of(_ -> true) : model.open(caller, query.type(), 's');
        return open.map(visible -> world.items(query.type()).stream()
                .filter(item -> !item.deleted())
                .filter(visible)
                .filter(item -> query.parts().stream().allMatch(part -> holds(caller, item, part)))
                .map(Item::id)
                .collect(Collectors.toSet()));
    }

    private boolean holds(Caller caller, Item item, Query.Part part) {
        return switch (part) {
            case Query.Plain plain ->
                platformFinds(item.type() + "?" + world.tag() + "&" + plain.text())
                        .orElseThrow(() -> new AssertionError("refused: " + item.type() + "?" + plain.text()))
                        .contains(item.id());
            case Query.Chain chain -> {
                Set<String> ends = expected(caller, chain.inner()).orElse(Set.of());
                yield Item.references(item.body(), path(item.type(), chain.parameter())).stream()
                        .anyMatch(key -> key.startsWith(chain.inner().type() + "/")
                                && ends.contains(key.substring(key.indexOf('/') + 1)));
            }
            case Query.Has has -> {
                Set<String> sources = expected(caller, has.inner()).orElse(Set.of());
                yield world.items(has.inner().type()).stream()
                        .filter(source -> sources.contains(source.id()))
                        .anyMatch(source -> Item.references(source.body(), path(source.type(), has.parameter()))
                                .contains(item.key()));
            }
        };
    }

    /** Each hop asks for what a search of its type asks for, or the whole is refused as that is. */
    private boolean mayFollow(Caller caller, Query query) {
        return caller.equals(world.platform())
                || !query.asks((type, parameter) -> Model.hides(caller, type, parameter))
                        && query.hops()
                                .allMatch(hop ->
                                        model.open(caller, hop.type(), 's').isPresent());
    }

    private static String path(String type, String parameter) {
        return Query.REFERENCES.get(type).get(parameter);
    }

    private Optional<List<String>> platformFinds(String url) {
        List<String> known = truth.computeIfAbsent(url, _ -> {
            Http.Answer answer = http.send(world.platform().token(), Http.Call.get(url + WHOLE));
            return answer.status() == 200 ? matches(answer) : List.of("refused");
        });
        return known.equals(List.of("refused")) ? Optional.empty() : Optional.of(known);
    }

    // Ways to ask

    private void paged(Caller caller, String url, int count, List<String> expected) {
        List<String> seen = new ArrayList<>();
        Optional<String> next = Optional.of(url + "&_total=accurate&_count=" + count);
        while (next.isPresent()) {
            Http.Answer page = http.send(caller.token(), Http.Call.get(next.get()));
            List<String> matches = matches(page);
            seen.addAll(matches);
            next = next(page);
            total(caller, url, page, expected.size());
            if (matches.size() > count || next.isPresent() && matches.size() < count) {
                faults.add(caller + " " + url + ": page of " + matches.size() + " by " + count);
            }
        }
        compare(caller, url, seen, expected);
    }

    private void counted(Caller caller, String url, List<String> expected) {
        Http.Answer answer = http.send(caller.token(), Http.Call.get(url + "&_summary=count"));
        total(caller, url, answer, expected.size());
        if (answer.body().has("entry")) {
            faults.add(caller + " " + url + ": entries beside a count");
        }
    }

    private void posted(Caller caller, Query query, String sort, List<String> expected) {
        String body = world.tag() + query.text() + sort + WHOLE + "&_total=accurate";
        Http.Answer answer = http.send(
                caller.token(),
                new Http.Call("POST", query.type() + "/_search", body, "application/x-www-form-urlencoded"));
        total(caller, "POST " + query.type() + " " + body, answer, expected.size());
        compare(caller, "POST " + query.type() + " " + body, matches(answer), expected);
    }

    /** With what the matches refer to, and what refers to them, one hop and on. */
    private void withOthers(Caller caller, Query query, String url, List<String> expected) {
        Set<String> matches =
                expected.stream().map(id -> query.type() + "/" + id).collect(Collectors.toSet());
        Set<String> others = new HashSet<>();
        StringBuilder asked = new StringBuilder();
        Query.REFERENCES.getOrDefault(query.type(), Map.of()).forEach((parameter, path) -> {
            asked.append("&_include=").append(query.type()).append(':').append(parameter);
            if (Model.hides(caller, query.type(), parameter)) {
                return;
            }
            matches.forEach(key ->
                    others.addAll(Item.references(world.item(key).orElseThrow().body(), path)));
        });
        Query.REFERENCES.forEach((type, parameters) -> parameters.forEach((parameter, path) -> {
            boolean refers = world.items(type).stream()
                    .flatMap(item -> Item.references(item.body(), path).stream())
                    .anyMatch(key -> key.startsWith(query.type() + "/"));
            if (refers) {
                asked.append("&_revinclude=").append(type).append(':').append(parameter);
                world.items(type).stream()
                        .filter(_ -> !Model.hides(caller, type, parameter))
                        .filter(item ->
                                Item.references(item.body(), path).stream().anyMatch(matches::contains))
                        .forEach(item -> others.add(item.key()));
            }
        }));
        others.removeAll(matches);
        others.removeIf(key -> !shown(caller, key));
        Http.Answer answer = http.send(caller.token(), Http.Call.get(url + WHOLE + "&_total=accurate" + asked));
        Set<String> included = entries(answer, "include").stream()
                .map(resource -> resource.path("resourceType").asText() + "/"
                        + resource.path("id").asText())
                .collect(Collectors.toSet());
        total(caller, url + asked, answer, expected.size());
        compare(caller, url + asked, matches(answer), expected);
        if (!included.equals(others)) {
            Set<String> more = new TreeSet<>(included);
            more.removeAll(others);
            Set<String> less = new TreeSet<>(others);
            less.removeAll(included);
            faults.add(caller + " " + url + asked + ": includes too much " + more + ", lacks " + less);
        }
    }

    private boolean shown(Caller caller, String key) {
        Optional<Item> item = world.item(key).filter(there -> !there.deleted());
        return item.isPresent()
                && (caller.equals(world.platform())
                        || model.open(caller, item.get().type(), 's')
                                .filter(open -> open.test(item.get()))
                                .isPresent());
    }

    private void refused(Caller caller, Http.Call call) {
        Http.Answer answer = http.send(caller.token(), call);
        if (answer.status() != 403) {
            faults.add(caller + " " + call + ": " + answer.status() + ", expected 403");
        }
    }

    private void compare(Caller caller, String url, List<String> seen, List<String> expected) {
        if (!seen.equals(expected)) {
            Set<String> more = new TreeSet<>(seen);
            expected.forEach(more::remove);
            Set<String> less = new TreeSet<>(expected);
            seen.forEach(less::remove);
            faults.add(caller + " " + url + ": too much " + named(url, more) + ", missing " + named(url, less)
                    + (more.isEmpty() && less.isEmpty() ? ", order " + seen + ", expected " + expected : ""));
        }
    }

    private List<String> named(String url, Set<String> ids) {
        return world.items().stream()
                .filter(item -> ids.contains(item.id()))
                .map(Item::toString)
                .toList();
    }

    private void total(Caller caller, String url, Http.Answer answer, int expected) {
        if (answer.status() != 200 || answer.body().path("total").asInt(-1) != expected) {
            faults.add(caller + " " + url + ": " + answer.status() + ", total "
                    + answer.body().path("total").asText() + ", expected " + expected);
        }
    }

    // What came back

    private static List<JsonNode> entries(Http.Answer answer, String mode) {
        return StreamSupport.stream(answer.body().path("entry").spliterator(), false)
                .filter(entry -> entry.path("search").path("mode").asText().equals(mode))
                .map(entry -> entry.path("resource"))
                .toList();
    }

    private static List<String> matches(Http.Answer answer) {
        return entries(answer, "match").stream()
                .map(resource -> resource.path("id").asText())
                .toList();
    }

    /** What follows {@code /fhir/} in the link to the next page. */
    static Optional<String> next(Http.Answer page) {
        return StreamSupport.stream(page.body().path("link").spliterator(), false)
                .filter(link -> link.path("relation").asText().equals("next"))
                .map(link -> link.path("url").asText())
                .map(url -> url.substring(url.indexOf("/fhir/") + "/fhir/".length()))
                .findFirst();
    }
}
