package org.careloop.transitions.store;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.careloop.transitions.domain.EncounterState;
import org.careloop.transitions.domain.TriggerEvent;
import org.hl7.fhir.r4.model.Encounter.EncounterStatus;

/** The course of one encounter, see {@link EncounterState}. */
@Entity
@Table(name = "encounter_course")
public class EncounterCourse {

    @Id
    @Column(name = "encounter_id")
    private String encounterId = "";

    @Enumerated(EnumType.STRING)
    private EncounterStatus status = EncounterStatus.UNKNOWN;

    @Enumerated(EnumType.STRING)
    @Column(name = "last_event")
    private TriggerEvent lastEvent = TriggerEvent.A08;

    @Column(name = "last_event_at")
    private Instant lastEventAt = Instant.EPOCH;

    @Column(name = "details_at")
    private Instant detailsAt = Instant.EPOCH;

    protected EncounterCourse() {}

    public EncounterCourse(String encounterId, EncounterState state) {
        this.encounterId = encounterId;
        become(state);
    }

    public EncounterState state() {
        return new EncounterState(status, lastEvent, lastEventAt, detailsAt);
    }

    public final void become(EncounterState state) {
        status = state.status();
        lastEvent = state.lastEvent();
        lastEventAt = state.lastEventAt();
        detailsAt = state.detailsAt();
    }
}
