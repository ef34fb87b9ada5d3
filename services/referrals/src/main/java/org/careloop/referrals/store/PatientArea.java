package org.careloop.referrals.store;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.careloop.referrals.domain.BirthDate;
import org.careloop.referrals.domain.PersonServed;
import org.hibernate.annotations.Immutable;
import org.jspecify.annotations.NullUnmarked;

/** The projection of one Patient. */
@Entity
@Immutable
@Table(name = "patient_area")
@NullUnmarked
class PatientArea {

    @Id
    private String patient;

    @Column(name = "postal_code")
    private String postalCode;

    private String state;
    private String languages;

    @Column(name = "born_from")
    private LocalDate bornFrom;

    @Column(name = "born_until")
    private LocalDate bornUntil;

    private String gender;

    PatientArea() {}

    PersonServed person() {
        return new PersonServed(
                Optional.ofNullable(postalCode),
                Optional.ofNullable(state),
                languages.isEmpty() ? List.of() : List.of(languages.split(" ")),
                bornFrom == null || bornUntil == null
                        ? Optional.empty()
                        : Optional.of(new BirthDate(bornFrom, bornUntil)),
                Optional.ofNullable(gender));
    }
}
