package org.careloop.testkit;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;

/**
 * Plays what services ask the authorization server for: its description, the keys that it signs with, tokens of their own. Of this JVM;
 * end-to-end tests use the real realm.
 */
public final class TestRealm {

    /** How it calls itself in tokens; not where it is, as behind a proxy. */
    static final String ISSUER = "https://test.invalid/realms/careloop";

    private static final List<TestKey> FROM_THE_START = List.of(TestKey.FIRST, TestKey.P256, TestKey.P384);
    private static final AtomicInteger ASKED = new AtomicInteger();

    private static volatile List<TestKey> keys = FROM_THE_START;
    private static volatile boolean down;
    private static final HttpServer SERVER = serve();

    private TestRealm() {}

    /** Its address, {@code careloop.oidc.url}. */
    public static String url() {
        return "http://localhost:" + SERVER.getAddress().getPort() + "/realms/careloop";
    }

    /** Its address as {@link #url}, by TLS with the certificate that {@code context} shows. */
    public static String encrypted(SSLContext context) {
        try {
            HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.setHttpsConfigurator(new HttpsConfigurator(context));
            String address = "https://localhost:" + server.getAddress().getPort();
            serve(server, address);
            return address + "/realms/careloop";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Publishes what it did at first, and answers. */
    public static void reset() {
        keys = FROM_THE_START;
        down = false;
    }

    /** Publishes these keys and no others from now on. */
    public static void publish(TestKey... published) {
        keys = List.of(published);
    }

    /** Has it answer nobody, or again. */
    public static void setDown(boolean isDown) {
        down = isDown;
    }

    /** How often keys were asked for. */
    public static int asked() {
        return ASKED.get();
    }

    private static HttpServer serve() {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            serve(server, "http://localhost:" + server.getAddress().getPort());
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void serve(HttpServer server, String address) {
        server.createContext("/realms/careloop/.well-known/openid-configuration", exchange -> {
            ASKED.incrementAndGet();
            answer(
                    exchange,
                    "{\"issuer\":\"" + ISSUER + "\",\"jwks_uri\":\"" + address + "/keys\",\"token_endpoint\":\""
                            + address + "/token\"}");
        });
        server.createContext("/token", exchange -> {
            exchange.getRequestBody().readAllBytes();
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            answer(
                    exchange,
                    "{\"access_token\":\"" + Tokens.service() + "\",\"token_type\":\"Bearer\",\"expires_in\":300}");
        });
        server.createContext("/keys", exchange -> answer(exchange, keySet()));
        server.start();
    }

    private static void answer(HttpExchange exchange, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        if (!down) {
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes);
        }
        exchange.close();
    }

    /** Among them one for encryption, as a real realm has; nothing may be signed with it. */
    private static String keySet() {
        return Stream.concat(keys.stream(), Stream.of(TestKey.ENCRYPTION))
                .map(TestKey::published)
                .collect(Collectors.joining(",", "{\"keys\":[", "]}"));
    }
}
