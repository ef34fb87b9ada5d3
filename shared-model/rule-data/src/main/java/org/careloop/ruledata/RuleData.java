package org.careloop.ruledata;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * Reads tables that are data, not code: YAML with keys in kebab case, bound to records.
 *
 * <p>Strict on purpose: an unknown key is an error at start-up, so a misspelt rule is never silently ignored.
 */
public final class RuleData {

    private static final ObjectMapper YAML = YAMLMapper.builder()
            .addModule(new JavaTimeModule())
            .propertyNamingStrategy(PropertyNamingStrategies.KEBAB_CASE)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .build();

    private RuleData() {}

    /**
     * Reads the class path resource {@code name}; fails with {@link IllegalStateException} when it is missing or
     * wrong.
     */
    public static <T> T fromResource(Class<T> type, String name) {
        try (InputStream in = RuleData.class.getClassLoader().getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(name + ": missing (expected: a resource on the class path)");
            }
            return fromText(type, name, new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads {@code yaml}; {@code name} tells where it is from. Fails with {@link IllegalStateException}. */
    public static <T> T fromText(Class<T> type, String name, String yaml) {
        try {
            return YAML.readValue(yaml, type);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(
                    name + ": cannot be read as " + type.getSimpleName() + ": " + e.getOriginalMessage(), e);
        }
    }
}
