package org.careloop.eventflow.internal;

import io.quarkus.arc.All;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.List;
import org.careloop.eventflow.LeaderLoop;

/** Starts every loop of the service with it, and ends it with it. */
@Singleton
public class RunLoops {

    private final List<LeaderLoop.Owner> owners;

    RunLoops(@All List<LeaderLoop.Owner> owners) {
        this.owners = owners;
    }

    void start(@Observes StartupEvent event) {
        owners.stream()
                .filter(LeaderLoop.Owner::isWanted)
                .forEach(owner -> owner.loop().start());
    }

    void stop(@Observes ShutdownEvent event) throws InterruptedException {
        for (LeaderLoop.Owner owner : owners) {
            owner.loop().stop();
        }
    }
}
