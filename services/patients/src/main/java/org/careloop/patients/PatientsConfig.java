package org.careloop.patients;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Optional;
import java.util.Set;

/** Settings of the patients service. */
@ConfigMapping(prefix = "careloop.patients")
public interface PatientsConfig {

    /** A folder of the site with rules and calendars that replace those of their names, see {@code docs/operations/rules.md}. */
    Optional<Path> rulesFolder();

    /** Most resources that one {@code $lastn} or {@code $docref} looks at; more are refused with 422. */
    @WithDefault("10000")
    int maxExamined();

    /** Encounter classes (v3 ActCode) that are stays, whose medicines are compared. */
    @WithDefault("IMP,ACUTE,NONAC,OBSENC,SS")
    Set<String> stayClasses();

    /** Zone of the days of sites. */
    @WithDefault("America/New_York")
    ZoneId timeZone();

    /** How long after a discharge what changes in the medicines is compared again. */
    @WithDefault("60d")
    Duration reconcileWithin();

    /** Pause between looks for patients who take a Medication that has changed. */
    @WithDefault("2s")
    Duration reconcileInterval();
}
