package org.careloop.patients.oracle;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.careloop.patients.oracle.Parameter.Kind;
import org.hl7.fhir.r4.model.Base;
import org.hl7.fhir.r4.model.DomainResource;
import org.hl7.fhir.r4.model.Quantity;
import org.hl7.fhir.r4.model.Range;

/** Random searches, each with what it asks of a resource and the order that it asks for. */
final class Queries {

    private static final List<String> PREFIXES = List.of("", "", "eq", "ne", "gt", "lt", "ge", "le", "sa", "eb", "ap");
    private static final List<String> TYPES =
            Parameter.ALL.stream().map(Parameter::type).distinct().toList();

    /** Where a reference leads to types that this service holds. */
    private static final Map<String, List<String>> CHAINS = Map.of(
            "RelatedPerson.patient", List.of("Patient"),
            "Group.member:Patient", List.of("Patient"),
            "Observation.subject:Patient", List.of("Patient"),
            "Observation.subject:Group", List.of("Group"),
            "Condition.subject", List.of("Group", "Patient"),
            "AllergyIntolerance.patient", List.of("Patient"),
            "Procedure.subject:Patient", List.of("Patient"),
            "DiagnosticReport.result", List.of("Observation"));

    record Query(
            String type,
            List<Map.Entry<String, String>> parameters,
            Predicate<DomainResource> holds,
            Comparator<DomainResource> order) {}

    private record Filter(String name, String value, Predicate<DomainResource> holds) {}

    private final Random random;
    private final List<DomainResource> stored;

    Queries(Random random, List<DomainResource> stored) {
        this.random = random;
        this.stored = stored;
    }

    Query next() {
        String type = one(TYPES);
        List<Map.Entry<String, String>> parameters = new ArrayList<>();
        Predicate<DomainResource> holds = each -> true;
        for (int i = random.nextInt(3); i >= 0; i--) {
            Filter filter = filter(type, 2);
            parameters.add(Map.entry(filter.name(), filter.value()));
            holds = holds.and(filter.holds());
        }
        Comparator<DomainResource> order = (one, other) -> 0;
        if (random.nextInt(3) == 0) {
            List<String> keys = new ArrayList<>();
            for (int i = random.nextInt(3); i >= 0; i--) {
                List<Parameter> sortable = Parameter.of(type).stream()
                        .filter(each -> !each.composite() && each.kind() != Kind.TOKEN)
                        .toList();
                Parameter parameter = one(sortable);
                boolean descending = random.nextBoolean();
                keys.add((descending ? "-" : "") + parameter.name());
                order = order.thenComparing(by(parameter, descending));
            }
            parameters.add(Map.entry("_sort", String.join(",", keys)));
        }
        parameters.add(Map.entry("_count", random.nextInt(4) == 0 ? "4" : "500"));
        return new Query(type, parameters, holds, order);
    }

    private Filter filter(String type, int chains) {
        int choice = random.nextInt(10);
        if (choice == 0 && chains > 0) {
            return chain(type, chains);
        }
        if (choice == 1 && chains > 0) {
            return reverseChain(type, chains);
        }
        return own(one(Parameter.of(type)));
    }

    private Filter chain(String type, int chains) {
        List<String> links = CHAINS.keySet().stream()
                .filter(link -> link.startsWith(type + "."))
                .sorted()
                .toList();
        if (links.isEmpty()) {
            return own(one(Parameter.of(type)));
        }
        String link = one(links);
        List<String> targets = CHAINS.get(link);
        String name = link.substring(link.indexOf('.') + 1);
        Parameter reference = Parameter.of(type, name.replaceFirst(":.*", ""));
        Filter filter = targets.size() > 1
                ? own(Parameter.of("Patient", "identifier"))
                : filter(targets.getFirst(), chains - 1);
        if (targets.size() > 1) {
            // An identifier of either type: the same parameter, evaluated for whichever the target is.
            filter = own(Parameter.of("Group", "identifier"));
        }
        Filter there = filter;
        return new Filter(
                name + "." + there.name(),
                there.value(),
                resource -> reference.values(resource).stream()
                        .map(Spec::target)
                        .anyMatch(target -> targets.stream().anyMatch(each -> target.startsWith(each + "/"))
                                && find(target).filter(there.holds()).isPresent()));
    }

    private Filter reverseChain(String type, int chains) {
        List<String> links = CHAINS.keySet().stream()
                .filter(link -> CHAINS.get(link).contains(type))
                .sorted()
                .toList();
        if (links.isEmpty()) {
            return own(one(Parameter.of(type)));
        }
        String link = one(links);
        String source = link.substring(0, link.indexOf('.'));
        Parameter reference =
                Parameter.of(source, link.substring(link.indexOf('.') + 1).replaceFirst(":.*", ""));
        Filter there = filter(source, chains - 1);
        return new Filter(
                "_has:" + source + ":" + reference.name() + ":" + there.name(),
                there.value(),
                resource -> stored.stream()
                        .filter(each ->
                                each.fhirType().equals(source) && there.holds().test(each))
                        .flatMap(each -> reference.values(each).stream())
                        .anyMatch(each -> Spec.target(each)
                                .equals(resource.fhirType() + "/"
                                        + resource.getIdElement().getIdPart())));
    }

    private Optional<DomainResource> find(String target) {
        return stored.stream()
                .filter(each -> target.equals(
                        each.fhirType() + "/" + each.getIdElement().getIdPart()))
                .findFirst();
    }

    private Filter own(Parameter parameter) {
        List<String> modifiers = new ArrayList<>(List.of("", "", "", "missing"));
        if (!parameter.composite()) {
            modifiers.addAll(
                    switch (parameter.kind()) {
                        case TOKEN ->
                            parameter.name().equals("identifier")
                                    ? List.of("not", "text", "of-type")
                                    : List.of("not", "text");
                        case STRING -> List.of("exact", "contains");
                        case URI -> List.of("above", "below");
                        case DATE, QUANTITY, REFERENCE -> List.<String>of();
                    });
        }
        String modifier = one(modifiers);
        if (modifier.equals("missing")) {
            boolean missing = random.nextBoolean();
            return new Filter(
                    parameter.name() + ":missing", "" + missing, each -> missing != isPresent(parameter, each));
        }
        List<String> values = new ArrayList<>();
        for (int i = random.nextInt(3) == 0 ? random.nextInt(3) : 0; i >= 0; i--) {
            values.add(value(parameter, modifier));
        }
        Predicate<DomainResource> any =
                each -> values.stream().anyMatch(value -> holds(parameter, modifier, value, each));
        return new Filter(
                parameter.name() + (modifier.isEmpty() ? "" : ":" + modifier),
                String.join(",", values),
                modifier.equals("not") ? any.negate() : any);
    }

    private static boolean isPresent(Parameter parameter, DomainResource resource) {
        return parameter.composite()
                ? parameter.elements(resource).stream()
                        .anyMatch(each -> !parameter.firsts(each).isEmpty()
                                && !parameter.seconds(each).isEmpty())
                : !parameter.values(resource).isEmpty();
    }

    private static boolean holds(Parameter parameter, String modifier, String value, DomainResource resource) {
        if (!parameter.composite()) {
            Predicate<Base> test = modifier.isEmpty() || modifier.equals("not")
                    ? Spec.plain(parameter.kind(), value)
                    : Spec.modified(modifier, value);
            return parameter.values(resource).stream().anyMatch(test);
        }
        List<String> parts = Spec.split(value, '$');
        return parameter.elements(resource).stream()
                .anyMatch(element -> parameter.firsts(element).stream().anyMatch(Spec.plain(Kind.TOKEN, parts.get(0)))
                        && parameter.seconds(element).stream().anyMatch(Spec.plain(parameter.kind(), parts.get(1))));
    }

    private String value(Parameter parameter, String modifier) {
        if (parameter.composite()) {
            String first = parameter.name().equals("relationship") ? one(List.of("replaces", "signs")) : named();
            return first + "$" + simple(parameter, "composite");
        }
        return simple(parameter, modifier);
    }

    private String simple(Parameter parameter, String modifier) {
        return switch (parameter.kind()) {
            case TOKEN ->
                switch (modifier) {
                    case "text" -> text();
                    case "of-type" ->
                        one(RandomValues.SYSTEMS) + "|" + Spec.escaped(one(RandomValues.CODES)) + "|"
                                + Spec.escaped(one(RandomValues.CODES));
                    case "composite" -> named();
                    default -> token(parameter);
                };
            case STRING -> modifier.equals("exact") ? Spec.escaped(one(RandomValues.TEXTS)) : text();
            case URI -> one(RandomValues.URIS);
            case DATE -> one(PREFIXES) + one(RandomValues.DATES);
            case QUANTITY ->
                one(PREFIXES)
                        + one(RandomValues.NUMBERS)
                        + one(List.of("", "", "||g", "||mg", "|http://unitsofmeasure.org|kg", "|http://x.org/u|g"));
            case REFERENCE -> reference(parameter);
        };
    }

    private String token(Parameter parameter) {
        return switch (parameter.name()) {
            case "gender" -> one(List.of("male", "female", "unknown"));
            case "status" -> one(List.of("final", "amended"));
            case "active", "actual" -> one(List.of("true", "false"));
            case "relation" -> one(List.of("replaces", "signs"));
            default -> random.nextInt(6) == 0 ? "http://x.org/s|" : named();
        };
    }

    private String named() {
        String code = Spec.escaped(one(RandomValues.CODES));
        return random.nextBoolean() ? code : one(RandomValues.SYSTEMS) + "|" + code;
    }

    private String text() {
        String text = one(RandomValues.TEXTS);
        String part = text.substring(0, 1 + random.nextInt(text.length()));
        return Spec.escaped(random.nextBoolean() ? part.toUpperCase(java.util.Locale.ROOT) : part);
    }

    private String reference(Parameter parameter) {
        List<String> targets = stored.stream()
                .filter(each -> each.fhirType().equals(parameter.type()))
                .flatMap(each -> Stream.concat(
                        parameter.composite()
                                ? parameter.elements(each).stream().flatMap(e -> parameter.seconds(e).stream())
                                : parameter.values(each).stream(),
                        Stream.empty()))
                .map(Spec::target)
                .collect(Collectors.toList());
        String target = targets.isEmpty() ? "Patient/none" : one(targets);
        return switch (random.nextInt(3)) {
            case 0 -> "http://localhost:8080/fhir/" + target;
            case 1 -> target.substring(target.indexOf('/') + 1);
            default -> target;
        };
    }

    /** The value that comes first in the order; who has none comes last. */
    private static Comparator<DomainResource> by(Parameter parameter, boolean descending) {
        Comparator<Comparable<Object>> order = descending ? Comparator.reverseOrder() : Comparator.naturalOrder();
        return Comparator.comparing(
                resource -> parameter.values(resource).stream()
                        .flatMap(each -> keys(parameter.kind(), each))
                        .min(order)
                        .orElse(null),
                Comparator.nullsLast(order));
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static Stream<Comparable<Object>> keys(Kind kind, Base element) {
        Stream<? extends Comparable> keys = switch (kind) {
            case STRING -> Spec.texts(element).map(Spec::fold);
            case URI -> Stream.of(element.primitiveValue());
            case REFERENCE -> Stream.of(element instanceof org.hl7.fhir.r4.model.Reference r ? r.getReference() : "");
            case DATE -> Spec.span(element).map(Spec.Span::low).stream();
            case QUANTITY ->
                Stream.of(
                        element instanceof Range range
                                ? range.getLow().hasValue()
                                        ? range.getLow().getValue().doubleValue()
                                        : Double.NEGATIVE_INFINITY
                                : ((Quantity) element).getValue().doubleValue());
            case TOKEN -> Stream.empty();
        };
        return keys.map(each -> (Comparable<Object>) each);
    }

    private <T> T one(List<T> of) {
        return of.get(random.nextInt(of.size()));
    }
}
