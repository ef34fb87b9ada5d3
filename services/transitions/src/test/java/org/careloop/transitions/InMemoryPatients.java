package org.careloop.transitions;

import io.smallrye.mutiny.Uni;
import jakarta.annotation.Priority;
import jakarta.enterprise.inject.Alternative;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import org.careloop.fhirmodel.FhirId;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.transitions.app.PatientRegistry;
import org.careloop.transitions.domain.AdtFacts;
import org.careloop.transitions.domain.SnapshotMerge.Details;
import org.hl7.fhir.r4.model.Condition;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.Patient;
import org.hl7.fhir.r4.model.Resource;

/** The patients service in memory; a test can have it fail for one patient, so that others go on. */
@Alternative
@Priority(1)
@Singleton
public class InMemoryPatients implements PatientRegistry {

    private final Map<String, Patient> byNumber = new ConcurrentHashMap<>();
    private final Map<String, Resource> related = new ConcurrentHashMap<>();
    private final Map<String, FhirId> merged = new ConcurrentHashMap<>();
    private final Map<String, ProblemCode> failures = new ConcurrentHashMap<>();

    InMemoryPatients() {}

    @Override
    public Uni<FhirId> identify(Patient told, UnaryOperator<Patient> merge) {
        return Uni.createFrom().item(() -> {
            String number = AdtFacts.patientIdentifier(told).getValue();
            Optional.ofNullable(failures.get(number)).ifPresent(code -> {
                throw new FhirProblem(code, "patients service: does not take it (expected: as told by the test)");
            });
            FhirId survivor = merged.get(number);
            if (survivor != null) {
                return survivor;
            }
            byNumber.compute(number, (key, known) -> known == null ? told.copy() : merge.apply(known.copy()));
            return idOf(number);
        });
    }

    @Override
    public Uni<Void> merge(Identifier gone, FhirId survivor) {
        return Uni.createFrom().item(() -> {
            merged.put(gone.getValue(), survivor);
            return null;
        });
    }

    @Override
    public Uni<Void> put(List<? extends Resource> resources, Details details) {
        resources.forEach(resource -> related.merge(
                resource.fhirType() + "/" + resource.getIdElement().getIdPart(),
                resource.copy(),
                (known, told) -> details == Details.REPLACE ? told : known));
        return Uni.createFrom().voidItem();
    }

    /** The id that the patient with the medical record number gets. */
    static FhirId idOf(String number) {
        return FhirId.derivedFrom("in-memory-patient", number);
    }

    Optional<Patient> find(String number) {
        return Optional.ofNullable(byNumber.get(number)).map(Patient::copy);
    }

    /** The diagnoses that were told of the patient. */
    List<Condition> conditionsOf(String number) {
        String reference = "Patient/" + idOf(number);
        return related.values().stream()
                .filter(Condition.class::isInstance)
                .map(Condition.class::cast)
                .filter(condition -> reference.equals(condition.getSubject().getReference()))
                .toList();
    }

    void failFor(String number, ProblemCode code) {
        failures.put(number, code);
    }

    void workFor(String number) {
        failures.remove(number);
    }
}
