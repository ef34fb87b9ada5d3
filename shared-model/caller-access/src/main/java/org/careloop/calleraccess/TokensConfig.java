package org.careloop.calleraccess;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How access tokens are checked. */
@ConfigMapping(prefix = "careloop.tokens")
public interface TokensConfig {

    /** What tokens must be meant for: the claim {@code aud} includes it. */
    @WithDefault("careloop")
    String audience();

    /** Age from which the realm's keys are asked for anew; a key that was retired is trusted for no longer than this. */
    @WithDefault("5m")
    Duration keysRefreshed();

    /** Age up to which keys are used on while the realm cannot be reached; beyond it, requests are answered with 503. */
    @WithDefault("1h")
    Duration keysKept();

    /** Shortest time between two questions for keys: tokens that name unknown keys must not cost a request each. */
    @WithDefault("10s")
    Duration keysAsked();

    /** How far the clocks of this machine and the realm's may lie apart. */
    @WithDefault("5s")
    Duration clockSkew();
}
