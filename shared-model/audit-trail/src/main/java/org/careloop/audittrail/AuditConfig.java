package org.careloop.audittrail;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/** Settings of the audit trail of a service. */
@ConfigMapping(prefix = "careloop.audit")
public interface AuditConfig {

    /** Whether accesses are recorded. Only for measuring what that costs: a platform without it is not fit for health data. */
    @WithDefault("true")
    boolean enabled();

    /** Longest time until new rows are sealed into the chain. */
    @WithDefault("1s")
    Duration sealInterval();

    /** Most rows that one seal covers. */
    @WithDefault("5000")
    int sealedTogether();

    /** Most rows that one request for verification reads; the answer tells where to go on. */
    @WithDefault("100000")
    int verifiedTogether();

    /**
     * Ids of the Organizations whose own accesses are no disclosures. Without any, those of coordinators and supervisors are
     * none.
     */
    Optional<Set<String>> ownOrganizations();
}
