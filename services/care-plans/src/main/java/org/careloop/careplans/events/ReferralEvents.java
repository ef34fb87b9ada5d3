package org.careloop.careplans.events;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.Set;
import org.careloop.careplans.app.FollowActivity;
import org.careloop.eventcontracts.Change;
import org.careloop.eventcontracts.ResourceEvent;
import org.careloop.eventcontracts.SharedTerms;
import org.careloop.eventflow.EventHandler;
import org.careloop.eventflow.EventSource;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.fhirstore.UnitOfWork;
import org.hl7.fhir.r4.model.Resource;
import org.hl7.fhir.r4.model.ServiceRequest;
import org.hl7.fhir.r4.model.Task;

/** What becomes of the activities of plans. */
@Singleton
public class ReferralEvents implements EventHandler {

    private static final Set<EventSource> SOURCES =
            Set.of(new EventSource("referrals", "Task"), new EventSource("referrals", "ServiceRequest"));

    private final FollowActivity followActivity;

    ReferralEvents(FollowActivity followActivity) {
        this.followActivity = followActivity;
    }

    @Override
    public Set<EventSource> sources() {
        return SOURCES;
    }

    @Override
    public boolean concerns(ResourceEvent event) {
        return event.change() != Change.DELETED && event.mentions(SharedTerms.PLAN_ACTIVITY_SYSTEM);
    }

    @Override
    public Uni<Void> handle(ResourceEvent event, UnitOfWork unit) {
        Resource resource = FhirJson.parse(event.payload());
        return resource instanceof Task task
                ? followActivity.handle(task, unit)
                : followActivity.handle((ServiceRequest) resource, unit);
    }
}
