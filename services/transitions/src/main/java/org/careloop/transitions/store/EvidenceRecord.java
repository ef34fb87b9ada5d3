package org.careloop.transitions.store;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Optional;
import org.careloop.transitions.domain.Evidence;
import org.careloop.transitions.domain.EvidenceTime;
import org.careloop.transitions.domain.FoundEvidence;
import org.jspecify.annotations.Nullable;

/** Something that a resource, at home here or elsewhere, shows to have been done for a patient. */
@Entity
@Table(name = "transition_evidence")
public class EvidenceRecord {

    /**
     * Who told it.
     *
     * @param reference to the resource
     * @param recorded when it was told here
     * @param service which holds the resource
     * @param rules the version of the rules by which it shows something
     */
    public record Telling(String reference, long version, Instant recorded, String service, String rules) {}

    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    private @Nullable Long id;

    @Column(name = "patient_id")
    private String patientId = "";

    @Column(name = "encounter_id")
    private @Nullable String encounterId;

    private @Nullable String during;

    private String kind = "";
    private @Nullable Instant happened;

    @Column(name = "happened_on")
    private @Nullable LocalDate happenedOn;

    private String reference = "";
    private long version;
    private @Nullable String actor;
    private Instant recorded = Instant.EPOCH;
    private String source = "";
    private String rules = "";
    private @Nullable Instant withdrawn;

    protected EvidenceRecord() {}

    EvidenceRecord(FoundEvidence found, Telling told) {
        this.patientId = found.patient();
        this.encounterId = found.encounter().orElse(null);
        this.during = found.during().orElse(null);
        this.kind = found.kind();
        this.happened = found.time().at().orElse(null);
        this.happenedOn = found.time().day().orElse(null);
        this.actor = found.actor().orElse(null);
        this.reference = told.reference();
        this.version = told.version();
        this.recorded = told.recorded();
        this.source = told.service();
        this.rules = told.rules();
    }

    /** Whether it is of the same; what does not say itself when it was done was done when that was told first. */
    boolean isOf(FoundEvidence found) {
        return kind.equals(found.kind())
                && Optional.ofNullable(encounterId).equals(found.encounter())
                && (!found.stated() || time().equals(found.time()));
    }

    /** Holds what {@code inVersion} says of the same; returns whether it is somebody else's now, or was done elsewhere. */
    boolean confirm(FoundEvidence found, long inVersion) {
        boolean moved = !patientId.equals(found.patient())
                || !Optional.ofNullable(during).equals(found.during());
        version = inVersion;
        patientId = found.patient();
        during = found.during().orElse(null);
        actor = found.actor().orElse(null);
        return moved;
    }

    void withdraw(Instant at) {
        withdrawn = at;
    }

    boolean isWithdrawn() {
        return withdrawn != null;
    }

    String patientId() {
        return patientId;
    }

    /** The id of the stay that it names. */
    public Optional<String> encounterId() {
        return Optional.ofNullable(encounterId);
    }

    private EvidenceTime time() {
        return new EvidenceTime(Optional.ofNullable(happened), Optional.ofNullable(happenedOn));
    }

    /** The evidence as rules judge it. */
    public Evidence evidence() {
        return new Evidence(kind, time(), reference, version, Optional.ofNullable(actor), recorded, source);
    }
}
