package org.careloop.fhirvalidation.internal;

import static java.util.Map.entry;
import static org.careloop.fhirvalidation.internal.Children.all;
import static org.careloop.fhirvalidation.internal.Children.first;
import static org.careloop.fhirvalidation.internal.Children.has;
import static org.careloop.fhirvalidation.internal.Children.hasAny;
import static org.careloop.fhirvalidation.internal.Children.is;
import static org.careloop.fhirvalidation.internal.Children.text;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.careloop.fhirvalidation.internal.Invariant.Rule;
import org.hl7.fhir.r4.model.Base;

/** The invariants of forms (que-*) and Bundles (bdl-*). */
final class FormAndBundleInvariants {

    static final Map<String, Rule> RULES = Map.ofEntries(
            entry(
                    "que-1",
                    (e, r) -> (!is(e, "type", "group") || has(e, "item"))
                            && (!is(e, "type", "display") || !has(e, "item"))),
            entry("que-2", (e, r) -> hasDistinctLinks(e, new HashSet<>())),
            entry("que-3", (e, r) -> !is(e, "type", "display") || !has(e, "code")),
            entry("que-4", (e, r) -> !has(e, "answerOption") || !has(e, "answerValueSet")),
            entry(
                    "que-5",
                    (e, r) -> !hasAny(e, "answerValueSet", "answerOption")
                            || is(
                                    e,
                                    "type",
                                    "choice",
                                    "open-choice",
                                    "decimal",
                                    "integer",
                                    "date",
                                    "dateTime",
                                    "time",
                                    "string",
                                    "quantity")),
            entry("que-6", (e, r) -> !is(e, "type", "display") || !hasAny(e, "required", "repeats")),
            entry(
                    "que-7",
                    (e, r) -> !is(e, "operator", "exists")
                            || first(e, "answer") instanceof Base answer
                                    && answer.fhirType().equals("boolean")),
            entry("que-8", (e, r) -> !is(e, "type", "group", "display") || !has(e, "initial")),
            entry("que-9", (e, r) -> !is(e, "type", "display") || !has(e, "readOnly")),
            entry(
                    "que-10",
                    (e, r) -> !has(e, "maxLength")
                            || is(e, "type", "boolean", "decimal", "integer", "string", "text", "url", "open-choice")),
            entry("que-11", (e, r) -> !has(e, "answerOption") || !has(e, "initial")),
            entry("que-12", (e, r) -> all(e, "enableWhen").size() <= 2 || has(e, "enableBehavior")),
            entry(
                    "que-13",
                    (e, r) -> is(e, "repeats", "true") || all(e, "initial").size() <= 1),
            entry("bdl-1", (e, r) -> !has(e, "total") || is(e, "type", "searchset", "history")),
            entry(
                    "bdl-2",
                    (e, r) -> is(e, "type", "searchset")
                            || all(e, "entry").stream().noneMatch(each -> has(each, "search"))),
            entry("bdl-3", (e, r) -> everyEntry(e, "request", is(e, "type", "batch", "transaction", "history"))),
            entry(
                    "bdl-4",
                    (e, r) -> everyEntry(
                            e, "response", is(e, "type", "batch-response", "transaction-response", "history"))),
            entry("bdl-5", (e, r) -> hasAny(e, "resource", "request", "response")),
            entry("bdl-7", (e, r) -> is(e, "type", "history") || hasDistinctUrls(e)),
            entry("bdl-8", (e, r) -> !text(e, "fullUrl").contains("/_history/")),
            entry(
                    "bdl-9",
                    (e, r) -> !is(e, "type", "document")
                            || first(e, "identifier") instanceof Base identifier
                                    && has(identifier, "system")
                                    && has(identifier, "value")),
            entry(
                    "bdl-10",
                    (e, r) ->
                            !is(e, "type", "document") || !text(e, "timestamp").isEmpty()));

    private FormAndBundleInvariants() {}

    private static boolean hasDistinctLinks(Base element, Set<String> seen) {
        return all(element, "item").stream()
                .allMatch(item ->
                        (!has(item, "linkId") || seen.add(text(item, "linkId"))) && hasDistinctLinks(item, seen));
    }

    private static boolean everyEntry(Base bundle, String name, boolean demanded) {
        return all(bundle, "entry").stream().allMatch(entry -> has(entry, name) == demanded);
    }

    private static boolean hasDistinctUrls(Base bundle) {
        Set<String> seen = new HashSet<>();
        return all(bundle, "entry").stream()
                .filter(entry -> has(entry, "fullUrl"))
                .allMatch(entry -> seen.add(text(entry, "fullUrl") + '|' + version(entry)));
    }

    private static String version(Base entry) {
        Base resource = first(entry, "resource");
        Base meta = resource == null ? null : first(resource, "meta");
        return meta == null ? "" : text(meta, "versionId");
    }
}
