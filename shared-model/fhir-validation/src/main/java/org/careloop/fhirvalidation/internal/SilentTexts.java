package org.careloop.fhirvalidation.internal;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.careloop.fhirmodel.ChildElements;
import org.hl7.fhir.r4.model.Base;
import org.hl7.fhir.r4.model.BooleanType;
import org.hl7.fhir.r4.model.CodeType;
import org.hl7.fhir.r4.model.Enumeration;
import org.hl7.fhir.r4.model.Property;
import org.hl7.fhir.r4.model.Resource;
import org.hl7.fhir.r4.model.UriType;

/** Takes the values of a resource out of HAPI's texts, which quote them: they may be a person's data. */
public final class SilentTexts {

    /** Shorter ones are taken out only where they are quoted: they are part of many a word. */
    private static final int SHORT = 4;

    /** HAPI names objects of Java in some. */
    private static final Pattern OBJECT = Pattern.compile("\\[?org\\.hl7\\.fhir\\.[A-Za-z0-9.$@]+]?");

    private static final String GONE = "...";

    private final List<String> values = new ArrayList<>();

    /** For texts about {@code resource}. */
    public SilentTexts(Resource resource) {
        Set<String> found = new TreeSet<>();
        collect(resource, found);
        values.addAll(found);
        // The longest first: one may be part of another.
        values.sort(Comparator.comparing(String::length).reversed());
    }

    /** Returns {@code text} without values. */
    public String of(String text) {
        String silent = OBJECT.matcher(text).replaceAll("...");
        for (String value : values) {
            if (value.length() >= SHORT) {
                silent = silent.replace(value, GONE);
            } else {
                silent = silent.replace("'" + value + "'", "'" + GONE + "'")
                        .replace("\"" + value + "\"", "\"" + GONE + "\"");
            }
        }
        return silent;
    }

    private static void collect(Base element, Set<String> found) {
        if (element.isPrimitive()) {
            String value = element.primitiveValue();
            if (value != null && !value.isBlank() && !isTechnical(element)) {
                found.add(value);
            }
        }
        for (Property property : ChildElements.of(element)) {
            for (Base value : property.getValues()) {
                if (value != null && !property.getTypeCode().equals("xhtml")) {
                    collect(value, found);
                }
            }
        }
    }

    /** Codes and the URLs of systems and profiles may be told: without them a text helps nobody. */
    private static boolean isTechnical(Base value) {
        return value instanceof CodeType
                || value instanceof UriType
                || value instanceof Enumeration<?>
                || value instanceof BooleanType;
    }
}
