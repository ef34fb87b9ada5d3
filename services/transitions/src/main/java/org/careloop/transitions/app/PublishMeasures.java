package org.careloop.transitions.app;

import static org.careloop.transitions.TransitionsLog.LOG;

import io.quarkus.runtime.StartupEvent;
import io.quarkus.vertx.VertxContextSupport;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import org.careloop.calleraccess.Caller;
import org.careloop.fhirstore.InTurn;
import org.careloop.fhirstore.ResourceStore;
import org.careloop.fhirstore.UnitOfWork;
import org.careloop.transitions.domain.MeasureResources;
import org.careloop.transitions.domain.TransitionMeasures;

/** Stores the measures that come with the service as Measures, so that clients can read and evaluate them. */
@Singleton
public class PublishMeasures {

    private final TransitionMeasures measures;
    private final ResourceStore store;

    PublishMeasures(TransitionMeasures measures, ResourceStore store) {
        this.measures = measures;
        this.store = store;
    }

    void start(@Observes StartupEvent event) throws Throwable {
        VertxContextSupport.subscribeAndAwait(() -> store.inUnit(this::publish));
        LOG.measuresPublished(measures.definitions().size());
    }

    private Uni<Void> publish(UnitOfWork unit) {
        return unit.serialize("Measure", "measures")
                .chain(() -> InTurn.each(
                        measures.definitions(),
                        definition -> unit.put(Caller.PLATFORM, MeasureResources.measure(definition))));
    }
}
