package org.careloop.patients.app;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.List;
import org.careloop.calleraccess.Caller;
import org.careloop.calleraccess.Interaction;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.fhirstore.UnitOfWork;
import org.careloop.fhirstore.Write;
import org.careloop.fhirstore.WriteRule;
import org.careloop.patients.domain.PatientMerge;
import org.hl7.fhir.r4.model.Patient;
import org.hl7.fhir.r4.model.Patient.PatientLinkComponent;
import org.hl7.fhir.r4.model.Resource;

/**
 * Keeps what merges say of Patients: their links open the record of one to who has the other, so nobody else sets or removes them, and
 * who was replaced is not brought back to life by a form that was open meanwhile.
 */
@Singleton
public class GuardMergedPatients implements WriteRule {

    GuardMergedPatients() {}

    @Override
    public String type() {
        return "Patient";
    }

    /** Fails with {@link ProblemCode#RULE_VIOLATED}. */
    @Override
    public Uni<Resource> check(Write write, UnitOfWork unit) {
        if (!write.caller().equals(Caller.PLATFORM)) {
            if (write.interaction() == Interaction.DELETE) {
                requireApart((Patient) write.next());
            } else {
                judge(write);
            }
        }
        return Uni.createFrom().item(write.next());
    }

    /** What was moved could not be moved back. */
    private static void requireApart(Patient patient) {
        if (!PatientMerge.merged(patient).isEmpty()) {
            throw new FhirProblem(
                    ProblemCode.RULE_VIOLATED,
                    "Patient.link",
                    "Patient.link: of a patient who was merged (expected: $unmerge before it is deleted)");
        }
    }

    private static void judge(Write write) {
        Patient next = (Patient) write.next();
        Patient previous = write.previous(Patient.class).orElseGet(Patient::new);
        if (!equal(PatientMerge.merged(previous), PatientMerge.merged(next))) {
            throw new FhirProblem(
                    ProblemCode.RULE_VIOLATED,
                    "Patient.link",
                    "Patient.link: differs in what merges set (expected: as it was; $merge and $unmerge change it)");
        }
        if (PatientMerge.survivorOf(next).isPresent() && (next.getActive() || next.hasIdentifier())) {
            throw new FhirProblem(
                    ProblemCode.RULE_VIOLATED,
                    "Patient.active",
                    "Patient.active, Patient.identifier: of a patient who was replaced (expected: false and none; see"
                            + " Patient.link for who stands for them)");
        }
    }

    private static boolean equal(List<PatientLinkComponent> some, List<PatientLinkComponent> others) {
        if (some.size() != others.size()) {
            return false;
        }
        for (int i = 0; i < some.size(); i++) {
            if (!some.get(i).equalsDeep(others.get(i))) {
                return false;
            }
        }
        return true;
    }
}
