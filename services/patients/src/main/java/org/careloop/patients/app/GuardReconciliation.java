package org.careloop.patients.app;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.careloop.calleraccess.Interaction;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.fhirmodel.ResourceKey;
import org.careloop.fhirsearch.Compartment;
import org.careloop.fhirstore.UnitOfWork;
import org.careloop.fhirstore.Write;
import org.careloop.fhirstore.WriteRule;
import org.careloop.patients.PatientsConfig;
import org.careloop.patients.domain.reconciliation.ReconciliationDone;
import org.careloop.patients.domain.reconciliation.StayPeriod;
import org.careloop.patients.store.ReconciledStays;
import org.hl7.fhir.r4.model.Procedure;
import org.hl7.fhir.r4.model.Resource;

/** Nobody says that the medicines of a stay are reconciled while differences are open, unless they say why. */
@Singleton
public class GuardReconciliation implements WriteRule {

    /** What is told of a day may be told of its first moment, before the discharge. */
    private static final Duration DAY = Duration.ofDays(1);

    private final PatientsConfig config;
    private final ReconciledStays stays;
    private final ReconcileStay reconcileStay;
    private final Clock clock;

    GuardReconciliation(PatientsConfig config, ReconciledStays stays, ReconcileStay reconcileStay, Clock clock) {
        this.config = config;
        this.stays = stays;
        this.reconcileStay = reconcileStay;
        this.clock = clock;
    }

    @Override
    public String type() {
        return "Procedure";
    }

    @Override
    public Optional<Resource> checkAlone(Write write) {
        return says(write) ? Optional.empty() : Optional.of(write.next());
    }

    private static boolean says(Write write) {
        return write.interaction() != Interaction.DELETE
                && !write.caller().isPlatform()
                && ReconciliationDone.isSaidBy((Procedure) write.next());
    }

    /**
     * Fails with {@link ProblemCode#RULE_VIOLATED} and tells how many differences are open, or that no discharge is known of which it could
     * be true, which a system of record may tell before the stay is told; with {@link ProblemCode#TOO_COSTLY} where there is too much to compare. Who says why may say so all the same.
     */
    @Override
    public Uni<Resource> check(Write write, UnitOfWork unit) {
        boolean before = write.previous(Procedure.class)
                .filter(ReconciliationDone::isSaidBy)
                .isPresent();
        if (!says(write) || before) {
            return Uni.createFrom().item(write.next());
        }
        Procedure next = (Procedure) write.next();
        ReconciliationDone.requireSomebody(next);
        if (ReconciliationDone.saysWhyNot(next)) {
            return Uni.createFrom().item(next);
        }
        return stay(next, unit)
                .chain(stay -> stay.isEmpty() && write.isRecord()
                        ? Uni.createFrom().item(0L)
                        : open(stay.orElseThrow(ReconciliationDone::unknown), unit))
                .invoke(open -> {
                    if (open > 0) {
                        throw ReconciliationDone.open(open);
                    }
                })
                .replaceWith(next);
    }

    /** Compared now: the event of what was written a moment ago may not have been heard. */
    private Uni<Long> open(StayPeriod stay, UnitOfWork unit) {
        if (reconcileStay.isHistory(stay)) {
            return Uni.createFrom().item(0L);
        }
        return reconcileStay.compare(stay, unit).map(ReconcileStay.Compared::open);
    }

    /** The stay that it names; of one that names another visit, the last that was over then. */
    private Uni<Optional<StayPeriod>> stay(Procedure next, UnitOfWork unit) {
        Optional<String> patient = Compartment.patientOf(next);
        if (patient.isEmpty()) {
            return Uni.createFrom().item(Optional.empty());
        }
        String named = ResourceKey.parse(String.valueOf(next.getEncounter().getReference()))
                .map(key -> key.id().value())
                .orElse("");
        Instant at = ReconciliationDone.when(next, config.timeZone())
                .map(done -> done.plus(DAY))
                .orElseGet(clock::instant);
        return stays.find(named, unit)
                .map(found -> found.filter(stay -> stay.patientId().equals(patient.get())))
                .chain(found ->
                        found.isPresent() ? Uni.createFrom().item(found) : reconcileStay.last(patient.get(), at, unit));
    }
}
