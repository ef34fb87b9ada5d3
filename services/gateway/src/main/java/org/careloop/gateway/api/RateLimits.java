package org.careloop.gateway.api;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import io.github.bucket4j.Bandwidth;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.OptionalLong;
import org.careloop.gateway.GatewayConfig;

/** How many requests of each client are let in: one client's flood, by fault or by will, is not everybody's outage. */
@Singleton
public class RateLimits {

    private static final Duration FORGOTTEN_AFTER = Duration.ofMinutes(10);
    private static final int MOST_CLIENTS = 10_000;

    private final GatewayConfig.RateLimit config;
    private final LoadingCache<String, Bucket> buckets = Caffeine.newBuilder()
            .maximumSize(MOST_CLIENTS)
            .expireAfterAccess(FORGOTTEN_AFTER)
            .build(this::bucket);

    @Inject
    RateLimits(GatewayConfig config) {
        this(config.rateLimit());
    }

    RateLimits(GatewayConfig.RateLimit config) {
        this.config = config;
    }

    private Bucket bucket(String client) {
        long perSecond = config.clients().getOrDefault(client, config.perSecond());
        return Bucket.builder()
                .addLimit(Bandwidth.builder()
                        .capacity(perSecond * config.burstSeconds())
                        .refillGreedy(perSecond, Duration.ofSeconds(1))
                        .build())
                .build();
    }

    /** Counts a request of {@code client}; returns the seconds until its next one is let in, empty when this one is. */
    OptionalLong take(String client) {
        ConsumptionProbe probe = buckets.get(client).tryConsumeAndReturnRemaining(1);
        return probe.isConsumed()
                ? OptionalLong.empty()
                : OptionalLong.of(
                        Duration.ofNanos(probe.getNanosToWaitForRefill()).toSeconds() + 1);
    }
}
