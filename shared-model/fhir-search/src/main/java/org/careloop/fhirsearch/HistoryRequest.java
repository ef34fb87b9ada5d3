package org.careloop.fhirsearch;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.fhirmodel.ResourceKey;

/**
 * Which versions a history asks for, newest first.
 *
 * @param types whose resources' versions are told
 * @param id of the one resource whose versions are told; absent for those of all
 * @param count the most versions of one page
 * @param since only versions that were made then or later
 * @param at only versions that were current at some moment of that time
 * @param cursor where the page starts; absent for the first page
 * @param applied the parameters that were understood, for the self link
 * @see <a href="https://hl7.org/fhir/R4/http.html#history">FHIR R4 history</a>
 */
public record HistoryRequest(
        Set<String> types,
        Optional<String> id,
        int count,
        Optional<Instant> since,
        Optional<DateRange> at,
        Optional<Cursor> cursor,
        List<QueryParameter> applied) {

    private static final Set<String> OF_THE_FORM = Set.of("_format", "_pretty");

    /** Reads the history of one resource; fails as {@link #parse(Set, List, int, int)} does. */
    public static HistoryRequest parse(
            ResourceKey key, List<QueryParameter> parameters, int defaultCount, int largestCount) {
        return parse(Set.of(key.type()), Optional.of(key.id().value()), parameters, defaultCount, largestCount);
    }

    /**
     * Reads the history of all resources of {@code types}; fails with {@link ProblemCode#UNSUPPORTED_PARAMETER} or {@link
     * ProblemCode#INVALID_PARAMETER}.
     */
    public static HistoryRequest parse(
            Set<String> types, List<QueryParameter> parameters, int defaultCount, int largestCount) {
        return parse(types, Optional.empty(), parameters, defaultCount, largestCount);
    }

    private static HistoryRequest parse(
            Set<String> types,
            Optional<String> id,
            List<QueryParameter> parameters,
            int defaultCount,
            int largestCount) {
        int count = Math.min(defaultCount, largestCount);
        Optional<Instant> since = Optional.empty();
        Optional<DateRange> at = Optional.empty();
        Optional<Cursor> cursor = Optional.empty();
        List<QueryParameter> applied = new ArrayList<>();
        for (QueryParameter parameter : parameters) {
            String value = parameter.value();
            switch (parameter.name()) {
                case "_count" -> count = Math.min(count(value), largestCount);
                case "_since" ->
                    since = Optional.of(DateRange.parse("_since", value).low());
                case "_at" -> at = Optional.of(DateRange.parse("_at", value));
                case SearchParser.CURSOR -> cursor = Optional.of(Cursor.parse(value));
                case String name when OF_THE_FORM.contains(name) -> {}
                default ->
                    throw new FhirProblem(
                            ProblemCode.UNSUPPORTED_PARAMETER,
                            "query: not a parameter of a history (expected: _count, _since, _at)");
            }
            if (!parameter.name().equals(SearchParser.CURSOR)) {
                applied.add(parameter);
            }
        }
        return new HistoryRequest(types, id, count, since, at, cursor, applied);
    }

    /** Returns the same request of other types. */
    public HistoryRequest of(Set<String> others) {
        return new HistoryRequest(others, id, count, since, at, cursor, applied);
    }

    /** Returns the same request with another start of the page. */
    public HistoryRequest from(Optional<Cursor> other) {
        return new HistoryRequest(types, id, count, since, at, other, applied);
    }

    /** Returns what follows the base URL: {@code Type/id/_history}, {@code Type/_history} or {@code _history}. */
    @JsonIgnore
    public String path() {
        return types.size() == 1
                ? types.iterator().next() + id.map(known -> "/" + known).orElse("") + "/_history"
                : "_history";
    }

    private static int count(String value) {
        try {
            int count = Integer.parseInt(value);
            if (count > 0) {
                return count;
            }
        } catch (NumberFormatException e) {
            // Falls through to the one refusal below.
        }
        throw new FhirProblem(ProblemCode.INVALID_PARAMETER, "_count: not a count (expected: 1 or more)");
    }

    /**
     * The last version of the page before. A version keeps its place when it is superseded, and what is written meanwhile
     * comes before all pages: nothing is told twice and nothing is left out.
     *
     * @param changedMicros when it was made, in microseconds since 1970
     * @param row of the resource in its store
     */
    public record Cursor(long changedMicros, long row, long version) {

        private static final Pattern SYNTAX = Pattern.compile("(\\d{1,19})-(\\d{1,19})-(\\d{1,19})");

        /** Reads what {@link #toString} wrote; fails with {@link ProblemCode#INVALID_PARAMETER}. */
        public static Cursor parse(String text) {
            Matcher matcher = SYNTAX.matcher(text);
            try {
                if (matcher.matches()) {
                    return new Cursor(
                            Long.parseLong(matcher.group(1)),
                            Long.parseLong(matcher.group(2)),
                            Long.parseLong(matcher.group(3)));
                }
            } catch (NumberFormatException e) {
                // Falls through to the one refusal below.
            }
            throw new FhirProblem(
                    ProblemCode.INVALID_PARAMETER, SearchParser.CURSOR + ": not a link of ours (expected: as given)");
        }

        /** Returns where those versions start that are not newer than {@code changedMicros}. */
        public static Cursor notAfter(long changedMicros) {
            return new Cursor(changedMicros, Long.MAX_VALUE, Long.MAX_VALUE);
        }

        @Override
        public String toString() {
            return changedMicros + "-" + row + "-" + version;
        }
    }
}
