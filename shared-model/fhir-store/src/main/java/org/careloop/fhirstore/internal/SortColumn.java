package org.careloop.fhirstore.internal;

import java.util.Optional;
import java.util.stream.Collectors;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.fhirsearch.SearchParameter;
import org.careloop.fhirsearch.SearchParameters;
import org.careloop.fhirsearch.SearchRequest.SortKey;
import org.careloop.fhirsearch.SortForm;

/**
 * What matches are sorted by, as a column beside the resource {@code r}. Of several values of one resource it is the one that
 * comes first in the order.
 */
record SortColumn(String name, SortForm form, String expression, boolean descending) {

    private static final String MICROS = "(extract(epoch from %s) * 1000000)::bigint";

    /**
     * Tokens and references are indexed as hashes: who sorts by them reads the bodies of all matches. PostgreSQL refuses JSON
     * with the character zero.
     */
    private static final String IN_BODY = "(select %s(case jsonb_typeof(v) when 'object' then coalesce(v->>'reference',"
            + " v->>'value', v->>'code', v#>>'{coding,0,code}', v#>>'{identifier,value}', v->>'text', v->>'display')"
            + " else v#>>'{}' end collate \"C\") from (select replace(convert_from(r.body, 'UTF8'), '\\u0000', '')::jsonb as b"
            + " offset 0) j, lateral (%s) x (v))";

    static SortColumn of(SqlParameters parameters, String type, SortKey key, String name) {
        String expression = switch (key.parameter()) {
            case SortKey.ID -> "r.id collate \"C\"";
            case SortKey.CHANGED -> MICROS.formatted("r.changed");
            default -> ofIndex(parameters, parameter(type, key), key.descending() ? "max" : "min");
        };
        return new SortColumn(name, SortForm.of(type, key), expression, key.descending());
    }

    /** @param first the aggregate that takes of several values the one that comes first in the order */
    private static String ofIndex(SqlParameters parameters, SearchParameter parameter, String first) {
        return switch (parameter.kind()) {
            case STRING, URI -> row(parameters, parameter, "string_index", first + "(x.folded)");
            case DATE -> row(parameters, parameter, "date_index", MICROS.formatted(first + "(x.low)"));
            case NUMBER, QUANTITY -> row(parameters, parameter, "number_index", first + "(x.low)");
            case TOKEN, REFERENCE -> {
                String values = parameter.path().inJson().stream()
                        .map(path -> "select jsonb_path_query(j.b, " + parameters.add(path) + "::text::jsonpath)")
                        .collect(Collectors.joining(" union all "));
                yield IN_BODY.formatted(first, values);
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
        if (text.indexOf('\0') >= 0) {
            throw SortSql.foreign();
        }
        try {
            return form.read(text);
        } catch (NumberFormatException e) {
            throw SortSql.foreign();
        }
    }
}
