package org.careloop.referrals;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Settings of the referrals service. */
@ConfigMapping(prefix = "careloop.referrals")
public interface ReferralsConfig {

    /** Most waiting referrals that are tried again when the directory changes, longest waiting first; 1 to 10000. */
    @WithDefault("500")
    @Min(1)
    @Max(10000)
    int retriesPerDirectoryChange();

    /**
     * Ids of the Organizations whose coordinators say which practitioner works for whom, and which NPI is whose. Without any the
     * platform alone does.
     */
    Optional<Set<String>> directoryKeepers();

    /** A folder of the site with rules and calendars that replace those of their names, see {@code docs/operations/rules.md}. */
    Optional<Path> rulesFolder();

    /** Referrals that agencies hold on FHIR servers of their own. */
    Direct direct();

    /** How referrals are exchanged with agencies' own servers. */
    interface Direct {

        /** Pause between two looks at a server; after a failure it doubles, up to an hour. */
        @WithDefault("30s")
        Duration interval();

        /** How long a server may take for one answer. */
        @WithDefault("10s")
        Duration timeout();

        /** Longest answer that is read, in bytes. */
        @WithDefault("4194304")
        @Min(1024)
        int maxAnswer();

        /** The servers that may be called, by any name: an Endpoint with another address is not. */
        Map<String, Server> servers();
    }

    /** An agency's server. */
    interface Server {

        /** Its address, as in {@code Endpoint.address}. */
        String url();

        /** The ids of the Organizations whose server it is: Endpoints of others do not lead to it. */
        Set<String> organizations();

        /** The name of the OIDC client that has its access tokens; without it calls have none. */
        Optional<String> oidcClient();
    }

    /** Pause between two looks for Tasks of which somebody is to be reminded, or that are late. */
    @WithDefault("30s")
    Duration clockInterval();

    /** Pause between two looks for referrals to networks of agencies that are to be passed on, or that changed. */
    @WithDefault("5s")
    Duration indirectInterval();

    /** Pause between two measurements of how each agency handles its referrals. */
    @WithDefault("1h")
    Duration standingInterval();

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
