package org.careloop.fhirstore;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Settings of the resource store of a service. */
@ConfigMapping(prefix = "careloop.store")
public interface FhirStoreConfig {

    /** The FHIR types that this service owns. */
    Set<String> types();

    /**
     * Pairs of parameters, {@code Type:reference+token}, that are often asked for together: indexed as one, in the order of
     * change. What is stored already is indexed after the start.
     */
    Optional<List<String>> combinedIndexes();

    /** Whether what a caller writes may refer only to what is there, here or in another service. */
    @WithDefault("true")
    boolean checkReferences();

    /** Matches of one page when the search asks for no count. */
    @WithDefault("50")
    int defaultPageSize();

    /** Most matches of one page; a larger {@code _count} is cut down to it. */
    @WithDefault("500")
    int maxPageSize();

    /**
     * Most transactions that write at once; further ones wait. Fewer than {@code quarkus.datasource.reactive.max-size}, so
     * that reads and the ends of transactions across services always find a connection.
     */
    @WithDefault("16")
    int maxUnits();

    /** How stored resources are indexed anew after the format of the index changed. */
    Reindexing reindexing();

    /** The load that it may be. */
    interface Reindexing {

        /** Most resources that one transaction indexes; who writes one of them waits until it ends. */
        @WithDefault("100")
        int batchSize();

        /** Pause between two transactions. */
        @WithDefault("100ms")
        Duration pause();

        /** Pause between two looks whether something is indexed in an older format. */
        @WithDefault("5s")
        Duration interval();
    }
}
