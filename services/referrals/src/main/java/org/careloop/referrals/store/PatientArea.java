package org.careloop.referrals.store;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.util.List;
import java.util.Optional;
import org.careloop.referrals.domain.HomeArea;
import org.jspecify.annotations.NullUnmarked;

/** The projection of one Patient. */
@Entity
@Table(name = "patient_area")
@NullUnmarked
class PatientArea {

    @Id
    private String patient;

    private long version;

    @Column(name = "postal_code")
    private String postalCode;

    private String state;
    private String languages;

    PatientArea() {}

    PatientArea(String patient) {
        this.patient = patient;
    }

    boolean isOlderThan(long other) {
        return version < other;
    }

    void set(long newVersion, HomeArea area) {
        version = newVersion;
        postalCode = area.postalCode().orElse(null);
        state = area.state().orElse(null);
        languages = String.join(" ", area.languages());
    }

    HomeArea area() {
        return new HomeArea(
                Optional.ofNullable(postalCode),
                Optional.ofNullable(state),
                languages.isEmpty() ? List.of() : List.of(languages.split(" ")));
    }
}
