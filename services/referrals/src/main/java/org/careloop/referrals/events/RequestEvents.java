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
import org.careloop.referrals.app.KeepPatientArea;
import org.hl7.fhir.r4.model.ServiceRequest;
import org.hl7.fhir.r4.model.ServiceRequest.ServiceRequestStatus;

/**
 * Requests of this service's own, heard as events, so that no write waits for what follows: a new one is compared with others, one
 * that goes on without an agency looks for it again.
 */
@Singleton
public class RequestEvents implements EventHandler {

    private static final Set<EventSource> SOURCES = Set.of(new EventSource("referrals", "ServiceRequest"));

    private final FindDuplicates findDuplicates;
    private final KeepPatientArea keepPatientArea;

    RequestEvents(FindDuplicates findDuplicates, KeepPatientArea keepPatientArea) {
        this.findDuplicates = findDuplicates;
        this.keepPatientArea = keepPatientArea;
    }

    @Override
    public Set<EventSource> sources() {
        return SOURCES;
    }

    @Override
    public Uni<Void> handle(ResourceEvent event, UnitOfWork unit) {
        if (event.change() == Change.DELETED) {
            return Uni.createFrom().voidItem();
        }
        ServiceRequest request = FhirJson.parse(ServiceRequest.class, event.payload());
        return event.change() == Change.CREATED ? findDuplicates.handle(request, unit) : goesOn(request, unit);
    }

    /** While it was on hold no agency was asked. */
    private Uni<Void> goesOn(ServiceRequest request, UnitOfWork unit) {
        return request.getStatus() == ServiceRequestStatus.ACTIVE && !request.hasPerformer()
                ? keepPatientArea.retryFor(request.getSubject().getReference(), unit)
                : Uni.createFrom().voidItem();
    }
}
