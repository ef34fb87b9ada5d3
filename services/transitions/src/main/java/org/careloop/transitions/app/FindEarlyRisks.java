package org.careloop.transitions.app;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.careloop.fhirstore.UnitOfWork;
import org.careloop.transitions.domain.EarlyRisk;
import org.careloop.transitions.store.Transition;
import org.hl7.fhir.r4.model.RiskAssessment;

/** Finds the assessments that were made in hospital before patients left, for their checklists. */
@Singleton
class FindEarlyRisks {

    /** So many are found at most by one search. */
    private static final int FULL = 1000;

    private static final int AT_ONCE = 200;

    private final AssessRisk assessRisk;
    private final Clock clock;

    FindEarlyRisks(AssessRisk assessRisk, Clock clock) {
        this.assessRisk = assessRisk;
        this.clock = clock;
    }

    /** Returns, by the id of its episode, a literal reference to what shows that a risk was found early; nothing where none was. */
    Uni<Map<String, String>> handle(Collection<Transition> transitions, UnitOfWork unit) {
        return of(List.copyOf(transitions), unit);
    }

    /** Half of them at a time where one search would not find all assessments: it leaves out the earliest. */
    private Uni<Map<String, String>> of(List<Transition> transitions, UnitOfWork unit) {
        if (transitions.isEmpty()) {
            return Uni.createFrom().item(Map.of());
        }
        if (transitions.size() > AT_ONCE) {
            return halves(transitions, unit);
        }
        String encounters = transitions.stream()
                .map(each -> "Encounter/" + each.encounterId())
                .collect(Collectors.joining(","));
        return unit.search(RiskAssessment.class, "encounter=" + encounters)
                .chain(found -> found.size() < FULL || transitions.size() == 1
                        ? Uni.createFrom().item(early(transitions, found))
                        : halves(transitions, unit));
    }

    private Uni<Map<String, String>> halves(List<Transition> transitions, UnitOfWork unit) {
        int half = transitions.size() / 2;
        return of(transitions.subList(0, half), unit)
                .chain(some ->
                        of(transitions.subList(half, transitions.size()), unit).map(others -> both(some, others)));
    }

    private static Map<String, String> both(Map<String, String> some, Map<String, String> others) {
        Map<String, String> all = new HashMap<>(some);
        all.putAll(others);
        return all;
    }

    private Map<String, String> early(List<Transition> transitions, List<RiskAssessment> found) {
        Map<String, List<RiskAssessment>> byStay = new HashMap<>();
        found.forEach(risk -> byStay.computeIfAbsent(
                        risk.getEncounter().getReferenceElement().getIdPart(), stay -> new ArrayList<>())
                .add(risk));
        Map<String, String> early = new HashMap<>();
        transitions.forEach(transition -> EarlyRisk.of(
                        byStay.getOrDefault(transition.encounterId(), List.of()),
                        own(transition),
                        transition.discharged().orElseGet(clock::instant),
                        transition.zone())
                .ifPresent(id -> early.put(transition.episodeId(), "RiskAssessment/" + id)));
        return early;
    }

    private Set<String> own(Transition transition) {
        return assessRisk.keysOf(transition.encounterId()).stream()
                .map(key -> key.id().value())
                .collect(Collectors.toSet());
    }
}
