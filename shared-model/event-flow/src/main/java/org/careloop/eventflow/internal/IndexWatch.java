package org.careloop.eventflow.internal;

import static org.careloop.eventflow.EventFlowLog.LOG;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.careloop.eventflow.Causes;
import org.careloop.fhirstore.FhirStoreConfig;
import org.careloop.fhirstore.Reindexing;
import org.careloop.fhirstore.ResourceStore;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/**
 * Looks now and then how complete the index is: every instance does, for another may be the one that indexes. An instance is
 * ready all the same; what is missing is told beside it.
 */
@Readiness
@Singleton
public class IndexWatch implements HealthCheck {

    private static final long UNKNOWN = -1;

    private final ResourceStore store;
    private final Reindexing reindexing;
    private final FhirStoreConfig.Reindexing config;
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final Thread watch = Thread.ofVirtual().name("index-watch").unstarted(this::run);
    private volatile long left = UNKNOWN;
    private volatile boolean combined;

    IndexWatch(ResourceStore store, Reindexing reindexing, FhirStoreConfig config) {
        this.store = store;
        this.reindexing = reindexing;
        this.config = config.reindexing();
    }

    void start(@Observes StartupEvent event) {
        watch.start();
    }

    void stop(@Observes ShutdownEvent event) {
        stopping.countDown();
    }

    /** How many resources are indexed in an older format, as of the last look; -1 before the first. */
    public long left() {
        return left;
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("search index")
                .withData("outdated", left)
                .withData("combined", combined ? "complete" : "incomplete")
                .up()
                .build();
    }

    private void run() {
        try {
            do {
                look();
            } while (!stopping.await(config.interval().toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void look() {
        try {
            combined = ReindexPass.await(store.areCombinedIndexesFilled());
            left = ReindexPass.await(reindexing.left());
        } catch (RuntimeException e) {
            LOG.interrupted("index-watch", Causes.nameOf(e));
        }
    }
}
