package org.careloop.careplans.app;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.careloop.careplans.domain.notice.MedicalHome;
import org.careloop.careplans.store.Practices;
import org.careloop.careplans.store.Practices.Places;
import org.careloop.fhirstore.UnitOfWork;
import org.hl7.fhir.r4.model.Patient;

/** The medical homes of patients, as far as the directory tells. */
@Singleton
class MedicalHomes {

    private final Practices practices;
    private final Clock clock;

    MedicalHomes(Practices practices, Clock clock) {
        this.practices = practices;
        this.clock = clock;
    }

    /**
     * The medical home of a patient.
     *
     * @param organizations literal references
     * @param again when it is to be asked again, if it is to be
     */
    record Found(List<String> organizations, Optional<Instant> again) {}

    /** Returns the organisations that are the medical home of {@code patient}. */
    Uni<List<String>> of(Patient patient, UnitOfWork unit) {
        return practices.places(MedicalHome.people(patient), unit).map(places -> homes(patient, places));
    }

    /**
     * Returns them, too, and notes who the general practitioners are: when the directory tells where they work, the patient is looked at
     * again; also soon when one was just noted whom it cannot place, or what it tells at this very moment would be missed.
     */
    Uni<Found> follow(Patient patient, UnitOfWork unit) {
        List<String> people = MedicalHome.people(patient);
        return practices
                .follow(patient.getIdElement().getIdPart(), people, unit)
                .chain(fresh -> practices
                        .places(people, unit)
                        .map(places -> new Found(
                                homes(patient, places),
                                places.now().keySet().containsAll(fresh)
                                        ? places.next()
                                        : Optional.of(clock.instant()))));
    }

    private static List<String> homes(Patient patient, Places places) {
        return MedicalHome.of(patient, person -> places.now().getOrDefault(person, List.of()));
    }
}
