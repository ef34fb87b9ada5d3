package org.careloop.careplans.app;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import org.careloop.careplans.domain.DischargeFacts;
import org.careloop.careplans.domain.DischargeReports;
import org.careloop.careplans.store.KnownResource;
import org.careloop.eventcontracts.ResourceEvent;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.fhirstore.InTurn;
import org.careloop.fhirstore.UnitOfWork;
import org.hl7.fhir.r4.model.Encounter;
import org.hl7.fhir.r4.model.EpisodeOfCare;
import org.hl7.fhir.r4.model.Patient;
import org.hl7.fhir.r4.model.Resource;
import org.hl7.fhir.r4.model.RiskAssessment;

/**
 * Keeps what is told of a stay, and has its plan made once everything is known: patient, finished encounter, risk and open
 * episode. The four come on topics of their own, so in any order.
 */
@Singleton
public class CollectDischarge {

    private final ApplyProtocols applyProtocols;

    CollectDischarge(ApplyProtocols applyProtocols) {
        this.applyProtocols = applyProtocols;
    }

    /** Keeps the resource of {@code event} and makes the plans that were waiting for it. */
    public Uni<Void> handle(ResourceEvent event, UnitOfWork unit) {
        Resource resource = FhirJson.parse(event.payload());
        Optional<String> patient = DischargeReports.patientOf(resource);
        Optional<String> encounter = DischargeReports.encounterOf(resource);
        if (patient.isEmpty() || encounter.isEmpty() && !(resource instanceof Patient)) {
            return Uni.createFrom().voidItem();
        }
        return keep(event, patient.get(), encounter, unit)
                .chain(() -> encounter.isPresent()
                        ? Uni.createFrom().item(List.of(encounter.get()))
                        : encountersOf(patient.get(), unit))
                .chain(encounters -> InTurn.each(encounters, id -> tryPlan(id, patient.get(), unit)));
    }

    private static Uni<Void> keep(ResourceEvent event, String patient, Optional<String> encounter, UnitOfWork unit) {
        return unit.session()
                .find(KnownResource.class, event.resource().reference())
                .chain(known -> {
                    if (known != null) {
                        known.become(event, patient);
                        return unit.session().flush();
                    }
                    return unit.session()
                            .persist(new KnownResource(event, patient, encounter.orElse(null)))
                            .chain(() -> unit.session().flush());
                });
    }

    private static Uni<List<String>> encountersOf(String patient, UnitOfWork unit) {
        return unit.session()
                .createSelectionQuery(
                        "select encounterId from KnownResource where patientId = :patient and type = 'Encounter'",
                        String.class)
                .setParameter("patient", patient)
                .getResultList();
    }

    private Uni<Void> tryPlan(String encounterId, String patientId, UnitOfWork unit) {
        return unit.session()
                .createSelectionQuery(
                        "from KnownResource where encounterId = :encounter or reference = :patient",
                        KnownResource.class)
                .setParameter("encounter", encounterId)
                .setParameter("patient", "Patient/" + patientId)
                .getResultList()
                .chain(known -> facts(known)
                        .map(facts -> applyProtocols.handle(facts, unit))
                        .orElseGet(() -> Uni.createFrom().voidItem()));
    }

    private static Optional<DischargeFacts> facts(List<KnownResource> known) {
        return find(known, Patient.class)
                .flatMap(patient -> find(known, Encounter.class)
                        .flatMap(encounter -> find(known, RiskAssessment.class)
                                .flatMap(risk -> find(known, EpisodeOfCare.class)
                                        .flatMap(episode ->
                                                DischargeReports.facts(patient, encounter, risk, episode)))));
    }

    private static <T extends Resource> Optional<T> find(List<KnownResource> known, Class<T> type) {
        return known.stream()
                .filter(each -> each.type().equals(type.getSimpleName()))
                .findFirst()
                .map(each -> each.as(type));
    }
}
