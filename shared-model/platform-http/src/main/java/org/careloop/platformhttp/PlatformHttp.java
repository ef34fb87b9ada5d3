package org.careloop.platformhttp;

import io.quarkus.tls.TlsConfiguration;
import io.quarkus.tls.TlsConfigurationRegistry;
import io.quarkus.tls.runtime.config.TlsConfigUtils;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.PoolOptions;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Optional;

/**
 * HTTP clients for calls to other parts of the platform. To {@code https:} addresses they show this part's certificate, and take
 * those of the platform's own authority alone, for the host that was asked for; a call to any other server fails. Without the
 * profile {@code tls} they are clients like any other.
 */
@Singleton
public class PlatformHttp {

    /** The name of the part's certificate and of whom it trusts, in {@code quarkus.tls.<name>}. */
    static final String TLS = "platform";

    private final Vertx vertx;
    private final Optional<TlsConfiguration> tls;

    @Inject
    PlatformHttp(Vertx vertx, TlsConfigurationRegistry registry) {
        this(vertx, registry.get(TLS));
    }

    private PlatformHttp(Vertx vertx, Optional<TlsConfiguration> tls) {
        this.vertx = vertx;
        this.tls = tls;
    }

    /** Clients that have no certificate, for who runs outside of Quarkus. */
    public static PlatformHttp plain(Vertx vertx) {
        return new PlatformHttp(vertx, Optional.empty());
    }

    /** A client with the usual options. */
    public HttpClient client() {
        return vertx.createHttpClient(secured(new HttpClientOptions()));
    }

    /** A client with {@code options} and a pool of {@code pool}. */
    public HttpClient client(HttpClientOptions options, PoolOptions pool) {
        return vertx.createHttpClient(secured(options), pool);
    }

    /** Adds to {@code options} what TLS needs, and returns them. Whether a call uses TLS is said by its address. */
    public <T extends HttpClientOptions> T secured(T options) {
        tls.ifPresent(configuration -> TlsConfigUtils.configure((HttpClientOptions) options, configuration));
        options.setSsl(false);
        return options;
    }
}
