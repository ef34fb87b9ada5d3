package org.careloop.referrals;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;

/** Settings of the referrals service. */
@ConfigMapping(prefix = "careloop.referrals")
public interface ReferralsConfig {

    /** Most waiting referrals that are tried again when the directory changes, longest waiting first; 1 to 10000. */
    @WithDefault("500")
    @Min(1)
    @Max(10000)
    int retriesPerDirectoryChange();

    /** Pause between two looks for Tasks of which somebody is to be reminded, or that are late. */
    @WithDefault("30s")
    Duration clockInterval();

    /** Most versions of Tasks that one scorecard is counted from, and most referrals that unmet needs are; more is refused. */
    @WithDefault("50000")
    @Min(1)
    @Max(1000000)
    int maxVersionsCounted();

    /** Most stale listings that one answer tells of; more is refused; 1 to 100000. */
    @WithDefault("5000")
    @Min(1)
    @Max(100000)
    int maxStaleListings();

    /** Most rows of all tables of one HSDS file; more is refused; 1 to 1000000. */
    @WithDefault("10000")
    @Min(1)
    @Max(1000000)
    int maxHsdsRows();

    /** Most bytes of the tables of one HSDS file when they are unpacked; more is refused. */
    @WithDefault("52428800")
    @Min(1)
    long maxHsdsSize();
}
