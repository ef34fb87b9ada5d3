package org.careloop.patients.domain.reconciliation;

import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;
import java.util.Set;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.fhirmodel.ResourceKey;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Procedure;
import org.hl7.fhir.r4.model.Procedure.ProcedureStatus;

/** The Procedure by which somebody says that the medicines of a discharge were reconciled: CPT II 1111F. */
public final class ReconciliationDone {

    private static final String CPT = "http://www.ama-assn.org/go/cpt";
    private static final String DISCHARGE_MEDICINES_RECONCILED = "1111F";
    private static final Set<String> PEOPLE = Set.of("Practitioner", "PractitionerRole");

    private ReconciliationDone() {}

    /** Whether {@code procedure} says so. */
    public static boolean isSaidBy(Procedure procedure) {
        return procedure.getStatus() == ProcedureStatus.COMPLETED
                && procedure.getCode().hasCoding(CPT, DISCHARGE_MEDICINES_RECONCILED);
    }

    /** Fails with {@link ProblemCode#RULE_VIOLATED} unless it names who did it. */
    public static void requireSomebody(Procedure procedure) {
        boolean named = procedure.getPerformer().stream()
                .flatMap(
                        each -> ResourceKey.parse(String.valueOf(each.getActor().getReference())).stream())
                .anyMatch(key -> PEOPLE.contains(key.type()));
        if (!named) {
            throw refused("performer", "nobody named (expected: the Practitioner or PractitionerRole who reconciled)");
        }
    }

    /** Whether it says why differences are left open. */
    public static boolean saysWhyNot(Procedure procedure) {
        CodeableConcept reason = procedure.getStatusReason();
        return reason.hasCoding() || reason.hasText() && !reason.getText().isBlank();
    }

    /** When it was done. */
    public static Optional<Instant> when(Procedure procedure, ZoneId zone) {
        return procedure.hasPerformedDateTimeType()
                ? SitePeriod.time(procedure.getPerformedDateTimeType(), zone)
                : procedure.hasPerformedPeriod()
                        ? SitePeriod.time(procedure.getPerformedPeriod().getEndElement(), zone)
                        : Optional.empty();
    }

    /** What a client is told while {@code open} differences are left. */
    public static FhirProblem open(long open) {
        return refused(
                "status",
                "completed while " + open + " differences of the stay are not resolved (expected: each DetectedIssue"
                        + " final, or statusReason)");
    }

    /** What a client is told where nothing is known that could be compared: that is not no difference. */
    public static FhirProblem unknown() {
        return refused(
                "encounter",
                "no discharge of the patient is known (expected: the Encounter of a stay that was told, or statusReason)");
    }

    private static FhirProblem refused(String element, String problem) {
        String path = "Procedure." + element;
        return new FhirProblem(ProblemCode.RULE_VIOLATED, path, path + ": " + problem);
    }
}
