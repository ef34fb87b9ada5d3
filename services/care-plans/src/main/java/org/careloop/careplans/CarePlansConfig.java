package org.careloop.careplans;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** Settings of the care-plans service. */
@ConfigMapping(prefix = "careloop.care-plans")
public interface CarePlansConfig {

    /** The id of the Organization that coordinates care: author of the plans that protocols make. */
    @WithDefault("riverside-clinic")
    String coordinatingOrganization();
}
