package org.careloop.fhirmodel;

import ca.uhn.fhir.parser.IParserErrorHandler;
import ca.uhn.fhir.parser.json.BaseJsonLikeValue.ScalarType;
import ca.uhn.fhir.parser.json.BaseJsonLikeValue.ValueType;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Refuses everything that HAPI's parser notices, and tells the name of the element. HAPI's own texts quote the value,
 * which may be a person's data, so none of them is used.
 */
final class NamingErrorHandler implements IParserErrorHandler {

    /** An element's name may come from the client: only what can be one is repeated. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,63}(?:\\[x])?");

    @Override
    public void containedResourceWithNoId(@Nullable IParseLocation location) {
        throw problem("contained", "a contained resource without id (expected: an id)");
    }

    @Override
    public void incorrectJsonType(
            @Nullable IParseLocation location,
            String elementName,
            ValueType expected,
            @Nullable ScalarType expectedScalar,
            ValueType found,
            @Nullable ScalarType foundScalar) {
        throw problem(elementName, "wrong kind of JSON value (expected: " + kind(expected, expectedScalar) + ")");
    }

    @Override
    public void invalidValue(@Nullable IParseLocation location, String value, String error) {
        throw problem(nameOf(location), "invalid value (expected: one that FHIR R4 allows here)");
    }

    @Override
    public void missingRequiredElement(@Nullable IParseLocation location, String elementName) {
        throw problem(elementName, "missing (expected: at least 1)");
    }

    @Override
    public void unexpectedRepeatingElement(@Nullable IParseLocation location, String elementName) {
        throw problem(elementName, "repeated (expected: at most 1)");
    }

    @Override
    public void unknownAttribute(@Nullable IParseLocation location, String attributeName) {
        throw problem(known(attributeName, location), "unknown or misplaced (expected: an element of FHIR R4)");
    }

    @Override
    public void unknownElement(@Nullable IParseLocation location, String elementName) {
        throw problem(known(elementName, location), "unknown or misplaced (expected: an element of FHIR R4)");
    }

    @Override
    public void unknownReference(@Nullable IParseLocation location, String reference) {
        throw problem("reference", "points nowhere (expected: a contained resource of that id)");
    }

    @Override
    public void invalidInternalReference(@Nullable IParseLocation location, String reference) {
        throw problem("reference", "not a reference to a contained resource (expected: # and an id)");
    }

    @Override
    public void extensionContainsValueAndNestedExtensions(@Nullable IParseLocation location) {
        throw problem("extension", "value and nested extensions (expected: one of them)");
    }

    private static String kind(ValueType expected, @Nullable ScalarType scalar) {
        return scalar == null || expected != ValueType.SCALAR
                ? expected.name().toLowerCase(Locale.ROOT)
                : scalar.name().toLowerCase(Locale.ROOT);
    }

    /** Returns {@code name} if it can be an element's, the name of the parent otherwise. */
    private static String known(String name, @Nullable IParseLocation location) {
        return NAME.matcher(name).matches() ? name : nameOf(location);
    }

    private static String nameOf(@Nullable IParseLocation location) {
        String name = location == null ? null : location.getParentElementName();
        return name == null ? "" : name;
    }

    private static FhirProblem problem(String element, String what) {
        return NAME.matcher(element).matches()
                ? new FhirProblem(ProblemCode.MALFORMED_BODY, element, element + ": " + what)
                : new FhirProblem(ProblemCode.MALFORMED_BODY, "body: an element is " + what);
    }
}
