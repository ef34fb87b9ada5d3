package org.careloop.fhirrest;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.time.Duration;
import java.util.Map;

/** Settings of what a service does together with the others. */
@ConfigMapping(prefix = "careloop.federation")
public interface FederationConfig {

    /** Where the services listen, by name: who is left with a part of a transaction asks the one that decided it. */
    Map<String, URI> services();

    /** How long this service waits for the answer of another. */
    @WithDefault("5s")
    Duration patience();

    /** How many resources of other services this one remembers to be there. */
    @WithDefault("100000")
    int knownTargets();

    /** How long it remembers that: for so long what is deleted elsewhere may still be referred to. */
    @WithDefault("10m")
    Duration knownTargetsAge();

    /** How often this service looks for parts of spanning transactions that were left over. */
    @WithDefault("2s")
    Duration recoveryInterval();

    /** Age from which a prepared part counts as left over. */
    @WithDefault("10s")
    Duration recoveryAge();

    /** How long this service remembers how the transactions ended that it decided; nobody asks later. */
    @WithDefault("30d")
    Duration decisionRetention();
}
