package org.careloop.patients.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Who may do what, as {@code docs/architecture/security.md} says, written down a second time and without a look at the code
 * that does it: over plain JSON, one resource and one caller at a time.
 */
final class Model {

    static final String ICD = "http://hl7.org/fhir/sid/icd-10-cm";
    static final String ACT = "http://terminology.hl7.org/CodeSystem/v3-ActCode";

    /** Types that are in no patient's compartment. */
    static final Set<String> OUTSIDE = Set.of("Group", "Questionnaire");

    /**
     * That a patient's compartment is open now.
     *
     * @param grantee organisation, or {@code person/} and who it is
     * @param names what the resource that opens it names, and what that names
     */
    record Opening(String grant, String grantee, String patient, Set<String> names) {}

    private final Set<Opening> openings;
    private final List<Item> items;

    Model(Set<Opening> openings, List<Item> items) {
        this.openings = openings;
        this.items = items;
    }

    /**
     * Returns which resources of {@code type} are open to {@code caller} for the letter of {@code cruds}; empty when none can
     * be, which is told by 403.
     */
    Optional<Predicate<Item>> open(Caller caller, String type, char letter) {
        List<Caller.Scope> scopes = caller.scopes().stream()
                .filter(scope -> scope.type().equals("*") || scope.type().equals(type))
                .filter(scope -> scope.letters().indexOf(letter) >= 0)
                .filter(scope -> !scope.ofPatient()
                        || caller.role().equals("patient")
                        || !OUTSIDE.contains(type)
                        || letter == 'r'
                        || letter == 's')
                .toList();
        Optional<Predicate<Item>> rule = rule(caller, type, letter);
        return scopes.isEmpty()
                ? Optional.empty()
                : rule.map(open -> open.and(item -> scopes.stream().anyMatch(scope -> within(scope, caller, item))));
    }

    private static boolean within(Caller.Scope scope, Caller caller, Item item) {
        boolean category = scope.category().isEmpty()
                || !item.deleted()
                        && Item.codings(item.body(), "category.coding").stream()
                                .anyMatch(coding -> coding.endsWith("|" + scope.category()));
        boolean record = !scope.ofPatient()
                || OUTSIDE.contains(item.type())
                || item.patient().equals(Optional.of(caller.patient()));
        return category && record;
    }

    private Optional<Predicate<Item>> rule(Caller caller, String type, char letter) {
        boolean reads = letter == 'r' || letter == 's';
        return switch (caller.role()) {
            case "coordinator" ->
                reads
                        ? Optional.of(item -> ofTeam(caller, item)
                                || opened(caller, item)
                                || own(caller, item)
                                || isOpenToStaff(type))
                        : Optional.of(item -> ofTeam(caller, item) || own(caller, item));
            case "supervisor" ->
                reads
                        ? Optional.of(item -> ofTeam(caller, item) || own(caller, item) || isOpenToStaff(type))
                        : Optional.empty();
            case "patient" ->
                reads ? Optional.of(item -> item.patient().equals(Optional.of(caller.patient()))) : Optional.empty();
            case "partner" -> partner(caller, type, letter);
            default -> Optional.empty();
        };
    }

    /** A Group is in nobody's compartment but names patients, so it is for those who made it. */
    private static boolean isOpenToStaff(String type) {
        return OUTSIDE.contains(type) && !type.equals("Group");
    }

    private Optional<Predicate<Item>> partner(Caller caller, String type, char letter) {
        boolean reads = letter == 'r' || letter == 's';
        if (OUTSIDE.contains(type)) {
            return Optional.empty();
        }
        Predicate<Item> named = item -> item.patient().stream()
                .anyMatch(patient -> openings.stream()
                        .anyMatch(opening -> opening.grant().equals("asked")
                                && opening.grantee().equals(caller.organization())
                                && opening.patient().equals(patient)
                                && opening.names().contains(item.key())));
        Optional<Predicate<Item>> opened = switch (type) {
            case "Patient" ->
                reads
                        ? Optional.of(item -> granted("asked", caller.organization(), item))
                        : Optional.<Predicate<Item>>empty();
            case "Procedure" -> work(caller, letter, "crus", "performer.actor", named);
            case "Observation" -> work(caller, letter, "crs", "performer", named);
            case "DocumentReference" -> work(caller, letter, "crs", "author", named);
            default -> reads ? Optional.of(named) : Optional.<Predicate<Item>>empty();
        };
        return opened.map(open -> open.and(item -> consented(caller, item)));
    }

    private Optional<Predicate<Item>> work(Caller caller, char letter, String may, String by, Predicate<Item> named) {
        Predicate<Item> own = item -> !item.deleted()
                && granted("accepted", caller.organization(), item)
                && Item.references(item.body(), by).contains("Organization/" + caller.organization());
        return may.indexOf(letter) < 0
                ? Optional.empty()
                : Optional.of(letter == 'r' || letter == 's' ? own.or(named) : own);
    }

    // Elements

    /** Elements of a Patient that its agencies see, of choices without the type. */
    private static final Set<String> DEMOGRAPHICS = Set.of(
            "active", "name", "telecom", "gender", "birthDate", "deceased", "address", "contact", "communication");

    /** Parameters of a Patient that look at other elements. */
    private static final Set<String> OF_OTHERS = Set.of("identifier", "organization", "link");

    private static boolean seesPart(Caller caller, String type) {
        return caller.role().equals("partner") && type.equals("Patient");
    }

    /** Tells whether {@code parameter} of {@code type} looks at what {@code caller} does not see, so that it is refused. */
    static boolean hides(Caller caller, String type, String parameter) {
        return seesPart(caller, type) && OF_OTHERS.contains(parameter);
    }

    /** Tells whether {@code answer} is what {@code caller} sees of {@code whole}, and says so when that is a part. */
    static boolean isShown(Caller caller, JsonNode whole, JsonNode answer) {
        if (!seesPart(caller, whole.path("resourceType").asText())) {
            return answer.equals(whole);
        }
        ObjectNode part = whole.deepCopy();
        part.retain(whole.properties().stream()
                .map(Map.Entry::getKey)
                .filter(name -> Set.of("resourceType", "id", "meta").contains(name)
                        || DEMOGRAPHICS.stream().anyMatch(name::startsWith))
                .toList());
        ObjectNode seen = answer.deepCopy();
        boolean told = false;
        for (Iterator<JsonNode> tags = seen.path("meta").path("tag").elements(); tags.hasNext(); ) {
            if (tags.next().path("code").asText().equals("SUBSETTED")) {
                tags.remove();
                told = true;
            }
        }
        return told && seen.equals(part);
    }

    private boolean ofTeam(Caller caller, Item item) {
        return granted("team", caller.organization(), item);
    }

    private boolean opened(Caller caller, Item item) {
        return granted("break-glass", "person/" + caller.person(), item);
    }

    private static boolean own(Caller caller, Item item) {
        return item.patient().isEmpty() && item.author().equals(caller.organization());
    }

    private boolean granted(String grant, String grantee, Item item) {
        return item.patient().stream()
                .anyMatch(patient -> openings.stream()
                        .anyMatch(opening -> opening.grant().equals(grant)
                                && opening.grantee().equals(grantee)
                                && opening.patient().equals(patient)));
    }

    // Consent

    /** Labels that the codes of a resource lead to. */
    static Set<String> labels(JsonNode body) {
        Set<String> labels = new HashSet<>();
        for (String coding : Item.codings(body, "code.coding")) {
            String code = coding.startsWith(ICD + "|") ? coding.substring(ICD.length() + 1) : "";
            if (code.matches("F1[0-689].*")) {
                labels.add(ACT + "|ETHUD");
            } else if (code.matches("F[2-6].*")) {
                labels.add(ACT + "|PSY");
            } else if (code.startsWith("B20")) {
                labels.add(ACT + "|HIV");
            }
        }
        return labels;
    }

    private boolean consented(Caller caller, Item item) {
        if (item.patient().isEmpty() || item.author().equals(caller.organization())) {
            return true;
        }
        if (item.deleted()) {
            return false;
        }
        List<Boolean> told = items.stream()
                .filter(each -> each.type().equals("Consent") && !each.deleted())
                .filter(each -> each.patient().equals(item.patient()))
                .flatMap(each -> said(each.body(), caller, item).stream())
                .toList();
        // What no consent speaks of is open as shipped, unless it is sensitive.
        return told.isEmpty() ? labels(item.body()).isEmpty() : told.stream().allMatch(permit -> permit);
    }

    /** What one consent says: the deepest rule that speaks of it, of several a denial. */
    private static Optional<Boolean> said(JsonNode consent, Caller caller, Item item) {
        if (!consent.path("status").asText().equals("active")) {
            return Optional.empty();
        }
        JsonNode outer = consent.path("provision");
        String policy =
                consent.path("policyRule").path("coding").path(0).path("code").asText();
        String base = outer.has("type")
                ? outer.path("type").asText()
                : policy.equals("OPTOUT") ? "deny" : policy.equals("OPTIN") ? "permit" : "";
        boolean outerSpeaks = speaks(outer, base.equals("permit"), caller, item);
        Set<Boolean> deepest = new HashSet<>();
        for (JsonNode inner : outer.path("provision")) {
            boolean permit = inner.path("type").asText().equals("permit");
            // What the outer rule tells and the inner does not, it takes over; the worlds tell each thing at one place
            // only.
            if (speaks(inner, permit, caller, item) && narrows(outer, permit, caller, item)) {
                deepest.add(permit);
            }
        }
        if (deepest.isEmpty() && !base.isEmpty() && outerSpeaks) {
            deepest.add(base.equals("permit"));
        }
        return deepest.isEmpty() ? Optional.empty() : Optional.of(!deepest.contains(false));
    }

    private static boolean speaks(JsonNode provision, boolean permit, Caller caller, Item item) {
        Set<String> named = Item.codings(provision, "securityLabel");
        return narrows(provision, permit, caller, item) && (!permit || named.containsAll(labels(item.body())));
    }

    private static boolean narrows(JsonNode provision, boolean permit, Caller caller, Item item) {
        Set<String> actors = Item.references(provision, "actor.reference");
        Set<String> classes = Item.codings(provision, "class").stream()
                .map(coding -> coding.substring(coding.indexOf('|') + 1))
                .collect(Collectors.toSet());
        Set<String> labels = Item.codings(provision, "securityLabel");
        Set<String> codes = Item.codings(provision, "code.coding");
        Set<String> purposes = Item.codings(provision, "purpose");
        Set<String> data = Item.references(provision, "data.reference");
        String end = provision.path("period").path("end").asText();
        String start = provision.path("period").path("start").asText();
        return (actors.isEmpty() || actors.contains("Organization/" + caller.organization()))
                && (classes.isEmpty() || classes.contains(item.type()))
                && (labels.isEmpty() || labels(item.body()).stream().anyMatch(labels::contains))
                && (codes.isEmpty()
                        || Item.codings(item.body(), "code.coding").stream().anyMatch(codes::contains))
                && (purposes.isEmpty() || purposes.stream().anyMatch(purpose -> purpose.endsWith("|TREAT")))
                && (data.isEmpty() || data.contains(item.key()))
                && !end.startsWith("2020")
                && !start.startsWith("2100")
                && ofTime(provision, permit, item);
    }

    /** Data until the end of 2020; of what has no date nobody knows that it is not, or that it is, of then. */
    private static boolean ofTime(JsonNode provision, boolean permit, Item item) {
        if (!provision.has("dataPeriod")) {
            return true;
        }
        String date = item.body().path("effectiveDateTime").asText();
        return date.isEmpty() ? !permit : date.compareTo("2021") < 0;
    }
}
