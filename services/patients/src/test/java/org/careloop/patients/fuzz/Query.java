package org.careloop.patients.fuzz;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A search, of which what a caller may find can be told hop by hop: a parameter asks the type alone, a chain and
 * {@code _has} ask a search of their own, of which the caller finds no more than by sending it.
 */
record Query(String type, List<Part> parts) {

    /** One parameter. */
    sealed interface Part {}

    /** A parameter of the type itself, encoded. */
    record Plain(String text) implements Part {}

    /** {@code parameter:Type.<inner>}. */
    record Chain(String parameter, Query inner) implements Part {}

    /** {@code _has:Type:parameter:<inner>}. */
    record Has(String parameter, Query inner) implements Part {}

    /** Reference parameters of each type to types that are here, and where they look. */
    static final Map<String, Map<String, String>> REFERENCES = Map.of(
            "Observation", Map.of("subject", "subject", "patient", "subject", "derived-from", "derivedFrom"),
            "Condition", Map.of("subject", "subject", "patient", "subject"),
            "Procedure", Map.of("subject", "subject", "patient", "subject", "reason-reference", "reasonReference"),
            "DocumentReference", Map.of("subject", "subject", "patient", "subject", "related", "context.related"),
            "MedicationRequest", Map.of("subject", "subject", "patient", "subject"),
            "RelatedPerson", Map.of("patient", "patient"),
            "Consent", Map.of("patient", "patient", "data", "provision.data.reference"),
            "Group", Map.of("member", "member.entity"),
            "Patient", Map.of("link", "link.other"));

    /** Parameters of a type by which each page link may be sorted; the platform and a caller are given the same order. */
    private static final Map<String, List<String>> PLAIN = new HashMap<>();

    static {
        List<String> coded = List.of("code=I10", "code=E11.9,F32.1", "code:not=I10", "code=B20", "code=F11.20");
        PLAIN.put(
                "Observation",
                List.of(
                        "code=I10",
                        "code=F11.20,B20",
                        "code:not=I10",
                        "category=laboratory",
                        "category:not=laboratory",
                        "date=ge2020-01-01",
                        "date=lt2020",
                        "date:missing=true",
                        "status=final",
                        "_security=ETHUD,HIV",
                        "_security:missing=false",
                        "derived-from:missing=false",
                        "subject:missing=true"));
        PLAIN.put("Condition", coded);
        PLAIN.put("Procedure", coded);
        PLAIN.put("DocumentReference", List.of("status=current", "related:missing=true", "contenttype=text/plain"));
        PLAIN.put("MedicationRequest", List.of("status=active", "intent=order"));
        PLAIN.put("RelatedPerson", List.of("name=kim", "name:contains=n", "name:exact=Ortiz"));
        PLAIN.put("Consent", List.of("status=active", "status:not=active", "category=IDSCL"));
        PLAIN.put("Group", List.of("type=person", "actual=true"));
        PLAIN.put("Questionnaire", List.of("status=active", "status:not=active"));
        PLAIN.put(
                "Patient",
                List.of(
                        "family=or",
                        "family:exact=Kim",
                        "gender=male",
                        "gender:not=male",
                        "birthdate=gt1955",
                        "birthdate=1950-01-01",
                        "organization:missing=false",
                        "link:missing=false"));
    }

    static List<String> types() {
        return PLAIN.keySet().stream().sorted().toList();
    }

    /** A random search; {@code depth} hops at most. */
    static Query random(World world, String type, int depth) {
        Random random = world.random();
        Set<Part> parts = new HashSet<>();
        for (int many = random.nextInt(depth == 0 ? 1 : 2, 3); many > 0; many--) {
            parts.add(part(world, type, depth));
        }
        return new Query(type, List.copyOf(parts));
    }

    private static Part part(World world, String type, int depth) {
        Random random = world.random();
        int kind = depth == 0 ? 0 : random.nextInt(6);
        List<String> parameters = REFERENCES.getOrDefault(type, Map.of()).keySet().stream()
                .sorted()
                .toList();
        if (kind == 4 && !parameters.isEmpty()) {
            String parameter = one(random, parameters);
            List<String> targets = targets(parameter);
            return new Chain(parameter, single(world, one(random, targets), depth - 1));
        }
        if (kind >= 4) {
            List<String> sources = types().stream()
                    .filter(source -> REFERENCES.getOrDefault(source, Map.of()).keySet().stream()
                            .anyMatch(parameter -> targets(parameter).contains(type)))
                    .toList();
            if (!sources.isEmpty()) {
                String source = one(random, sources);
                List<String> by = REFERENCES.get(source).keySet().stream()
                        .filter(parameter -> targets(parameter).contains(type))
                        .sorted()
                        .toList();
                return new Has(one(random, by), single(world, source, depth - 1));
            }
        }
        return plain(world, type);
    }

    /** A search of one parameter, as a chain can carry. */
    private static Query single(World world, String type, int depth) {
        return new Query(type, List.of(part(world, type, depth)));
    }

    private static Part plain(World world, String type) {
        Random random = world.random();
        List<Item> items = world.items();
        return switch (random.nextInt(6)) {
            case 0 ->
                new Plain("_id=" + one(random, items).id() + ","
                        + one(random, world.items(type)).id());
            case 1 -> new Plain("identifier=" + one(random, world.items(type)).id());
            case 2 -> {
                List<String> parameters = REFERENCES.getOrDefault(type, Map.of()).keySet().stream()
                        .sorted()
                        .toList();
                if (parameters.isEmpty()) {
                    yield new Plain(one(random, PLAIN.get(type)));
                }
                String parameter = one(random, parameters);
                String target = one(random, targets(parameter));
                yield new Plain(
                        parameter + "=" + one(random, world.items(target)).key());
            }
            default -> new Plain(one(random, PLAIN.get(type)));
        };
    }

    private static List<String> targets(String parameter) {
        return switch (parameter) {
            case "derived-from" -> List.of("Observation");
            case "reason-reference" -> List.of("Condition");
            case "related", "data" -> List.of("Observation", "Condition");
            default -> List.of("Patient");
        };
    }

    /** The parameters as they are sent, each beginning with {@code &}. */
    String text() {
        return parts.stream().map(part -> "&" + text(part)).collect(Collectors.joining());
    }

    private static String text(Part part) {
        return switch (part) {
            case Plain plain -> plain.text();
            case Chain chain ->
                chain.parameter() + ":" + chain.inner().type() + "."
                        + text(chain.inner().parts().getFirst());
            case Has has ->
                "_has:" + has.inner().type() + ":" + has.parameter() + ":"
                        + text(has.inner().parts().getFirst());
        };
    }

    /** The searches that this one leads through. */
    Stream<Query> hops() {
        return parts.stream().flatMap(part -> switch (part) {
            case Plain _ -> Stream.<Query>empty();
            case Chain chain ->
                Stream.concat(Stream.of(chain.inner()), chain.inner().hops());
            case Has has -> Stream.concat(Stream.of(has.inner()), has.inner().hops());
        });
    }

    /** Tells whether the search, or one that it leads through, asks for a parameter, by type and name, that is {@code wanted}. */
    boolean asks(BiPredicate<String, String> wanted) {
        return parts.stream().anyMatch(part -> switch (part) {
            case Plain plain -> wanted.test(type, plain.text().split("[=:]", 2)[0]);
            case Chain chain ->
                wanted.test(type, chain.parameter()) || chain.inner().asks(wanted);
            case Has has ->
                wanted.test(has.inner().type(), has.parameter()) || has.inner().asks(wanted);
        });
    }

    static <T> T one(Random random, List<T> from) {
        return from.get(random.nextInt(from.size()));
    }
}
