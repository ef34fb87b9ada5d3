package org.careloop.transitions.store;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.Set;
import java.util.TreeSet;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.transitions.domain.StayEvent;
import org.careloop.transitions.domain.StayStep;
import org.hl7.fhir.r4.model.Encounter;
import org.jspecify.annotations.Nullable;

/** One {@link StayEvent} of an encounter. */
@Entity
@Table(name = "stay_event")
public class StayEventRecord {

    private static final String BETWEEN = " ";

    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    private @Nullable Long id;

    @Column(name = "encounter_id")
    private String encounterId = "";

    private String key = "";

    @Enumerated(EnumType.STRING)
    private StayStep step = StayStep.UPDATE;

    private Instant recorded = Instant.EPOCH;
    private Instant sent = Instant.EPOCH;
    private Instant happened = Instant.EPOCH;
    private Instant received = Instant.EPOCH;
    private byte[] told = {};
    private String cleared = "";
    private boolean whole;

    protected StayEventRecord() {}

    StayEventRecord(String encounterId, StayEvent event) {
        this.encounterId = encounterId;
        this.key = event.key();
        this.step = event.step();
        this.recorded = event.when().recorded();
        this.sent = event.when().sent();
        this.happened = event.when().at();
        this.received = event.when().received();
        this.told = FhirJson.write(event.told());
        this.cleared = String.join(BETWEEN, new TreeSet<>(event.cleared()));
        this.whole = event.whole();
    }

    /** Of what was told, in bytes. */
    int size() {
        return told.length;
    }

    StayEvent event() {
        return new StayEvent(
                step,
                new StayEvent.Times(recorded, sent, happened, received),
                key,
                FhirJson.parse(Encounter.class, told),
                cleared.isEmpty() ? Set.of() : Set.of(cleared.split(BETWEEN)),
                whole);
    }
}
