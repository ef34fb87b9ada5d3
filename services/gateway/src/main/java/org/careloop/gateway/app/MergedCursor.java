package org.careloop.gateway.app;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.fhirsearch.QueryParameter;
import org.careloop.fhirsearch.SearchParser;
import org.careloop.fhirsearch.SearchRequest.Cursor;

/** Where a page starts that is merged out of several services: a cursor for each that was read from. */
record MergedCursor(Map<String, Cursor> byService) {

    /** The first page. */
    static final MergedCursor START = new MergedCursor(Map.of());

    private static final Pattern PART = Pattern.compile("([a-z-]{1,40})~(.+)");

    /** Reads what {@link #toString} wrote; fails with {@link ProblemCode#INVALID_PARAMETER}. */
    static MergedCursor parse(Optional<String> text) {
        Map<String, Cursor> cursors = new TreeMap<>();
        for (String part : text.map(given -> given.split("\\.")).orElse(new String[0])) {
            Matcher matcher = PART.matcher(part);
            Optional<Cursor> cursor = matcher.matches() ? Cursor.parse(matcher.group(2)) : Optional.empty();
            cursors.put(
                    matcher.matches() ? matcher.group(1) : "",
                    cursor.orElseThrow(() -> new FhirProblem(
                            ProblemCode.INVALID_PARAMETER,
                            SearchParser.CURSOR + ": not a link of ours (expected: as given)")));
        }
        return new MergedCursor(cursors);
    }

    /** The place that {@code parameters}, of an opened link or of a request, name; the first page when they name none. */
    static MergedCursor of(List<QueryParameter> parameters) {
        return parse(parameters.stream()
                .filter(parameter -> parameter.name().equals(SearchParser.CURSOR))
                .map(QueryParameter::value)
                .findFirst());
    }

    /** Returns {@code parameters} but the place of the page. */
    static List<QueryParameter> without(List<QueryParameter> parameters) {
        return parameters.stream()
                .filter(parameter -> !parameter.name().equals(SearchParser.CURSOR))
                .toList();
    }

    /** Where {@code service} goes on; empty from its start. */
    Optional<Cursor> of(String service) {
        return Optional.ofNullable(byService.get(service));
    }

    /** Returns this cursor, but {@code service} goes on after {@code last}. */
    MergedCursor after(String service, Cursor last) {
        Map<String, Cursor> next = new TreeMap<>(byService);
        next.put(service, last);
        return new MergedCursor(next);
    }

    @Override
    public String toString() {
        return byService.entrySet().stream()
                .map(each -> each.getKey() + "~" + each.getValue())
                .collect(Collectors.joining("."));
    }
}
