package org.careloop.transitions.store;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What of a patient bears on clocks and measures. */
@Entity
@Table(name = "followed_patient")
public class KnownPatient {

    @Id
    @Column(name = "patient_id")
    private String patientId = "";

    private @Nullable LocalDate born;
    private @Nullable Instant died;

    protected KnownPatient() {}

    /** A patient of whom nothing is known yet. */
    public KnownPatient(String patientId) {
        this.patientId = patientId;
    }

    /** Notes what is told; returns whether that is news of a death. */
    public boolean learn(Optional<LocalDate> birth, Optional<Instant> death) {
        Optional<Instant> before = died();
        born = birth.orElse(null);
        died = death.orElse(null);
        return !before.equals(death);
    }

    String patientId() {
        return patientId;
    }

    public Optional<LocalDate> born() {
        return Optional.ofNullable(born);
    }

    public Optional<Instant> died() {
        return Optional.ofNullable(died);
    }
}
