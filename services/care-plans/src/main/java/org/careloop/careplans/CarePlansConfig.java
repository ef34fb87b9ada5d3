package org.careloop.careplans;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.Set;

/** Settings of this service. */
@ConfigMapping(prefix = "careloop.care-plans")
public interface CarePlansConfig {

    /** Encounter classes (v3 ActCode) that are stays: one that follows a discharge is a readmission. */
    @WithDefault("IMP,ACUTE,NONAC,OBSENC,SS")
    Set<String> stayClasses();
}
