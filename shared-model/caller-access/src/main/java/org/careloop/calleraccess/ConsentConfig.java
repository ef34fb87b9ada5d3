package org.careloop.calleraccess;

import io.smallrye.config.ConfigMapping;
import java.nio.file.Path;
import java.util.Optional;

/** Where the rules about consent come from, alike in all services. */
@ConfigMapping(prefix = "careloop.consent")
public interface ConsentConfig {

    /** A file of the site's own instead of the rules that come with the product. */
    Optional<Path> rules();
}
