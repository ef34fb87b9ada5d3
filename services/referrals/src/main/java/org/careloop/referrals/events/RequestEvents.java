package org.careloop.referrals.events;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.Set;
import org.careloop.eventcontracts.Change;
import org.careloop.eventcontracts.ResourceEvent;
import org.careloop.eventflow.EventHandler;
import org.careloop.eventflow.EventSource;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.fhirstore.UnitOfWork;
import org.careloop.referrals.app.FindDuplicates;
import org.hl7.fhir.r4.model.ServiceRequest;

/** New requests of this service's own, heard as events: to look for duplicates keeps no write waiting. */
@Singleton
public class RequestEvents implements EventHandler {

    private static final Set<EventSource> SOURCES = Set.of(new EventSource("referrals", "ServiceRequest"));

    private final FindDuplicates findDuplicates;

    RequestEvents(FindDuplicates findDuplicates) {
        this.findDuplicates = findDuplicates;
    }

    @Override
    public Set<EventSource> sources() {
        return SOURCES;
    }

    @Override
    public Uni<Void> handle(ResourceEvent event, UnitOfWork unit) {
        return event.change() == Change.CREATED
                ? findDuplicates.handle(FhirJson.parse(ServiceRequest.class, event.payload()), unit)
                : Uni.createFrom().voidItem();
    }
}
