package org.careloop.transitions.store;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.LocalDate;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Who pays for a patient, and when. */
@Entity
@Table(name = "followed_coverage")
public class KnownCoverage {

    /** From and to which day it covers; both included, each of them open where it is not told. */
    public record Days(Optional<LocalDate> first, Optional<LocalDate> last) {}

    @Id
    @Column(name = "coverage_id")
    private String coverageId = "";

    @Column(name = "patient_id")
    private String patientId = "";

    private String payer = "";
    private @Nullable LocalDate starts;
    private @Nullable LocalDate ends;

    protected KnownCoverage() {}

    KnownCoverage(String coverageId) {
        this.coverageId = coverageId;
    }

    void learn(String patient, String whoPays, Days days) {
        patientId = patient;
        payer = whoPays;
        starts = days.first().orElse(null);
        ends = days.last().orElse(null);
    }

    /** Whether it covers {@code day}. */
    public boolean covers(LocalDate day) {
        return (starts == null || !day.isBefore(starts)) && (ends == null || !day.isAfter(ends));
    }

    String patientId() {
        return patientId;
    }

    public String payer() {
        return payer;
    }
}
