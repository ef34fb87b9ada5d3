package org.careloop.careplans;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/** Settings of this service. */
@ConfigMapping(prefix = "careloop.care-plans")
public interface CarePlansConfig {

    /** A folder of the site with rules and calendars that replace those of their names, see {@code docs/operations/rules.md}. */
    Optional<Path> rulesFolder();

    /** Encounter classes (v3 ActCode) that are stays: one that follows a discharge is a readmission. */
    @WithDefault("IMP,ACUTE,NONAC,OBSENC,SS")
    Set<String> stayClasses();

    /** Encounter classes (v3 ActCode) whose admissions and discharges the medical home is told of; emergency visits too. */
    @WithDefault("IMP,ACUTE,NONAC,OBSENC,SS,EMER")
    Set<String> noticeClasses();

    /** How long after an admission or discharge the medical home is still told of it; what is recorded later is history. */
    @WithDefault("30d")
    Duration noticeWithin();

    /** Pause between two looks for notices that waited: for the place of a general practitioner, or to be sure whose a stay is. */
    @WithDefault("1s")
    Duration noticeInterval();

    /**
     * How long it may take until a merge of patients is heard of: what was told of a stay that turns out to be another patient's is
     * taken back no sooner.
     */
    @WithDefault("2m")
    Duration mergeToldWithin();
}
