package org.careloop.endtoend;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

/** The web site where a client publishes its keys. */
final class KeySite implements AutoCloseable {

    private final HttpServer server;
    private volatile String keys;

    KeySite(ClientKey... keys) {
        this.keys = ClientKey.setOf(keys);
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/jwks.json", exchange -> {
            byte[] answer = this.keys.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        server.start();
    }

    String url() {
        return "http://localhost:" + server.getAddress().getPort() + "/jwks.json";
    }

    /** Publishes these keys, and none of those before. */
    void publish(ClientKey... changed) {
        keys = ClientKey.setOf(changed);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
