package org.careloop.referrals.events;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.Set;
import org.careloop.eventcontracts.ResourceEvent;
import org.careloop.eventflow.EventHandler;
import org.careloop.eventflow.EventSource;
import org.careloop.fhirstore.UnitOfWork;
import org.careloop.referrals.app.ChooseAgency;

/**
 * Changes of this service's own directory, heard as events: a write of the directory neither waits for the referrals
 * that it lets go out nor fails with them.
 */
@Singleton
public class DirectoryEvents implements EventHandler {

    private static final Set<EventSource> SOURCES = Set.of(
            new EventSource("referrals", "HealthcareService"),
            new EventSource("referrals", "Organization"),
            new EventSource("referrals", "Location"));

    private final ChooseAgency chooseAgency;

    DirectoryEvents(ChooseAgency chooseAgency) {
        this.chooseAgency = chooseAgency;
    }

    @Override
    public Set<EventSource> sources() {
        return SOURCES;
    }

    @Override
    public Uni<Void> handle(ResourceEvent event, UnitOfWork unit) {
        return chooseAgency.retryAll(unit);
    }
}
