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
import org.careloop.referrals.app.FollowPlan;
import org.careloop.referrals.app.HandOutActivities;
import org.hl7.fhir.r4.model.CarePlan;

/** Plans that ask for work. */
@Singleton
public class CarePlanEvents implements EventHandler {

    private static final Set<EventSource> SOURCES = Set.of(new EventSource("care-plans", "CarePlan"));

    private final HandOutActivities handOutActivities;
    private final FollowPlan followPlan;

    CarePlanEvents(HandOutActivities handOutActivities, FollowPlan followPlan) {
        this.handOutActivities = handOutActivities;
        this.followPlan = followPlan;
    }

    @Override
    public Set<EventSource> sources() {
        return SOURCES;
    }

    @Override
    public boolean concerns(ResourceEvent event) {
        return event.change() != Change.DELETED;
    }

    @Override
    public Uni<Void> handle(ResourceEvent event, UnitOfWork unit) {
        CarePlan plan = FhirJson.parse(CarePlan.class, event.payload());
        return handOutActivities
                .handle(plan, event.occurredAt(), unit)
                .chain(() -> followPlan.handle(plan, event.version(), unit));
    }
}
