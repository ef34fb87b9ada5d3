package org.careloop.calleraccess;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;

/** Settings of the links from one page to the next, alike in the gateway and all services. */
@ConfigMapping(prefix = "careloop.page-links")
public interface PageLinksConfig {

    /** The secret that links are sealed with, at least 32 random characters; there is no default. */
    String key();

    /** The secret before it, while links of it may still be followed. */
    Optional<String> previousKey();

    /** How long a link can be followed. */
    @WithDefault("24h")
    Duration expiry();
}
