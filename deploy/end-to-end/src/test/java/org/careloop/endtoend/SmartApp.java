package org.careloop.endtoend;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.careloop.endtoend.Browser.Page;
import org.careloop.endtoend.TokenRequest.Answer;

/**
 * One run of an application for people: what it sends to the authorization server.
 *
 * @see <a href="https://hl7.org/fhir/smart-app-launch/app-launch.html">SMART App Launch 2.2</a>
 */
final class SmartApp {

    private static final String ID = "demo-app";

    private final String realm;
    private final String verifier = (UUID.randomUUID() + "-" + UUID.randomUUID()).replace("-", "");
    private final Map<String, String> query = new TreeMap<>();

    SmartApp(String realm, String fhir, String scope) {
        this.realm = realm;
        query.put("response_type", "code");
        query.put("client_id", ID);
        query.put("redirect_uri", Browser.CALLBACK);
        query.put("scope", scope);
        query.put("state", UUID.randomUUID().toString());
        query.put("aud", fhir);
        query.put("code_challenge", challenge(verifier));
        query.put("code_challenge_method", "S256");
    }

    /** Sets a parameter of the request for authorization; an empty value takes it away. */
    SmartApp with(String parameter, String value) {
        if (value.isEmpty()) {
            query.remove(parameter);
        } else {
            query.put(parameter, value);
        }
        return this;
    }

    /** Where the application sends the browser. */
    String authorization() {
        return realm + "/protocol/openid-connect/auth?" + TokenRequest.encode(query);
    }

    /** Sends the browser there; the person logs in, unless they have. */
    Page authorize(Browser browser, String person) {
        Page page = browser.open(authorization());
        return page.asksFor("password")
                ? browser.submit(page, Map.of("username", person, "password", "local-only-" + person))
                : page;
    }

    /** Redeems the code that the application was called back with. */
    Answer redeem(Page page) {
        return redeem(page, verifier);
    }

    Answer redeem(Page page, String codeVerifier) {
        return token(Map.of(
                "grant_type",
                "authorization_code",
                "code",
                page.parameter("code"),
                "redirect_uri",
                Browser.CALLBACK,
                "client_id",
                ID,
                "code_verifier",
                codeVerifier));
    }

    /** Gets new tokens for the refresh token of {@code before}. */
    Answer refresh(Answer before) {
        return token(Map.of(
                "grant_type",
                "refresh_token",
                "refresh_token",
                before.json().path("refresh_token").asText(),
                "client_id",
                ID));
    }

    private Answer token(Map<String, String> form) {
        return TokenRequest.post(realm + "/protocol/openid-connect/token", form);
    }

    private static String challenge(String verifier) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(StandardCharsets.US_ASCII));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256 is part of every JDK", e);
        }
    }
}
