package org.careloop.endtoend;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLDecoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A person's browser: keeps cookies, follows redirects until they lead to an application, fills in forms. */
final class Browser {

    /** Where the demo application wants to be called back; nobody listens there. */
    static final String CALLBACK = "http://localhost:4000/callback";

    private static final Pattern FORM = Pattern.compile("<form[^>]*\\saction=\"([^\"]+)\"");
    private static final int MOST_REDIRECTS = 8;

    private final HttpClient client = HttpClient.newHttpClient();
    private final Map<String, String> cookies = new TreeMap<>();

    /** What the browser shows: a page, or what an application was called back with. */
    record Page(int status, String text, Map<String, String> calledBack) {

        /** Whether the page has a field of this name to fill in. */
        boolean asksFor(String field) {
            return text.contains("name=\"" + field + "\"");
        }

        /** A parameter that the application was called back with; empty when there is none. */
        String parameter(String name) {
            return calledBack.getOrDefault(name, "");
        }
    }

    /** Goes to {@code url}. */
    Page open(String url) {
        return show(HttpRequest.newBuilder(URI.create(url)).GET());
    }

    /** Fills in the only form of {@code page} and sends it. */
    Page submit(Page page, Map<String, String> fields) {
        Matcher form = FORM.matcher(page.text());
        if (!form.find()) {
            throw new IllegalStateException("no form: " + page.status() + " " + page.text());
        }
        return show(HttpRequest.newBuilder(URI.create(form.group(1).replace("&amp;", "&")))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(TokenRequest.encode(fields))));
    }

    private Page show(HttpRequest.Builder first) {
        HttpRequest.Builder request = first;
        for (int i = 0; i < MOST_REDIRECTS; i++) {
            HttpResponse<String> response = send(request);
            Optional<String> location = response.headers().firstValue("Location");
            if (location.isEmpty()) {
                return new Page(response.statusCode(), response.body(), Map.of());
            }
            if (location.get().startsWith(CALLBACK)) {
                return new Page(
                        response.statusCode(),
                        "",
                        query(URI.create(location.get()).getRawQuery()));
            }
            request = HttpRequest.newBuilder(URI.create(location.get())).GET();
        }
        throw new IllegalStateException("redirects without end");
    }

    private HttpResponse<String> send(HttpRequest.Builder request) {
        if (!cookies.isEmpty()) {
            request.header(
                    "Cookie",
                    cookies.entrySet().stream()
                            .map(cookie -> cookie.getKey() + "=" + cookie.getValue())
                            .collect(Collectors.joining("; ")));
        }
        try {
            HttpResponse<String> response = client.send(request.build(), BodyHandlers.ofString());
            response.headers().allValues("Set-Cookie").forEach(this::keep);
            return response;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private void keep(String cookie) {
        String[] parts = cookie.substring(0, cookie.indexOf(';')).split("=", 2);
        if (cookie.contains("Max-Age=0")) {
            cookies.remove(parts[0]);
        } else {
            cookies.put(parts[0], parts[1]);
            Told.secret(parts[1]);
        }
    }

    private static Map<String, String> query(String query) {
        return Arrays.stream(query.split("&"))
                .map(field -> field.split("=", 2))
                .collect(Collectors.toMap(
                        field -> field[0], field -> URLDecoder.decode(field[1], StandardCharsets.UTF_8)));
    }
}
