package org.careloop.transitions.events;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.Set;
import org.careloop.calleraccess.ConsentRules;
import org.careloop.eventcontracts.ResourceEvent;
import org.careloop.eventflow.EventHandler;
import org.careloop.eventflow.EventSource;
import org.careloop.fhirmodel.ResourceKey;
import org.careloop.fhirstore.UnitOfWork;
import org.careloop.transitions.app.FollowConsent;

/** Consents that let a patient be enrolled in coordination, or no more; what they say is kept before this is told. */
@Singleton
public class EnrolmentEvents implements EventHandler {

    private final FollowConsent followConsent;
    private final ConsentRules rules;

    EnrolmentEvents(FollowConsent followConsent, ConsentRules rules) {
        this.followConsent = followConsent;
        this.rules = rules;
    }

    @Override
    public Set<EventSource> sources() {
        return Set.of(new EventSource(rules.holder(), "Consent"));
    }

    @Override
    public Uni<Void> handle(ResourceEvent event, UnitOfWork unit) {
        return ResourceKey.parse(event.key())
                .map(patient -> followConsent.handle(patient.id().value(), unit))
                .orElseGet(() -> Uni.createFrom().voidItem());
    }
}
