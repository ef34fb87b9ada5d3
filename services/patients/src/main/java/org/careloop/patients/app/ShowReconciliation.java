package org.careloop.patients.app;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.careloop.calleraccess.Caller;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.fhirmodel.ResourceKey;
import org.careloop.fhirrest.OperationInput;
import org.careloop.fhirrest.OwnOperation;
import org.careloop.fhirsearch.Condition;
import org.careloop.fhirstore.ResourceStore;
import org.careloop.patients.app.ReconcileStay.Compared;
import org.careloop.patients.domain.reconciliation.Difference;
import org.careloop.patients.domain.reconciliation.Medicines;
import org.careloop.patients.domain.reconciliation.Reconciliation;
import org.careloop.patients.domain.reconciliation.ReconciliationReport;
import org.careloop.patients.domain.reconciliation.ReconciliationRules;
import org.careloop.patients.store.ReconciledStays;
import org.hl7.fhir.r4.model.DetectedIssue;
import org.hl7.fhir.r4.model.Parameters;

/**
 * The medicines before, during and after a stay, side by side. Compared is all that is stored; of it a caller sees what a search of theirs
 * finds, so that what is shut to them is not taken for omitted.
 */
@Singleton
public class ShowReconciliation implements OwnOperation {

    private static final String STAY = "encounter";

    private final ResourceStore store;
    private final ReconciledStays stays;
    private final ReconcileStay reconcileStay;
    private final Medicines medicines;
    private final ReconciliationRules rules;

    ShowReconciliation(
            ResourceStore store,
            ReconciledStays stays,
            ReconcileStay reconcileStay,
            Medicines medicines,
            ReconciliationRules rules) {
        this.store = store;
        this.stays = stays;
        this.reconcileStay = reconcileStay;
        this.medicines = medicines;
        this.rules = rules;
    }

    @Override
    public String type() {
        return "Patient";
    }

    @Override
    public String name() {
        return "medication-reconciliation";
    }

    @Override
    public String definition() {
        return "https://careloop.org/fhir/OperationDefinition/Patient-medication-reconciliation";
    }

    /**
     * Returns the lists of the stay {@code encounter} of the patient with this id. Fails with {@link ProblemCode#RESOURCE_NOT_FOUND} when
     * {@code access} does not open the Patient, or no such stay of theirs is known.
     */
    public Uni<Parameters> handle(String id, OperationInput asked, Caller caller, Condition access) {
        asked.allow(STAY);
        String encounter = ResourceKey.parse(asked.required(STAY))
                .filter(key -> key.type().equals("Encounter"))
                .map(key -> key.id().value())
                .orElseThrow(() -> new FhirProblem(
                        ProblemCode.INVALID_PARAMETER, "encounter: not a reference (expected: Encounter/id)"));
        return store.find(ResourceKey.of(type(), id), access)
                .chain(patient -> {
                    patient.filter(each -> !each.deleted())
                            .orElseThrow(
                                    () -> new FhirProblem(ProblemCode.RESOURCE_NOT_FOUND, "Patient: no such resource"));
                    return compared(id, encounter);
                })
                .chain(compared -> store.present(keys(compared), caller).map(shown -> report(compared, shown)));
    }

    private Uni<Compared> compared(String patient, String encounter) {
        return store.inUnit(unit -> stays.find(encounter, unit)
                .map(
                        known -> known.filter(stay -> stay.patientId().equals(patient))
                                .orElseThrow(
                                        () -> new FhirProblem(
                                                ProblemCode.RESOURCE_NOT_FOUND,
                                                "encounter: no stay of this patient (expected: an inpatient Encounter of the patient)")))
                .chain(stay -> reconcileStay.compare(stay, unit)));
    }

    private static Set<ResourceKey> keys(Compared compared) {
        Set<ResourceKey> keys = new HashSet<>();
        compared.reconciliation().rows().forEach(row -> row.entries().forEach(entry -> keys.add(entry.source())));
        compared.reconciliation().differences().stream()
                .map(Difference::implicated)
                .forEach(keys::addAll);
        compared.issues().keySet().forEach(id -> keys.add(ResourceKey.of(ReconcileStay.ISSUE, id)));
        return keys;
    }

    private Parameters report(Compared compared, Set<ResourceKey> shown) {
        Reconciliation visible = compared.reconciliation().within(shown, medicines, rules);
        Map<String, DetectedIssue> issues = new LinkedHashMap<>(compared.issues());
        issues.keySet().removeIf(id -> !shown.contains(ResourceKey.of(ReconcileStay.ISSUE, id)));
        return ReconciliationReport.of(visible, issues);
    }
}
