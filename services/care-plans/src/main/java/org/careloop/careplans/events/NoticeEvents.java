package org.careloop.careplans.events;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.Set;
import org.careloop.careplans.app.FollowDocument;
import org.careloop.careplans.app.FollowPartner;
import org.careloop.eventcontracts.Change;
import org.careloop.eventcontracts.ResourceEvent;
import org.careloop.eventcontracts.SharedTerms;
import org.careloop.eventflow.EventHandler;
import org.careloop.eventflow.EventSource;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.fhirstore.UnitOfWork;
import org.hl7.fhir.r4.model.Composition;
import org.hl7.fhir.r4.model.Practitioner;
import org.hl7.fhir.r4.model.PractitionerRole;
import org.hl7.fhir.r4.model.Resource;
import org.hl7.fhir.r4.model.Task;

/** What is sent of a transition, and who is to be sent it. */
@Singleton
public class NoticeEvents implements EventHandler {

    private static final Set<EventSource> SOURCES = Set.of(
            new EventSource("transitions", "Composition"),
            new EventSource("referrals", "Task"),
            new EventSource("referrals", "Practitioner"),
            new EventSource("referrals", "PractitionerRole"));

    private final FollowDocument followDocument;
    private final FollowPartner followPartner;

    NoticeEvents(FollowDocument followDocument, FollowPartner followPartner) {
        this.followDocument = followDocument;
        this.followPartner = followPartner;
    }

    @Override
    public Set<EventSource> sources() {
        return SOURCES;
    }

    @Override
    public boolean concerns(ResourceEvent event) {
        return switch (event.resource().type()) {
            case "Composition" -> event.mentions(SharedTerms.TRANSITION_DOCUMENT_SYSTEM);
            case "Task" -> event.mentions(SharedTerms.PLAN_ACTIVITY_SYSTEM);
            default -> true;
        };
    }

    /** Of what was deleted the event tells the last that was known. */
    @Override
    public Uni<Void> handle(ResourceEvent event, UnitOfWork unit) {
        Resource resource = FhirJson.parse(event.payload());
        boolean deleted = event.change() == Change.DELETED;
        return switch (resource) {
            case Composition composition -> followDocument.handle(composition, event.version(), deleted, unit);
            case Task task -> followPartner.handle(task, event.version(), deleted, unit);
            case Practitioner practitioner -> followPartner.handle(practitioner, event.version(), deleted, unit);
            default -> followPartner.handle((PractitionerRole) resource, event.version(), deleted, unit);
        };
    }
}
