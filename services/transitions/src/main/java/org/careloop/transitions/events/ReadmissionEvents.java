package org.careloop.transitions.events;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.Set;
import org.careloop.eventcontracts.Change;
import org.careloop.eventcontracts.ResourceEvent;
import org.careloop.eventflow.EventHandler;
import org.careloop.eventflow.EventSource;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.fhirmodel.ResourceKey;
import org.careloop.fhirstore.UnitOfWork;
import org.careloop.transitions.app.LinkStays;
import org.hl7.fhir.r4.model.Encounter;

/**
 * Stays of this service's own, heard as events: what follows from a stay is a matter of all stays of the patient, and who writes one
 * must not hold the others.
 */
@Singleton
public class ReadmissionEvents implements EventHandler {

    private final LinkStays linkStays;

    ReadmissionEvents(LinkStays linkStays) {
        this.linkStays = linkStays;
    }

    @Override
    public Set<EventSource> sources() {
        return Set.of(new EventSource("transitions", "Encounter"));
    }

    @Override
    public Uni<Void> handle(ResourceEvent event, UnitOfWork unit) {
        return linkStays.handle(event.resource().id().value(), patient(event), unit);
    }

    private static Optional<String> patient(ResourceEvent event) {
        return event.change() == Change.DELETED
                ? Optional.empty()
                : ResourceKey.parse(String.valueOf(FhirJson.parse(Encounter.class, event.payload())
                                .getSubject()
                                .getReference()))
                        .map(key -> key.id().value());
    }
}
