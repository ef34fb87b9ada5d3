package org.careloop.fhirmodel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.assertj.core.api.Assertions;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.Observation;
import org.hl7.fhir.r4.model.Patient;
import org.hl7.fhir.r4.model.Resource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** @see <a href="https://hl7.org/fhir/R4/json.html">FHIR R4 JSON</a> */
class FhirJsonTest {

    /** Stands for a person's data: no text that a caller or a log sees may hold it. */
    private static final String SECRET = "Zyxwvut";

    @Test
    void writesWhatItRead() {
        // Given
        String json = "{\"resourceType\":\"Patient\",\"id\":\"p1\",\"name\":[{\"family\":\"Ärzte 日本 😀\"}],"
                + "\"generalPractitioner\":[{\"reference\":\"Practitioner/1/_history/2\"}]}";
        // When
        byte[] written = FhirJson.write(FhirJson.parse(utf8(json)));
        // Then
        assertThat(new String(written, StandardCharsets.UTF_8)).isEqualTo(json);
    }

    @Test
    void keepsTheResourcesOfABundleAsTheyAre() {
        // Given
        String json = "{\"resourceType\":\"Bundle\",\"type\":\"collection\",\"entry\":[{\"fullUrl\":\"urn:uuid:"
                + "5fd5bd8a-8bb5-4a2d-9a3e-0f2c1f6f5a01\",\"resource\":{\"resourceType\":\"Patient\",\"id\":\"own\"}}]}";
        // When
        Bundle bundle = FhirJson.parse(Bundle.class, utf8(json));
        // Then
        assertThat(bundle.getEntryFirstRep().getResource().getIdElement().getIdPart())
                .isEqualTo("own");
        assertThat(new String(FhirJson.write(bundle), StandardCharsets.UTF_8)).isEqualTo(json);
    }

    @Test
    void keepsTheDigitsOfADecimal() {
        // Given
        String json = "{\"resourceType\":\"Observation\",\"valueQuantity\":{\"value\":0.010}}";
        // When
        Observation observation = FhirJson.parse(Observation.class, utf8(json));
        // Then
        assertThat(observation.getValueQuantity().getValue()).isEqualTo("0.010");
        assertThat(new String(FhirJson.write(observation), StandardCharsets.UTF_8))
                .isEqualTo(json);
    }

    static Stream<Arguments> spoilt() {
        return Stream.of(
                Arguments.of("empty", ""),
                Arguments.of("blank", " \n "),
                Arguments.of("no JSON", SECRET),
                Arguments.of("XML", "<Patient xmlns=\"http://hl7.org/fhir\"/>"),
                Arguments.of("null", "null"),
                Arguments.of("number", "1"),
                Arguments.of("string", "\"" + SECRET + "\""),
                Arguments.of("array", "[{\"resourceType\":\"Patient\"}]"),
                Arguments.of("empty object", "{}"),
                Arguments.of("null type", "{\"resourceType\":null}"),
                Arguments.of("type is a number", "{\"resourceType\":1}"),
                Arguments.of("type is an object", "{\"resourceType\":{}}"),
                Arguments.of("unknown type", "{\"resourceType\":\"" + SECRET + "\"}"),
                Arguments.of("data type as resource", "{\"resourceType\":\"HumanName\"}"),
                Arguments.of("cut off", "{\"resourceType\":\"Patient\",\"name\":[{\"family\":\"" + SECRET),
                Arguments.of("more behind it", "{\"resourceType\":\"Patient\"} {\"resourceType\":\"Patient\"}"),
                Arguments.of("trailing comma", "{\"resourceType\":\"Patient\",\"active\":true,}"),
                Arguments.of("comment", "{\"resourceType\":\"Patient\" /* " + SECRET + " */}"),
                Arguments.of("single quotes", "{'resourceType':'Patient','gender':'" + SECRET + "'}"),
                Arguments.of("not a number", "{\"resourceType\":\"Observation\",\"valueQuantity\":{\"value\":NaN}}"),
                Arguments.of(
                        "duplicate key", "{\"resourceType\":\"Patient\",\"gender\":\"male\",\"gender\":\"female\"}"),
                Arguments.of("deep array", "{\"resourceType\":\"Patient\",\"name\":" + "[".repeat(100_000)),
                Arguments.of("only brackets", "[".repeat(100_000)),
                Arguments.of("deep object", "{\"resourceType\":\"Patient\",\"a\":" + "{\"a\":".repeat(100_000)),
                Arguments.of("deep extension", "{\"resourceType\":\"Patient\"," + "\"extension\":[{".repeat(20_000)),
                Arguments.of(
                        "huge exponent",
                        "{\"resourceType\":\"Observation\",\"valueQuantity\":{\"value\":1e1000000000}}"),
                Arguments.of(
                        "huge negative exponent",
                        "{\"resourceType\":\"Observation\",\"valueQuantity\":{\"value\":1e-1000000000}}"),
                Arguments.of(
                        "huge number",
                        "{\"resourceType\":\"Observation\",\"valueQuantity\":{\"value\":" + "9".repeat(200_000) + "}}"),
                Arguments.of("huge integer", "{\"resourceType\":\"Observation\",\"valueInteger\":99999999999}"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("spoilt")
    void refusesASpoiltBodyAndRepeatsNothingOfIt(String what, String json) {
        assertThat(refusal(utf8(json)).code()).isEqualTo(ProblemCode.MALFORMED_BODY);
    }

    static Stream<Arguments> wrongElements() {
        return Stream.of(
                Arguments.of(
                        "unknown element", "{\"resourceType\":\"Patient\",\"colour\":\"" + SECRET + "\"}", "colour"),
                Arguments.of(
                        "unknown element in depth",
                        "{\"resourceType\":\"Patient\",\"name\":[{\"nick\":\"" + SECRET + "\"}]}",
                        "nick"),
                Arguments.of(
                        "array for a single value",
                        "{\"resourceType\":\"Patient\",\"gender\":[\"male\",\"" + SECRET + "\"]}",
                        "gender"),
                Arguments.of(
                        "object for a primitive",
                        "{\"resourceType\":\"Patient\",\"birthDate\":{\"year\":\"" + SECRET + "\"}}",
                        "birthDate"),
                Arguments.of(
                        "primitive for an object",
                        "{\"resourceType\":\"Patient\",\"maritalStatus\":\"" + SECRET + "\"}",
                        "maritalStatus"),
                Arguments.of(
                        "primitive in an array of objects",
                        "{\"resourceType\":\"Patient\",\"name\":[\"" + SECRET + "\"]}",
                        "name"),
                Arguments.of("no date", "{\"resourceType\":\"Patient\",\"birthDate\":\"" + SECRET + "\"}", "birthDate"),
                Arguments.of(
                        "impossible date", "{\"resourceType\":\"Patient\",\"birthDate\":\"2026-02-31\"}", "birthDate"),
                Arguments.of(
                        "unknown code of a required set",
                        "{\"resourceType\":\"Patient\",\"gender\":\"" + SECRET + "\"}",
                        "gender"),
                Arguments.of("no boolean", "{\"resourceType\":\"Patient\",\"active\":\"" + SECRET + "\"}", "active"),
                Arguments.of(
                        "no decimal",
                        "{\"resourceType\":\"Observation\",\"valueQuantity\":{\"value\":\"" + SECRET + "\"}}",
                        "value"),
                Arguments.of(
                        "no base64",
                        "{\"resourceType\":\"Patient\",\"photo\":[{\"data\":\"%%%" + SECRET + "\"}]}",
                        "data"),
                Arguments.of("empty string", "{\"resourceType\":\"Patient\",\"language\":\"\"}", "language"),
                Arguments.of(
                        "two of a choice",
                        "{\"resourceType\":\"Patient\",\"deceasedBoolean\":true,\"deceasedDateTime\":\"2026\"}",
                        "deceased"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("wrongElements")
    void namesTheElementThatIsWrong(String what, String json, String element) {
        // When
        FhirProblem problem = refusal(utf8(json));
        // Then
        assertThat(problem.code()).isEqualTo(ProblemCode.MALFORMED_BODY);
        assertThat(problem.issues().getFirst().expression().orElse("none")).contains(element);
    }

    @Test
    void refusesInvalidUtf8() {
        // Given
        byte[] json = utf8("{\"resourceType\":\"Patient\",\"language\":\"x?\"}");
        json[json.length - 3] = (byte) 0xC3;
        // Then
        assertThat(refusal(json).code()).isEqualTo(ProblemCode.MALFORMED_BODY);
    }

    @Test
    void refusesEveryCutOfAGoodBody() {
        // Given
        byte[] json =
                utf8("{\"resourceType\":\"Patient\",\"name\":[{\"family\":\"é\",\"given\":[\"A\"]}],\"active\":true}");
        for (int length = 0; length < json.length; length++) {
            byte[] cut = Arrays.copyOf(json, length);
            // Then
            assertThatThrownBy(() -> FhirJson.parse(cut)).as("%d bytes", length).isInstanceOf(FhirProblem.class);
        }
    }

    @Test
    void refusesAnotherTypeThanAskedFor() {
        // When
        FhirProblem problem = Assertions.catchThrowableOfType(
                FhirProblem.class, () -> FhirJson.parse(Patient.class, utf8("{\"resourceType\":\"Observation\"}")));
        // Then
        assertThat(problem.code()).isEqualTo(ProblemCode.MALFORMED_BODY);
        assertThat(problem.issues())
                .isEqualTo(List.of(new FhirProblem.Issue(
                        Optional.of("resourceType"), "resourceType: Observation (expected: Patient)")));
    }

    @Test
    void readsOnlyWhatIsAskedFor() {
        // Given
        byte[] task = utf8(
                "{\"resourceType\":\"Task\",\"id\":\"t1\",\"code\":{\"text\":\"x\"},\"status\":\"requested\","
                        + "\"owner\":{\"reference\":\"Organization/o1\"},\"input\":[{\"valueString\":\"y\"}],\"intent\":\"order\"}");
        // When
        Resource read = FhirJson.parseOnly(task, Set.of("status", "owner"));
        // Then
        assertThat(new String(FhirJson.write(read), StandardCharsets.UTF_8))
                .isEqualTo("{\"resourceType\":\"Task\",\"id\":\"t1\",\"status\":\"requested\","
                        + "\"owner\":{\"reference\":\"Organization/o1\"}}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"effective", "effectiveDateTime"})
    void readsAChoiceThatIsAskedFor(String name) {
        // Given
        byte[] observation =
                utf8("{\"resourceType\":\"Observation\",\"effectiveDateTime\":\"2026\",\"status\":\"final\"}");
        // When
        Resource read = FhirJson.parseOnly(observation, Set.of(name));
        // Then
        assertThat(new String(FhirJson.write(read), StandardCharsets.UTF_8))
                .isEqualTo("{\"resourceType\":\"Observation\",\"effectiveDateTime\":\"2026\"}");
    }

    /** Reading and, if it should be read, writing must end soon and with nothing but a FhirProblem. */
    private static FhirProblem refusal(byte[] json) {
        return org.junit.jupiter.api.Assertions.assertTimeoutPreemptively(Duration.ofSeconds(10), () -> {
            FhirProblem problem = Assertions.catchThrowableOfType(FhirProblem.class, () -> {
                Resource resource = FhirJson.parse(json);
                FhirJson.write(resource);
            });
            assertThat(problem).as("a refusal").isNotNull();
            assertThat(problem.getMessage()).doesNotContain(SECRET);
            assertThat(problem.issues().toString()).doesNotContain(SECRET);
            assertThat(problem.getCause()).isNull();
            return problem;
        });
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
