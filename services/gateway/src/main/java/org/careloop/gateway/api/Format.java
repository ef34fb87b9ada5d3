package org.careloop.gateway.api;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.FhirXml;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.fhirsearch.QueryParameter;

/**
 * How a client wants its answers. Services speak compact JSON; anything else is made of it at the door.
 *
 * @see <a href="https://hl7.org/fhir/R4/http.html#mime-type">FHIR R4 content types</a>
 */
record Format(boolean xml, boolean pretty) {

    /** What services speak: passed on as it comes. */
    static final Format COMPACT_JSON = new Format(false, false);

    private static final Set<String> JSON = Set.of(FhirJson.MEDIA_TYPE, "application/json", "text/json", "json");
    private static final Set<String> XML = Set.of(FhirXml.MEDIA_TYPE, "application/xml", "text/xml", "xml");
    private static final Set<String> ANY = Set.of("*/*", "application/*", "*");
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxStringLength(Integer.MAX_VALUE)
                    .build())
            .build();

    /** One media range of {@code Accept}. */
    private record Range(String type, double weight) {

        static Optional<Range> of(String text) {
            String[] parts = text.strip().toLowerCase(Locale.ROOT).split("\\s*;\\s*");
            double weight = 1;
            for (int i = 1; i < parts.length; i++) {
                String[] pair = parts[i].split("\\s*=\\s*", 2);
                String value = pair.length == 2 ? pair[1].replace("\"", "") : "";
                boolean fits = switch (pair[0]) {
                    case "charset" -> value.equals("utf-8") || value.equals("utf8");
                    case "fhirversion" -> value.equals("4.0") || value.equals("4.0.1");
                    default -> true;
                };
                if (!fits) {
                    return Optional.empty();
                }
                if (pair[0].equals("q")) {
                    weight = weight(value);
                }
            }
            return weight > 0 ? Optional.of(new Range(parts[0], weight)) : Optional.empty();
        }

        private static double weight(String text) {
            try {
                return Double.parseDouble(text);
            } catch (NumberFormatException e) {
                return 0;
            }
        }
    }

    /**
     * Reads {@code _format} and {@code _pretty}, else {@code Accept}; fails with {@link ProblemCode#NOT_ACCEPTABLE}, and with
     * {@link ProblemCode#UNSUPPORTED_MEDIA_TYPE} when the body comes in another charset than UTF-8.
     */
    static Format of(HttpServerRequest request) {
        String type = Optional.ofNullable(request.getHeader("Content-Type")).orElse("");
        if (type.toLowerCase(Locale.ROOT).contains("charset=") && Range.of(type).isEmpty()) {
            throw new FhirProblem(
                    ProblemCode.UNSUPPORTED_MEDIA_TYPE, "Content-Type: charset not supported (expected: UTF-8)");
        }
        boolean pretty = "true".equals(request.getParam("_pretty"));
        String format = request.getParam("_format");
        return new Format(
                format == null ? wantsXml(Optional.ofNullable(request.getHeader("Accept"))) : isXml(format), pretty);
    }

    /** Returns this format, unless {@code form}, of a {@code _search}, asks for another. */
    Format unless(List<QueryParameter> form) {
        boolean indented = pretty;
        boolean asXml = xml;
        for (QueryParameter parameter : form) {
            switch (parameter.name()) {
                case "_format" -> asXml = isXml(parameter.value());
                case "_pretty" -> indented = parameter.value().equals("true");
                default -> {}
            }
        }
        return new Format(asXml, indented);
    }

    /** Tells whether the body of {@code request} is FHIR XML. */
    static boolean sendsXml(HttpServerRequest request) {
        String type = Optional.ofNullable(request.getHeader("Content-Type")).orElse("");
        return XML.contains(type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT));
    }

    private static boolean isXml(String format) {
        // A plus that was not percent-encoded arrives as a blank.
        return wantsXml(Optional.of(format.strip().replace(' ', '+')));
    }

    private static boolean wantsXml(Optional<String> accept) {
        if (accept.filter(text -> !text.isBlank()).isEmpty()) {
            return false;
        }
        List<Range> ranges = Arrays.stream(accept.get().split(","))
                .flatMap(text -> Range.of(text).stream())
                .filter(range ->
                        JSON.contains(range.type()) || XML.contains(range.type()) || ANY.contains(range.type()))
                .sorted(Comparator.comparingDouble((Range range) -> range.weight())
                        .reversed())
                .toList();
        if (ranges.isEmpty()) {
            throw new FhirProblem(
                    ProblemCode.NOT_ACCEPTABLE,
                    "Accept, _format: nothing that is offered (expected: " + FhirJson.MEDIA_TYPE + " or "
                            + FhirXml.MEDIA_TYPE + ", UTF-8, FHIR 4.0)");
        }
        return XML.contains(ranges.getFirst().type());
    }

    /** The Content-Type of what {@link #render} returns. */
    String contentType() {
        return (xml ? FhirXml.MEDIA_TYPE : FhirJson.MEDIA_TYPE) + ";charset=UTF-8";
    }

    /** Returns {@code json}, a resource as a service or the gateway wrote it, in this format. */
    Buffer render(Buffer json) {
        if (equals(COMPACT_JSON) || json.length() == 0) {
            return json;
        }
        return Buffer.buffer(xml ? FhirXml.write(FhirJson.parse(json.getBytes()), pretty) : indented(json.getBytes()));
    }

    /** Every digit of a number stays as it was written. */
    private static byte[] indented(byte[] json) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(json.length * 2);
        try (JsonParser parser = FACTORY.createParser(json);
                JsonGenerator generator = FACTORY.createGenerator(bytes)) {
            generator.useDefaultPrettyPrinter();
            while (parser.nextToken() != null) {
                generator.copyCurrentEventExact(parser);
            }
        } catch (IOException e) {
            throw new IllegalStateException("a resource of this platform is JSON", e);
        }
        return bytes.toByteArray();
    }
}
