package org.careloop.fhirmodel;

import ca.uhn.fhir.parser.IParserErrorHandler;
import ca.uhn.fhir.parser.json.BaseJsonLikeValue.ScalarType;
import ca.uhn.fhir.parser.json.BaseJsonLikeValue.ValueType;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Collects everything that HAPI's parser notices, with the name of the element. HAPI's own texts quote the value, which
 * may be a person's data, so none of them is used. For one body.
 */
final class NamingErrorHandler implements IParserErrorHandler {

    /** An element's name may come from the client: only what can be one is repeated. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,63}(?:\\[x])?");

    private final List<FhirProblem.Issue> issues = new ArrayList<>();

    /** What was noticed; a resource with any of it is not to be used. */
    List<FhirProblem.Issue> issues() {
        return issues;
    }

    @Override
    public void containedResourceWithNoId(@Nullable IParseLocation location) {
        add("contained", "a contained resource without id (expected: an id)");
    }

    @Override
    public void incorrectJsonType(
            @Nullable IParseLocation location,
            String elementName,
            ValueType expected,
            @Nullable ScalarType expectedScalar,
            ValueType found,
            @Nullable ScalarType foundScalar) {
        add(elementName, "wrong kind of JSON value (expected: " + kind(expected, expectedScalar) + ")");
    }

    @Override
    public void invalidValue(@Nullable IParseLocation location, String value, String error) {
        add(nameOf(location), "invalid value (expected: one that FHIR R4 allows here)");
    }

    @Override
    public void missingRequiredElement(@Nullable IParseLocation location, String elementName) {
        add(elementName, "missing (expected: at least 1)");
    }

    @Override
    public void unexpectedRepeatingElement(@Nullable IParseLocation location, String elementName) {
        add(elementName, "repeated (expected: at most 1)");
    }

    @Override
    public void unknownAttribute(@Nullable IParseLocation location, String attributeName) {
        add(known(attributeName, location), "unknown or misplaced (expected: an element of FHIR R4)");
    }

    @Override
    public void unknownElement(@Nullable IParseLocation location, String elementName) {
        add(known(elementName, location), "unknown or misplaced (expected: an element of FHIR R4)");
    }

    /** A matter of the structure rules (ref-1), which know the place. */
    @Override
    public void unknownReference(@Nullable IParseLocation location, String reference) {}

    @Override
    public void invalidInternalReference(@Nullable IParseLocation location, String reference) {
        add("reference", "not a reference to a contained resource (expected: # and an id)");
    }

    @Override
    public void extensionContainsValueAndNestedExtensions(@Nullable IParseLocation location) {
        add("extension", "value and nested extensions (expected: one of them)");
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

    private void add(String element, String what) {
        issues.add(
                NAME.matcher(element).matches()
                        ? new FhirProblem.Issue(Optional.of(element), element + ": " + what)
                        : new FhirProblem.Issue(Optional.empty(), "body: an element is " + what));
    }
}
