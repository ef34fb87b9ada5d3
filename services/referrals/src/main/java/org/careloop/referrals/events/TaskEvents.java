package org.careloop.referrals.events;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.careloop.eventcontracts.Change;
import org.careloop.eventcontracts.ResourceEvent;
import org.careloop.eventflow.EventHandler;
import org.careloop.eventflow.EventSource;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.fhirstore.UnitOfWork;
import org.careloop.referrals.app.KeepPatientArea;
import org.hl7.fhir.r4.model.Task;

/**
 * Referrals of this service's own that wait for an agency, heard as events when they change: one that was moved to another patient, who
 * is the same person, is addressed where that one lives.
 */
@Singleton
public class TaskEvents implements EventHandler {

    private static final Set<EventSource> SOURCES = Set.of(new EventSource("referrals", "Task"));

    private final KeepPatientArea keepPatientArea;

    TaskEvents(KeepPatientArea keepPatientArea) {
        this.keepPatientArea = keepPatientArea;
    }

    @Override
    public Set<EventSource> sources() {
        return SOURCES;
    }

    /** By a glance: most Tasks have an owner, or are over. */
    @Override
    public boolean concerns(ResourceEvent event) {
        if (!event.resource().type().equals("Task") || event.change() != Change.UPDATED) {
            return false;
        }
        String payload = new String(event.payload(), StandardCharsets.UTF_8);
        return payload.contains("\"requested\"") && !payload.contains("\"owner\"");
    }

    @Override
    public Uni<Void> handle(ResourceEvent event, UnitOfWork unit) {
        String patient = FhirJson.parse(Task.class, event.payload()).getFor().getReference();
        return patient == null ? Uni.createFrom().voidItem() : keepPatientArea.retryFor(patient, unit);
    }
}
