package org.careloop.local;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Access tokens of the clients and the people of the local realm. */
public final class Tokens {

    private static final String CLIENT_FOR_PEOPLE = "careloop-cli";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Layout layout;
    private final String realmUrl;
    private final Secrets secrets;

    Tokens(Layout layout, String realmUrl, Secrets secrets) {
        this.layout = layout;
        this.realmUrl = realmUrl;
        this.secrets = secrets;
    }

    /** Returns a fresh access token of {@code name}: a client by its secret, a person by password. */
    public String of(String name) {
        Set<String> people = names("users", "username");
        Set<String> clients = names("clients", "clientId");
        clients.remove(CLIENT_FOR_PEOPLE);
        Map<String, String> form = new TreeMap<>();
        if (people.contains(name)) {
            form.put("grant_type", "password");
            form.put("client_id", CLIENT_FOR_PEOPLE);
            form.put("client_secret", secrets.ofClient(CLIENT_FOR_PEOPLE));
            form.put("username", name);
            form.put("password", secrets.ofUser(name));
        } else if (clients.contains(name)) {
            form.put("grant_type", "client_credentials");
            form.put("client_id", name);
            form.put("client_secret", secrets.ofClient(name));
        } else {
            throw new Refusal("there is no client or user " + name + " (expected one of: " + String.join(", ", clients)
                    + ", " + String.join(", ", people) + ")");
        }
        return request(name, form);
    }

    private String request(String name, Map<String, String> form) {
        String body = form.entrySet().stream()
                .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        HttpResponse<String> response = Http.post(realmUrl + "/protocol/openid-connect/token", body);
        try {
            JsonNode answer = JSON.readTree(response.body());
            if (response.statusCode() != 200) {
                throw new Refusal("Keycloak gives no token for " + name + ": "
                        + answer.path("error_description").asText());
            }
            return answer.path("access_token").asText();
        } catch (JsonProcessingException _) {
            throw new Refusal("Keycloak gives no token for " + name + ": status " + response.statusCode());
        }
    }

    private Set<String> names(String list, String field) {
        try {
            Set<String> names = new TreeSet<>();
            JSON.readTree(layout.realmFile().toFile())
                    .path(list)
                    .forEach(each -> names.add(each.path(field).asText()));
            return names;
        } catch (IOException e) {
            throw new Refusal("the realm cannot be read from " + layout.realmFile(), e);
        }
    }
}
