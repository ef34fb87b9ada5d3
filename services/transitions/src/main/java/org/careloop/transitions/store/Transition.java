package org.careloop.transitions.store;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;
import org.careloop.transitions.domain.DischargeDestination;
import org.careloop.transitions.domain.RiskBand;
import org.careloop.transitions.domain.StayChain;
import org.careloop.transitions.domain.TransitionState;
import org.jspecify.annotations.Nullable;

/** The transition that a stay opens. */
@Entity
@Table(name = "transition")
public class Transition {

    @Id
    @Column(name = "episode_id")
    private String episodeId = "";

    @Column(name = "encounter_id")
    private String encounterId = "";

    @Column(name = "patient_id")
    private String patientId = "";

    private String organization = "";
    private String zone = "";

    @Enumerated(EnumType.STRING)
    private TransitionState state = TransitionState.EXPECTED;

    private @Nullable Instant admitted;
    private @Nullable Instant discharged;

    @Enumerated(EnumType.STRING)
    @Column(name = "risk_band")
    private @Nullable RiskBand riskBand;

    @Enumerated(EnumType.STRING)
    private @Nullable DischargeDestination destination;

    private @Nullable String facility;
    private @Nullable String setting;

    protected Transition() {}

    /** A transition that is expected, because the patient was admitted. */
    public Transition(String episodeId, String encounterId, String patientId, String organization, ZoneId zone) {
        this.episodeId = episodeId;
        this.encounterId = encounterId;
        this.patientId = patientId;
        this.organization = organization;
        this.zone = zone.getId();
    }

    /** Notes when the patient was admitted, if that is known. */
    public void admitted(Optional<Instant> at) {
        admitted = at.orElse(admitted);
    }

    /** Notes that the patient did not come yet. */
    public void notAdmitted() {
        admitted = null;
    }

    /** Notes where the stay is, an id of an Organization, and of which class it is, if that is known. */
    public void at(Optional<String> organization, Optional<String> patientClass) {
        facility = organization.orElse(null);
        setting = patientClass.orElse(null);
    }

    /** Notes whose it is, who may turn out to be another. */
    public void patient(String id) {
        patientId = id;
    }

    /** Opens it: the patient left. */
    public void open(Instant at, RiskBand band, DischargeDestination where) {
        state = TransitionState.OPEN;
        discharged = at;
        riskBand = band;
        destination = where;
    }

    /** Takes the discharge back. */
    public void expect() {
        state = TransitionState.EXPECTED;
        discharged = null;
        riskBand = null;
        destination = null;
    }

    /** Ends it: the admission was an error. */
    public void retract() {
        state = TransitionState.RETRACTED;
    }

    public String episodeId() {
        return episodeId;
    }

    public String encounterId() {
        return encounterId;
    }

    public String patientId() {
        return patientId;
    }

    /** The id of the Organization that follows the patient. */
    public String organization() {
        return organization;
    }

    public ZoneId zone() {
        return ZoneId.of(zone);
    }

    public TransitionState state() {
        return state;
    }

    public Optional<Instant> admitted() {
        return Optional.ofNullable(admitted);
    }

    public Optional<Instant> discharged() {
        return Optional.ofNullable(discharged);
    }

    /** Where the patient went; empty while it is not open. */
    public Optional<DischargeDestination> destination() {
        return Optional.ofNullable(destination);
    }

    /** The id of the Organization that the stay is at. */
    public Optional<String> facility() {
        return Optional.ofNullable(facility);
    }

    /** The class of the stay. */
    public Optional<String> setting() {
        return Optional.ofNullable(setting);
    }

    /** The time of the stay. */
    public StayChain.Span span() {
        return new StayChain.Span(episodeId, encounterId, admitted(), discharged(), zone());
    }

    /** The band of the risk; empty before the discharge. */
    public Optional<RiskBand> riskBand() {
        return Optional.ofNullable(riskBand);
    }
}
