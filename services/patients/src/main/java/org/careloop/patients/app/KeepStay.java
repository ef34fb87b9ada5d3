package org.careloop.patients.app;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.Optional;
import org.careloop.fhirmodel.ResourceKey;
import org.careloop.fhirstore.UnitOfWork;
import org.careloop.patients.PatientsConfig;
import org.careloop.patients.domain.reconciliation.SitePeriod;
import org.careloop.patients.domain.reconciliation.StayPeriod;
import org.careloop.patients.store.ReconciledStays;
import org.hl7.fhir.r4.model.Encounter;

/** Keeps of stays what the comparison of medicines needs, and compares when a stay has moved. */
@Singleton
public class KeepStay {

    private final PatientsConfig config;
    private final ReconciledStays stays;
    private final ReconcileStay reconcileStay;

    KeepStay(PatientsConfig config, ReconciledStays stays, ReconcileStay reconcileStay) {
        this.config = config;
        this.stays = stays;
        this.reconcileStay = reconcileStay;
    }

    /** Keeps what {@code version} of {@code encounter} tells, unless a later one is known; {@code told}: when it was so. */
    public Uni<Void> handle(Encounter encounter, long version, Instant told, UnitOfWork unit) {
        String id = encounter.getIdElement().getIdPart();
        Optional<String> patient = ResourceKey.parse(
                        String.valueOf(encounter.getSubject().getReference()))
                .filter(key -> key.type().equals("Patient"))
                .map(key -> key.id().value());
        if (patient.isEmpty()
                || !config.stayClasses().contains(encounter.getClass_().getCode())) {
            return gone(id, version, unit);
        }
        StayPeriod stay = stay(encounter, patient.get(), told);
        return stays.keep(stay, version, unit).chain(() -> reconcileStay.last(id, unit));
    }

    /** Keeps that the Encounter {@code id} is of no stay any more. */
    public Uni<Void> gone(String id, long version, UnitOfWork unit) {
        return stays.retract(id, version, unit).chain(() -> reconcileStay.last(id, unit));
    }

    private StayPeriod stay(Encounter encounter, String patient, Instant told) {
        StayPeriod.Phase phase = switch (encounter.getStatus()) {
            case FINISHED -> StayPeriod.Phase.DISCHARGED;
            case CANCELLED, ENTEREDINERROR -> StayPeriod.Phase.RETRACTED;
            case PLANNED, ARRIVED, TRIAGED, INPROGRESS, ONLEAVE, UNKNOWN, NULL -> StayPeriod.Phase.OPEN;
        };
        Optional<Instant> ended = SitePeriod.time(encounter.getPeriod().getEndElement(), config.timeZone());
        return new StayPeriod(
                encounter.getIdElement().getIdPart(),
                patient,
                phase,
                SitePeriod.time(encounter.getPeriod().getStartElement(), config.timeZone()),
                phase == StayPeriod.Phase.DISCHARGED ? ended.or(() -> Optional.of(told)) : ended,
                config.timeZone());
    }
}
