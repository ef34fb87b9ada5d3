package org.careloop.calleraccess;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.runtime.Startup;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.fhirsearch.QueryParameter;
import org.careloop.fhirsearch.SearchParser;

/**
 * Links from one page to the next. A link holds the query and the place where the page starts, encrypted: what was searched
 * for may be a person's data, and links end up in logs and histories. It opens for the caller alone to whom it was given, for
 * the URL that it was made for, and until it expires; whoever has the key can open it, so neither a restart nor another
 * instance of the gateway matters. What may be seen is still decided anew for each page.
 */
@Startup
@Singleton
public class PageLinks {

    /** Name of the parameter that holds the sealed rest of a link. */
    public static final String PARAMETER = "_page";

    private static final List<String> OF_THE_FORM = List.of("_format", "_pretty");
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int SHORTEST_KEY = 32;
    private static final int SALT = 16;
    private static final int NONCE = 12;
    private static final int TAG_BITS = 128;

    private final SecureRandom random = new SecureRandom();
    private final List<SecretKeySpec> keys;
    private final Duration expiry;

    PageLinks(PageLinksConfig config) {
        this.keys = Stream.concat(Stream.of(config.key()), config.previousKey().stream())
                .map(PageLinks::key)
                .toList();
        this.expiry = config.expiry();
    }

    private static SecretKeySpec key(String secret) {
        if (secret.length() < SHORTEST_KEY) {
            throw new IllegalStateException(
                    "careloop.page-links.key: too short (expected: at least " + SHORTEST_KEY + " characters)");
        }
        return new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256");
    }

    /**
     * Returns the query string, with its question mark, of the page that {@code page} asks for at {@code path}.
     *
     * @param path what follows the base URL, such as {@code Task} or {@code Task/1/_history}
     * @param token the verified access token of who asks, also as the header has it
     */
    public String seal(String path, String token, List<QueryParameter> page) {
        return seal(path, token, page, Instant.now());
    }

    String seal(String path, String token, List<QueryParameter> page, Instant now) {
        try {
            byte[] content = JSON.writeValueAsBytes(
                    List.of(now.getEpochSecond(), asker(token), path, QueryParameter.format(page)));
            byte[] start = new byte[SALT + NONCE];
            random.nextBytes(start);
            byte[] sealed = cipher(Cipher.ENCRYPT_MODE, keys.getFirst(), start).doFinal(content);
            byte[] whole = Arrays.copyOf(start, start.length + sealed.length);
            System.arraycopy(sealed, 0, whole, start.length, sealed.length);
            return "?" + PARAMETER + "="
                    + Base64.getUrlEncoder().withoutPadding().encodeToString(whole);
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("every JDK has AES-GCM", e);
        }
    }

    /**
     * Returns the parameters that a request to {@code path} asks with: those that its link holds, or its own. Fails with
     * {@link ProblemCode#INVALID_PARAMETER} when the link is not one of ours for this path, with {@link
     * ProblemCode#PAGE_LINK_EXPIRED}, and with {@link ProblemCode#FORBIDDEN} when it was given to another caller.
     *
     * @param token the verified access token of who asks, also as the header has it
     */
    public List<QueryParameter> opened(String path, String token, List<QueryParameter> parameters) {
        return opened(path, token, parameters, Instant.now());
    }

    List<QueryParameter> opened(String path, String token, List<QueryParameter> parameters, Instant now) {
        if (parameters.stream().anyMatch(parameter -> parameter.name().equals(SearchParser.CURSOR))) {
            throw new FhirProblem(
                    ProblemCode.UNSUPPORTED_PARAMETER, SearchParser.CURSOR + ": not a parameter (expected: a link)");
        }
        Optional<String> link = parameters.stream()
                .filter(parameter -> parameter.name().equals(PARAMETER))
                .map(QueryParameter::value)
                .findFirst();
        if (link.isEmpty()) {
            return parameters;
        }
        if (parameters.stream()
                .anyMatch(
                        parameter -> !parameter.name().equals(PARAMETER) && !OF_THE_FORM.contains(parameter.name()))) {
            throw notOurs();
        }
        return page(content(link.get()), path, token, parameters, now);
    }

    private List<QueryParameter> page(
            JsonNode content, String path, String token, List<QueryParameter> parameters, Instant now) {
        if (!content.path(2).asText().equals(path)) {
            throw notOurs();
        }
        if (!content.path(1).asText().equals(asker(token))) {
            throw new FhirProblem(ProblemCode.FORBIDDEN, PARAMETER + ": given to another caller");
        }
        if (now.isAfter(Instant.ofEpochSecond(content.path(0).asLong()).plus(expiry))) {
            throw new FhirProblem(
                    ProblemCode.PAGE_LINK_EXPIRED, PARAMETER + ": expired (expected: the search once more)");
        }
        List<QueryParameter> page =
                new ArrayList<>(QueryParameter.parse(content.path(3).asText().replaceFirst("^\\?", "")));
        parameters.stream()
                .filter(parameter -> OF_THE_FORM.contains(parameter.name()))
                .forEach(page::add);
        return page;
    }

    private JsonNode content(String link) {
        byte[] whole = bytes(link);
        for (SecretKeySpec key : keys) {
            try {
                Cipher cipher = cipher(Cipher.DECRYPT_MODE, key, Arrays.copyOf(whole, SALT + NONCE));
                return JSON.readTree(cipher.doFinal(whole, SALT + NONCE, whole.length - SALT - NONCE));
            } catch (GeneralSecurityException | IOException e) {
                // Changed, or sealed with the other key.
            }
        }
        throw notOurs();
    }

    private static byte[] bytes(String link) {
        try {
            byte[] whole = Base64.getUrlDecoder().decode(link);
            if (whole.length > SALT + NONCE) {
                return whole;
            }
        } catch (IllegalArgumentException e) {
            // Falls through to the one refusal below.
        }
        throw notOurs();
    }

    /** Each link has a key of its own, so the number of links that one secret seals does not matter. */
    private static Cipher cipher(int mode, SecretKeySpec secret, byte[] start) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(secret);
        mac.update(start, 0, SALT);
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, new SecretKeySpec(mac.doFinal(), "AES"), new GCMParameterSpec(TAG_BITS, start, SALT, NONCE));
        return cipher;
    }

    /** Who the token names: a person, or the client where it acts for itself. */
    private static String asker(String token) {
        String[] parts = token.substring(token.indexOf(' ') + 1).split("\\.");
        try {
            JsonNode claims = JSON.readTree(Base64.getUrlDecoder().decode(parts[1]));
            return claims.path("sub").asText(claims.path("azp").asText());
        } catch (IOException | RuntimeException e) {
            throw new FhirProblem(
                    ProblemCode.UNAUTHENTICATED, "Authorization: not readable (expected: Bearer access token)");
        }
    }

    private static FhirProblem notOurs() {
        return new FhirProblem(
                ProblemCode.INVALID_PARAMETER,
                PARAMETER + ": not a link of ours (expected: a link as given, nothing beside)");
    }
}
