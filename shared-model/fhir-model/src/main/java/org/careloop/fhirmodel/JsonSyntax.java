package org.careloop.fhirmodel;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.Set;

/**
 * Checks that bytes are one JSON object as RFC 8259 has it, before HAPI sees them: HAPI takes repeated keys, single quotes
 * and numbers that would need gigabytes to write in full.
 */
final class JsonSyntax {

    /** FHIR's own resources stay below 30; each level costs stack when the resource is walked, copied and written. */
    private static final int DEEPEST = 200;

    /** FHIR asks for 18 digits. */
    private static final int MOST_DIGITS = 64;

    private static final Set<String> ALWAYS = Set.of("resourceType", "id");

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(DEEPEST)
                    .maxNumberLength(MOST_DIGITS)
                    .maxStringLength(Integer.MAX_VALUE)
                    .build())
            .build();

    private JsonSyntax() {}

    /**
     * Fails with {@link ProblemCode#MALFORMED_BODY} and tells the place, nothing of the content. Returns whether there is an
     * empty object, an empty array or a null: HAPI takes those, FHIR R4 does not, but for a null in a list of primitives.
     */
    static boolean hasEmpty(byte[] json) {
        try (JsonParser parser = FACTORY.createParser(json)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw problem(parser);
            }
            int depth = 1;
            boolean empty = false;
            JsonToken before = JsonToken.START_OBJECT;
            while (depth > 0) {
                JsonToken token = parser.nextToken();
                if (token == null) {
                    throw problem(parser);
                }
                switch (token) {
                    case START_OBJECT -> depth++;
                    case START_ARRAY -> {
                        depth++;
                        // FHIR has no list of lists; HAPI would take the inner ones apart.
                        if (parser.getParsingContext().getParent().inArray()) {
                            throw problem(parser);
                        }
                    }
                    case END_OBJECT, END_ARRAY -> depth--;
                    case VALUE_NUMBER_FLOAT, VALUE_NUMBER_INT -> checkNumber(parser);
                    default -> {}
                }
                empty |= token == JsonToken.VALUE_NULL
                        || token == JsonToken.END_OBJECT && before == JsonToken.START_OBJECT
                        || token == JsonToken.END_ARRAY && before == JsonToken.START_ARRAY;
                before = token;
            }
            if (parser.nextToken() != null) {
                throw problem(parser);
            }
            return empty;
        } catch (JsonProcessingException e) {
            throw e.getLocation() == null
                    ? problem(1, 1)
                    : problem(e.getLocation().getLineNr(), e.getLocation().getColumnNr());
        } catch (IOException e) {
            throw problem(1, 1);
        }
    }

    /**
     * Returns the object with its type, its id and those of its other members that {@code names} has; a choice goes by its
     * name with or without the type.
     */
    static byte[] only(byte[] json, Set<String> names) {
        ByteArrayOutputStream part = new ByteArrayOutputStream(512);
        try (JsonParser parser = FACTORY.createParser(json);
                JsonGenerator generator = FACTORY.createGenerator(part)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw problem(parser);
            }
            generator.writeStartObject();
            for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
                parser.nextToken();
                if (ALWAYS.contains(name) || isAmong(names, name)) {
                    generator.writeFieldName(name);
                    generator.copyCurrentStructure(parser);
                } else {
                    parser.skipChildren();
                }
            }
            generator.writeEndObject();
        } catch (IOException e) {
            throw problem(1, 1);
        }
        return part.toByteArray();
    }

    private static boolean isAmong(Set<String> names, String name) {
        return names.stream()
                .anyMatch(wanted -> name.startsWith(wanted)
                        && (name.length() == wanted.length() || Character.isUpperCase(name.charAt(wanted.length()))));
    }

    private static void checkNumber(JsonParser parser) throws IOException {
        BigDecimal number = parser.getDecimalValue();
        if (Math.abs((long) number.scale()) > MOST_DIGITS) {
            throw problem(parser);
        }
    }

    private static FhirProblem problem(JsonParser parser) {
        return problem(
                parser.currentLocation().getLineNr(), parser.currentLocation().getColumnNr());
    }

    private static FhirProblem problem(int line, int column) {
        return new FhirProblem(
                ProblemCode.MALFORMED_BODY,
                "body: not one JSON object, near line " + line + " column " + column + " (expected: FHIR R4 JSON)");
    }
}
