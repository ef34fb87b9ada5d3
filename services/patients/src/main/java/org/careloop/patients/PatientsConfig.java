package org.careloop.patients;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** Settings of the patients service. */
@ConfigMapping(prefix = "careloop.patients")
public interface PatientsConfig {

    /** Most resources that one {@code $lastn} or {@code $docref} looks at; more are refused with 422. */
    @WithDefault("10000")
    int maxExamined();
}
