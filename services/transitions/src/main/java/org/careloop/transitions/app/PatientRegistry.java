package org.careloop.transitions.app;

import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.function.UnaryOperator;
import org.careloop.fhirmodel.FhirId;
import org.careloop.transitions.domain.SnapshotMerge.Details;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.Patient;
import org.hl7.fhir.r4.model.Resource;

/** The patients service, as intake needs it: identity is asked, because nothing can be stored before it is known. */
public interface PatientRegistry {

    /**
     * Returns the id of the one who {@code told} is, by an identifier or by what is certainly the same person: made from it when
     * there is nobody, else changed as {@code merge} says. Fails with UNAVAILABLE when the service cannot be reached; then the
     * message waits.
     */
    Uni<FhirId> identify(Patient told, UnaryOperator<Patient> merge);

    /**
     * Has all that is known by {@code gone} known by the patient {@code survivor}: where there is another patient with that number,
     * the two are one from now on; else the survivor gets the number. Telling it again changes nothing.
     */
    Uni<Void> merge(Identifier gone, FhirId survivor);

    /**
     * Stores {@code resources} under their ids, all or none; telling the same again changes nothing. What is told late
     * (FILL_ABSENT) is stored only where there is nothing yet.
     */
    Uni<Void> put(List<? extends Resource> resources, Details details);
}
