package org.careloop.fhirsearch;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;

/** One name and value of a query string, decoded; the name still holds modifier and chain. */
public record QueryParameter(String name, String value) {

    /** Splits a query string or form body; empty parts are dropped. */
    public static List<QueryParameter> parse(String query) {
        List<QueryParameter> parameters = new ArrayList<>();
        for (String part : query.split("&")) {
            if (!part.isEmpty()) {
                int equals = part.indexOf('=');
                parameters.add(
                        equals < 0
                                ? new QueryParameter(decode(part), "")
                                : new QueryParameter(
                                        decode(part.substring(0, equals)), decode(part.substring(equals + 1))));
            }
        }
        return parameters;
    }

    /** Returns the query string of {@code parameters}, with its question mark; empty when there are none. */
    public static String format(List<QueryParameter> parameters) {
        return parameters.isEmpty()
                ? ""
                : parameters.stream()
                        .map(parameter -> encode(parameter.name()) + "=" + encode(parameter.value()))
                        .collect(Collectors.joining("&", "?", ""));
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8)
                .replace("%3A", ":")
                .replace("%2F", "/");
    }

    private static String decode(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new FhirProblem(
                    ProblemCode.INVALID_PARAMETER,
                    "query: invalid percent encoding (expected: application/x-www-form-urlencoded)");
        }
    }
}
