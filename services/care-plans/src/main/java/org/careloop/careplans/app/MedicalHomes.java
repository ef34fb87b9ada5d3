package org.careloop.careplans.app;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import org.careloop.careplans.domain.notice.MedicalHome;
import org.careloop.careplans.store.Practices;
import org.careloop.fhirstore.UnitOfWork;
import org.hl7.fhir.r4.model.Patient;

/** The medical homes of patients, as far as the directory tells. */
@Singleton
class MedicalHomes {

    private final Practices practices;

    MedicalHomes(Practices practices) {
        this.practices = practices;
    }

    /** Returns the organisations that are the medical home of {@code patient}. */
    Uni<List<String>> of(Patient patient, UnitOfWork unit) {
        return practices.employers(MedicalHome.people(patient), unit).map(employers -> homes(patient, employers));
    }

    /** Returns them, too, and notes who of the general practitioners is to be placed yet: then this is asked again. */
    Uni<List<String>> follow(Patient patient, UnitOfWork unit) {
        List<String> people = MedicalHome.people(patient);
        return practices
                .employers(people, unit)
                .chain(employers -> unplaced(people, employers).isEmpty()
                        ? Uni.createFrom().item(employers)
                        : practices.hold(people, unit).chain(() -> practices.employers(people, unit)))
                .call(employers ->
                        practices.keepUnplaced(patient.getIdElement().getIdPart(), unplaced(people, employers), unit))
                .map(employers -> homes(patient, employers));
    }

    private static List<String> homes(Patient patient, Map<String, List<String>> employers) {
        return MedicalHome.of(patient, person -> employers.getOrDefault(person, List.of()));
    }

    private static List<String> unplaced(List<String> people, Map<String, List<String>> employers) {
        return people.stream().filter(person -> !employers.containsKey(person)).toList();
    }
}
