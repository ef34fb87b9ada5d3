package org.careloop.fhirvalidation.internal;

import static java.util.Map.entry;
import static org.careloop.fhirvalidation.internal.Children.all;
import static org.careloop.fhirvalidation.internal.Children.has;
import static org.careloop.fhirvalidation.internal.Children.hasAny;
import static org.careloop.fhirvalidation.internal.Children.hasCoding;
import static org.careloop.fhirvalidation.internal.Children.is;
import static org.careloop.fhirvalidation.internal.Children.isBefore;
import static org.careloop.fhirvalidation.internal.Children.number;
import static org.careloop.fhirvalidation.internal.Children.text;

import java.math.BigDecimal;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.careloop.fhirvalidation.internal.Invariant.Rule;
import org.hl7.fhir.r4.model.Base;

/**
 * The invariants of FHIR R4 that are checked on every write, by R4's keys: direct predicates instead of FHIRPath. Where they
 * apply is in the definitions; those that are not here are checked by {@code $validate} alone.
 */
final class Invariants {

    private static final String TERMINOLOGY = "http://terminology.hl7.org/CodeSystem/";

    /** Checked by {@link Walk} itself, which knows the resource around. */
    private static final Set<String> BY_WALK = Set.of("dom-2", "dom-3", "dom-4", "dom-5", "ref-1", "txt-1", "txt-2");

    private static final Map<String, Rule> DATA_TYPES = Map.ofEntries(
            entry("ext-1", (e, r) -> has(e, "extension") != has(e, "value")),
            entry("per-1", (e, r) -> !isBefore(e, "end", "start")),
            entry("qty-3", (e, r) -> !has(e, "code") || has(e, "system")),
            entry("cpt-2", (e, r) -> !has(e, "value") || has(e, "system")),
            entry("att-1", (e, r) -> !has(e, "data") || has(e, "contentType")),
            entry("rng-2", (e, r) -> !Quantities.isLess(e, "high", "low")),
            entry(
                    "rat-1",
                    (e, r) -> has(e, "numerator") == has(e, "denominator") && hasAny(e, "numerator", "extension")),
            entry("age-1", (e, r) -> Quantities.isUcum(e) && Quantities.isPositive(e)),
            entry("cnt-3", (e, r) -> Quantities.isUcum(e) && Quantities.isCount(e)),
            entry("dis-1", (e, r) -> Quantities.isUcum(e)),
            entry("drt-1", (e, r) -> !has(e, "code") || has(e, "value") && Quantities.hasUcum(e)),
            entry("exp-1", (e, r) -> hasAny(e, "expression", "reference")),
            entry("trd-1", (e, r) -> !has(e, "data") || !has(e, "timing")),
            entry("trd-2", (e, r) -> !has(e, "condition") || has(e, "data")),
            entry(
                    "trd-3",
                    (e, r) -> (!is(e, "type", "named-event") || has(e, "name"))
                            && (!is(e, "type", "periodic") || has(e, "timing"))
                            && (!text(e, "type").startsWith("data-") || has(e, "data"))),
            entry("drq-1", (e, r) -> has(e, "path") != has(e, "searchParam")),
            entry("drq-2", (e, r) -> has(e, "path") != has(e, "searchParam")),
            entry("tim-1", (e, r) -> !has(e, "duration") || has(e, "durationUnit")),
            entry("tim-2", (e, r) -> !has(e, "period") || has(e, "periodUnit")),
            entry("tim-4", (e, r) -> isNotNegative(e, "duration")),
            entry("tim-5", (e, r) -> isNotNegative(e, "period")),
            entry("tim-6", (e, r) -> !has(e, "periodMax") || has(e, "period")),
            entry("tim-7", (e, r) -> !has(e, "durationMax") || has(e, "duration")),
            entry("tim-8", (e, r) -> !has(e, "countMax") || has(e, "count")),
            entry(
                    "tim-9",
                    (e, r) -> !has(e, "offset")
                            || has(e, "when")
                                    && all(e, "when").stream()
                                            .noneMatch(when -> Set.of("C", "CM", "CD", "CV")
                                                    .contains(when.primitiveValue()))),
            entry("tim-10", (e, r) -> !has(e, "timeOfDay") || !has(e, "when")));

    private static final Map<String, Rule> RECORDS = Map.ofEntries(
            entry("obs-3", (e, r) -> hasAny(e, "low", "high", "text")),
            entry("obs-6", (e, r) -> !has(e, "dataAbsentReason") || !has(e, "value")),
            entry(
                    "obs-7",
                    (e, r) -> !has(e, "value") || all(e, "component").stream().noneMatch(c -> sharesCode(c, e))),
            entry("con-1", (e, r) -> hasAny(e, "summary", "assessment")),
            entry("con-2", (e, r) -> hasAny(e, "code", "detail")),
            entry(
                    "con-4",
                    (e, r) -> !has(e, "abatement")
                            || hasCoding(
                                    e,
                                    "clinicalStatus",
                                    TERMINOLOGY + "condition-clinical",
                                    "resolved",
                                    "remission",
                                    "inactive")),
            entry("con-5", (e, r) -> !isMistake(e, "condition-ver-status") || !has(e, "clinicalStatus")),
            entry("ait-1", (e, r) -> isMistake(e, "allergyintolerance-verification") || has(e, "clinicalStatus")),
            entry("ait-2", (e, r) -> !isMistake(e, "allergyintolerance-verification") || !has(e, "clinicalStatus")),
            entry("pat-1", (e, r) -> hasAny(e, "name", "telecom", "address", "organization")),
            entry("fhs-1", (e, r) -> !has(e, "age") || !has(e, "born")),
            entry("fhs-2", (e, r) -> has(e, "age") || !has(e, "estimatedAge")),
            entry("imm-1", (e, r) -> hasAny(e, "documentType", "reference")),
            entry("mdd-1", (e, r) -> !isBefore(e, "whenHandedOver", "whenPrepared")),
            entry("grp-1", (e, r) -> !has(e, "member") || is(e, "actual", "true")),
            entry("ppc-1", (e, r) -> hasAny(e, "policy", "policyRule")),
            entry("ras-1", (e, r) -> Quantities.isPercent(e, "low") && Quantities.isPercent(e, "high")),
            entry("ras-2", (e, r) -> isAtMost(e, "probability", 100)),
            entry("qrs-1", (e, r) -> !has(e, "answer") || !has(e, "item")));

    private static final Map<String, Rule> WORK = Map.ofEntries(
            entry("cpl-3", (e, r) -> !has(e, "detail") || !has(e, "reference")),
            entry("gol-1", (e, r) -> !has(e, "detail") || has(e, "measure")),
            entry("prr-1", (e, r) -> !has(e, "orderDetail") || has(e, "code")),
            entry("inv-1", (e, r) -> !isBefore(e, "lastModified", "authoredOn")),
            entry("lst-1", (e, r) -> !has(e, "emptyReason") || !has(e, "entry")),
            entry(
                    "lst-2",
                    (e, r) -> is(e, "mode", "changes")
                            || all(e, "entry").stream().noneMatch(entry -> is(entry, "deleted", "true"))),
            entry(
                    "lst-3",
                    (e, r) -> is(e, "mode", "working")
                            || all(e, "entry").stream().noneMatch(entry -> has(entry, "date"))),
            entry("org-1", (e, r) -> hasAny(e, "identifier", "name")),
            entry("org-2", (e, r) -> !is(e, "use", "home")),
            entry("org-3", (e, r) -> !is(e, "use", "home")),
            entry("app-1", (e, r) -> hasAny(e, "type", "actor")),
            entry("app-2", (e, r) -> has(e, "start") == has(e, "end")),
            entry(
                    "app-3",
                    (e, r) -> has(e, "start") && has(e, "end") || is(e, "status", "proposed", "cancelled", "waitlist")),
            entry("app-4", (e, r) -> !has(e, "cancelationReason") || is(e, "status", "no-show", "cancelled")),
            entry("cmp-1", (e, r) -> hasAny(e, "text", "entry", "section")),
            entry("cmp-2", (e, r) -> !has(e, "emptyReason") || !has(e, "entry")));

    private Invariants() {}

    /** Returns the predicate of {@code key}; empty when {@link Walk} or {@code $validate} alone checks it. */
    static Optional<Rule> find(String key) {
        Rule rule = DATA_TYPES.get(key);
        rule = rule != null ? rule : RECORDS.get(key);
        rule = rule != null ? rule : WORK.get(key);
        rule = rule != null ? rule : FormAndBundleInvariants.RULES.get(key);
        return Optional.ofNullable(rule);
    }

    /** The keys of all that are checked on every write. */
    static Set<String> checked() {
        return Stream.of(
                        BY_WALK,
                        DATA_TYPES.keySet(),
                        RECORDS.keySet(),
                        WORK.keySet(),
                        FormAndBundleInvariants.RULES.keySet())
                .flatMap(Set::stream)
                .collect(Collectors.toUnmodifiableSet());
    }

    private static boolean isNotNegative(Base element, String name) {
        BigDecimal number = number(element, name);
        return number == null || number.signum() >= 0;
    }

    private static boolean isAtMost(Base element, String name, long most) {
        BigDecimal number = number(element, name);
        return number == null || number.compareTo(BigDecimal.valueOf(most)) <= 0;
    }

    private static boolean isMistake(Base element, String system) {
        return hasCoding(element, "verificationStatus", TERMINOLOGY + system, "entered-in-error");
    }

    /** FHIR's intersect compares whole codings; a display may differ, so system and code decide here. */
    private static boolean sharesCode(Base component, Base whole) {
        return all(component, "code").stream()
                .flatMap(code -> all(code, "coding").stream())
                .filter(coding -> has(coding, "code"))
                .anyMatch(coding -> hasCoding(whole, "code", text(coding, "system"), text(coding, "code")));
    }
}
