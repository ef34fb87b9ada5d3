package org.careloop.patients.events;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.Set;
import org.careloop.eventcontracts.Change;
import org.careloop.eventcontracts.ResourceEvent;
import org.careloop.eventflow.EventHandler;
import org.careloop.eventflow.EventSource;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.fhirstore.UnitOfWork;
import org.careloop.patients.app.KeepStay;
import org.hl7.fhir.r4.model.Encounter;

/** Stays, whose medicines are compared. */
@Singleton
public class StayEvents implements EventHandler {

    private final KeepStay keepStay;

    StayEvents(KeepStay keepStay) {
        this.keepStay = keepStay;
    }

    @Override
    public Set<EventSource> sources() {
        return Set.of(new EventSource("transitions", "Encounter"));
    }

    @Override
    public Uni<Void> handle(ResourceEvent event, UnitOfWork unit) {
        return event.change() == Change.DELETED
                ? keepStay.gone(event.resource().id().value(), event.version(), unit)
                : keepStay.handle(
                        FhirJson.parse(Encounter.class, event.payload()), event.version(), event.occurredAt(), unit);
    }
}
