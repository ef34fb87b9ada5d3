package org.careloop.fhirmodel;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The version of a resource as HTTP carries it: {@code W/"3"}.
 *
 * @see <a href="https://hl7.org/fhir/R4/http.html#versioning">FHIR R4 versioning</a>
 */
public record ETag(long version) {

    private static final Pattern SYNTAX = Pattern.compile("(?:W/)?\"([1-9][0-9]{0,17})\"");

    /** Reads an {@code If-Match} value; fails with {@link ProblemCode#INVALID_PARAMETER}. */
    public static ETag parse(String header) {
        Matcher matcher = SYNTAX.matcher(header.trim());
        if (!matcher.matches()) {
            throw new FhirProblem(
                    ProblemCode.INVALID_PARAMETER, "If-Match: not an entity tag (expected: W/\"<version>\")");
        }
        return new ETag(Long.parseLong(matcher.group(1)));
    }

    @Override
    public String toString() {
        return "W/\"" + version + "\"";
    }
}
