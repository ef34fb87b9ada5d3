package org.careloop.careplans;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Set;

/** Settings of this service. */
@ConfigMapping(prefix = "careloop.care-plans")
public interface CarePlansConfig {

    /** Encounter classes (v3 ActCode) that are stays: one that follows a discharge is a readmission. */
    @WithDefault("IMP,ACUTE,NONAC,OBSENC,SS")
    Set<String> stayClasses();

    /** Encounter classes (v3 ActCode) whose admissions and discharges the medical home is told of; emergency visits too. */
    @WithDefault("IMP,ACUTE,NONAC,OBSENC,SS,EMER")
    Set<String> noticeClasses();

    /** How long after an admission or discharge the medical home is still told of it; what is recorded later is history. */
    @WithDefault("30d")
    Duration noticeWithin();

    /** Pause between two looks for notices that waited until the directory told where a general practitioner works. */
    @WithDefault("1s")
    Duration noticeInterval();
}
