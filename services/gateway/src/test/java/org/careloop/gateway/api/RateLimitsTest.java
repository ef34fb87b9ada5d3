package org.careloop.gateway.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.stream.IntStream;
import org.careloop.gateway.GatewayConfig;
import org.junit.jupiter.api.Test;

class RateLimitsTest {

    @Test
    void aClientGetsItsShareAndIsToldWhenItMayAgain() {
        // Given
        RateLimits limits = limits();
        // When: its burst of two seconds
        long letIn = IntStream.range(0, 4)
                .filter(i -> limits.take("flooder").isEmpty())
                .count();
        // Then
        assertThat(letIn).isEqualTo(4);
        assertThat(limits.take("flooder")).hasValue(1);
    }

    @Test
    void oneClientsFloodIsNoOtherClientsMatter() {
        // Given
        RateLimits limits = limits();
        IntStream.range(0, 10).forEach(i -> limits.take("flooder"));
        // Then
        assertThat(limits.take("another")).isEmpty();
    }

    private static RateLimits limits() {
        return new RateLimits(new GatewayConfig.RateLimit() {
            @Override
            public long perSecond() {
                return 1000;
            }

            @Override
            public long burstSeconds() {
                return 2;
            }

            @Override
            public Map<String, Long> clients() {
                return Map.of("flooder", 2L);
            }
        });
    }
}
