package org.careloop.transitions.app;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.careloop.fhirstore.UnitOfWork;
import org.careloop.transitions.domain.DischargeDestination;
import org.careloop.transitions.domain.DischargeFacts;
import org.careloop.transitions.domain.Payers;
import org.careloop.transitions.domain.StayChain;
import org.careloop.transitions.domain.TransitionState;
import org.careloop.transitions.domain.TrcMeasure;
import org.careloop.transitions.store.EvidenceRecord;
import org.careloop.transitions.store.Evidences;
import org.careloop.transitions.store.KnownCoverage;
import org.careloop.transitions.store.KnownCoverages;
import org.careloop.transitions.store.KnownPatient;
import org.careloop.transitions.store.KnownPatients;
import org.careloop.transitions.store.Transition;
import org.careloop.transitions.store.Transitions;

/** Gathers what measures look at of discharges. Reads only, and locks nothing. */
@Singleton
class ReadDischarges {

    private record Known(
            Map<String, List<Transition>> stays,
            Map<String, List<EvidenceRecord>> evidence,
            Map<String, KnownPatient> patients,
            Map<String, List<KnownCoverage>> coverages) {}

    private final Transitions transitions;
    private final Evidences evidences;
    private final KnownPatients patients;
    private final KnownCoverages coverages;
    private final Payers payers;
    private final TrcMeasure trc;

    ReadDischarges(
            Transitions transitions,
            Evidences evidences,
            KnownPatients patients,
            KnownCoverages coverages,
            Payers payers,
            TrcMeasure trc) {
        this.transitions = transitions;
        this.evidences = evidences;
        this.patients = patients;
        this.coverages = coverages;
        this.payers = payers;
        this.trc = trc;
    }

    /** Returns the facts of those of {@code measured} from which the patient was discharged, in their order. */
    Uni<Map<Transition, DischargeFacts>> handle(List<Transition> measured, UnitOfWork unit) {
        Set<String> whose = measured.stream().map(Transition::patientId).collect(Collectors.toSet());
        return transitions
                .of(whose, unit)
                .chain(stays -> evidences
                        .of(whose, unit)
                        .chain(evidence -> patients.of(whose, unit)
                                .chain(people -> coverages
                                        .of(whose, unit)
                                        .map(paid -> facts(measured, new Known(stays, evidence, people, paid))))));
    }

    private Map<Transition, DischargeFacts> facts(List<Transition> measured, Known known) {
        Map<Transition, DischargeFacts> facts = new LinkedHashMap<>();
        for (Transition transition : measured) {
            if (transition.state() == TransitionState.OPEN) {
                transition.discharged().ifPresent(at -> facts.put(transition, facts(transition, at, known)));
            }
        }
        return facts;
    }

    private DischargeFacts facts(Transition transition, Instant discharged, Known known) {
        String patient = transition.patientId();
        List<StayChain.Span> spans = known.stays().getOrDefault(patient, List.of()).stream()
                .map(Transition::span)
                .toList();
        StayChain chain = StayChain.of(spans, transition.span(), trc.readmissionDays());
        Optional<KnownPatient> person = Optional.ofNullable(known.patients().get(patient));
        return new DischargeFacts(
                discharged,
                transition.zone(),
                chain,
                transition.destination().orElse(DischargeDestination.OTHER),
                transition.setting(),
                person.flatMap(KnownPatient::born),
                person.flatMap(KnownPatient::died),
                payer(transition, discharged, known.coverages().getOrDefault(patient, List.of())),
                known.evidence().getOrDefault(patient, List.of()).stream()
                        .filter(row -> row.encounterId()
                                .map(chain.encounters()::contains)
                                .orElse(true))
                        .map(EvidenceRecord::evidence)
                        .toList());
    }

    private Optional<String> payer(Transition transition, Instant discharged, List<KnownCoverage> paid) {
        return payers.first(paid.stream()
                .filter(coverage ->
                        coverage.covers(discharged.atZone(transition.zone()).toLocalDate()))
                .map(KnownCoverage::payer)
                .toList());
    }
}
