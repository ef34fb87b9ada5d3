package org.careloop.careplans.app;

import static org.careloop.careplans.CarePlansLog.LOG;

import io.quarkus.runtime.StartupEvent;
import io.quarkus.vertx.VertxContextSupport;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import org.careloop.calleraccess.Caller;
import org.careloop.careplans.protocols.ProtocolLibrary;
import org.careloop.fhirstore.InTurn;
import org.careloop.fhirstore.ResourceStore;
import org.careloop.fhirstore.UnitOfWork;

/** Stores the protocols that come with the service as PlanDefinitions and ActivityDefinitions, so that clients can read them. */
@Singleton
public class PublishProtocols {

    private final ProtocolLibrary library;
    private final ResourceStore store;

    PublishProtocols(ProtocolLibrary library, ResourceStore store) {
        this.library = library;
        this.store = store;
    }

    @Produces
    @Singleton
    static ProtocolLibrary library() {
        return ProtocolLibrary.bundled();
    }

    void start(@Observes StartupEvent event) throws Throwable {
        VertxContextSupport.subscribeAndAwait(() -> store.inUnit(this::publish));
        LOG.published(library.definitions().size(), library.version());
    }

    private Uni<Void> publish(UnitOfWork unit) {
        return unit.serialize("PlanDefinition", "protocols")
                .chain(() ->
                        InTurn.each(library.definitions(), definition -> unit.put(Caller.PLATFORM, definition.copy())));
    }
}
