package org.careloop.fhirstore.internal;

import java.util.Optional;
import java.util.stream.Collectors;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.fhirsearch.SearchParameter;
import org.careloop.fhirsearch.SearchParameters;
import org.careloop.fhirsearch.SearchRequest.SortKey;

/**
 * What matches are sorted by, as a column beside the resource {@code r}. Of several values of one resource it is the one that
 * comes first in the order.
 */
record SortColumn(String name, Form form, String expression, boolean descending) {

    private static final String MICROS = "(extract(epoch from %s) * 1000000)::bigint";

    /**
     * Tokens and references are indexed as hashes: who sorts by them reads the bodies of all matches. PostgreSQL refuses JSON
     * with the character zero.
     */
    private static final String IN_BODY = "(select %s(case jsonb_typeof(v) when 'object' then coalesce(v->>'reference',"
            + " v->>'value', v->>'code', v#>>'{coding,0,code}', v#>>'{identifier,value}', v->>'text', v->>'display')"
            + " else v#>>'{}' end collate \"C\") from (select replace(convert_from(r.body, 'UTF8'), '\\u0000', '')::jsonb as b"
            + " offset 0) j, lateral (%s) x (v))";

    private enum Form {
        TEXT,
        MICROS,
        NUMBER
    }

    static SortColumn of(SqlParameters parameters, String type, SortKey key, String name) {
        return switch (key.parameter()) {
            case SortKey.ID -> new SortColumn(name, Form.TEXT, "r.id collate \"C\"", key.descending());
            case SortKey.CHANGED -> new SortColumn(name, Form.MICROS, MICROS.formatted("r.changed"), key.descending());
            default -> ofIndex(parameters, parameter(type, key), key, name);
        };
    }

    private static SortColumn ofIndex(SqlParameters parameters, SearchParameter parameter, SortKey key, String name) {
        String first = key.descending() ? "max" : "min";
        return switch (parameter.kind()) {
            case STRING, URI ->
                new SortColumn(
                        name,
                        Form.TEXT,
                        row(parameters, parameter, "string_index", first + "(x.folded)"),
                        key.descending());
            case DATE ->
                new SortColumn(
                        name,
                        Form.MICROS,
                        row(parameters, parameter, "date_index", MICROS.formatted(first + "(x.low)")),
                        key.descending());
            case NUMBER, QUANTITY ->
                new SortColumn(
                        name,
                        Form.NUMBER,
                        row(parameters, parameter, "number_index", first + "(x.low)"),
                        key.descending());
            case TOKEN, REFERENCE -> {
                String values = parameter.path().inJson().stream()
                        .map(path -> "select jsonb_path_query(j.b, " + parameters.add(path) + "::text::jsonpath)")
                        .collect(Collectors.joining(" union all "));
                yield new SortColumn(name, Form.TEXT, IN_BODY.formatted(first, values), key.descending());
            }
            case COMPOSITE -> throw unknown();
        };
    }

    private static String row(SqlParameters parameters, SearchParameter parameter, String table, String value) {
        return "(select " + value + " from " + table + " x where x.rid = r.rid and x.parameter = "
                + parameters.add(parameter.sortKey()) + ")";
    }

    private static SearchParameter parameter(String type, SortKey key) {
        return SearchParameters.find(type, key.parameter()).orElseThrow(SortColumn::unknown);
    }

    private static FhirProblem unknown() {
        return new FhirProblem(
                ProblemCode.UNSUPPORTED_PARAMETER, "_sort: not by this parameter (expected: one of the type)");
    }

    String order() {
        return "r." + name + (descending ? " desc" : " asc") + " nulls last";
    }

    /** Returns the predicate that a row comes after one with {@code value}. */
    String after(String value) {
        return "(r." + name + (descending ? " < " : " > ") + value + " or r." + name + " is null)";
    }

    /** Returns the predicate that a row has {@code value}, or none. */
    String equal(Optional<String> value) {
        return "r." + name + value.map(each -> " = " + each).orElse(" is null");
    }

    /** Reads a value out of a cursor, which a client may have changed. */
    Object read(String text) {
        try {
            return switch (form) {
                case TEXT -> {
                    if (text.indexOf('\0') >= 0) {
                        throw SortSql.foreign();
                    }
                    yield text;
                }
                case MICROS -> Long.valueOf(text);
                case NUMBER -> Double.valueOf(text);
            };
        } catch (NumberFormatException e) {
            throw SortSql.foreign();
        }
    }
}
