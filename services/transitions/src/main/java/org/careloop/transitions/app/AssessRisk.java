package org.careloop.transitions.app;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.careloop.calleraccess.Caller;
import org.careloop.fhirmodel.FhirId;
import org.careloop.fhirstore.UnitOfWork;
import org.careloop.transitions.TransitionsConfig;
import org.careloop.transitions.domain.Lace;
import org.careloop.transitions.domain.LaceAssessment;
import org.careloop.transitions.domain.LaceResult;
import org.careloop.transitions.domain.RiskBand;
import org.careloop.transitions.store.StayFacts;
import org.hl7.fhir.r4.model.Condition;
import org.hl7.fhir.r4.model.Encounter;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.RiskAssessment;

/** Tells the risk of a discharge by what is known of the stay, and tells it anew when more is. */
@Singleton
public class AssessRisk {

    private static final int EMERGENCY_MONTHS = 6;

    private final TransitionsConfig config;
    private final Lace lace;
    private final StayFacts facts;

    AssessRisk(TransitionsConfig config, Lace lace, StayFacts facts) {
        this.config = config;
        this.lace = lace;
        this.facts = facts;
    }

    /** Stores the assessment of the discharge from {@code stay}, unless it says the same; returns its band. */
    public Uni<RiskBand> handle(Encounter stay, Instant discharged, ZoneId zone, UnitOfWork unit) {
        String id = stay.getIdElement().getIdPart();
        return emergencyVisits(stay, zone, unit)
                .chain(visits -> facts.of(id, Condition.class, unit).map(told -> {
                    List<Condition> conditions = ranked(told, stay);
                    LaceResult result = lace.score(lace.inputOf(stay, conditions, visits, zone));
                    RiskAssessment assessment = new LaceAssessment(lace)
                            .of(
                                    result,
                                    stay.getSubject().copy(),
                                    new Reference("Encounter/" + id),
                                    basis(id, conditions),
                                    discharged,
                                    zone);
                    assessment.setId(FhirId.derivedFrom("lace", id).value());
                    return new Told(assessment, result.band());
                }))
                .chain(told -> unit.put(Caller.PLATFORM, told.assessment()).replaceWith(told.band()));
    }

    /** As the stay ranks them; what it does not name comes last. */
    private static List<Condition> ranked(List<Condition> conditions, Encounter stay) {
        List<String> ranks = stay.getDiagnosis().stream()
                .map(each -> each.getCondition().getReference())
                .toList();
        return conditions.stream()
                .sorted(Comparator.comparingInt(condition -> {
                    int rank = ranks.indexOf(
                            "Condition/" + condition.getIdElement().getIdPart());
                    return rank < 0 ? ranks.size() : rank;
                }))
                .toList();
    }

    private record Told(RiskAssessment assessment, RiskBand band) {}

    private static List<Reference> basis(String encounter, List<Condition> conditions) {
        List<Reference> basis = new ArrayList<>();
        basis.add(new Reference("Encounter/" + encounter));
        conditions.forEach(condition ->
                basis.add(new Reference("Condition/" + condition.getIdElement().getIdPart())));
        return basis;
    }

    /** Counts the emergency visits of the 6 months before the admission, without the one that led to it. */
    private Uni<Optional<Integer>> emergencyVisits(Encounter stay, ZoneId zone, UnitOfWork unit) {
        if (!config.emergencyVisitsTold() || !stay.getPeriod().hasStart()) {
            return Uni.createFrom().item(Optional.empty());
        }
        LocalDate day = LocalDate.ofInstant(stay.getPeriod().getStart().toInstant(), zone);
        String query = "subject=" + stay.getSubject().getReference() + "&class=EMER&date=ge"
                + day.minusMonths(EMERGENCY_MONTHS) + "&date=lt" + day;
        return unit.search(Encounter.class, query)
                .map(visits -> Optional.of((int) visits.stream()
                        .filter(visit -> !visit.getIdElement()
                                .getIdPart()
                                .equals(stay.getIdElement().getIdPart()))
                        .filter(visit -> !isCancelled(visit))
                        .count()));
    }

    private static boolean isCancelled(Encounter visit) {
        return visit.getStatus() == Encounter.EncounterStatus.CANCELLED
                || visit.getStatus() == Encounter.EncounterStatus.ENTEREDINERROR;
    }
}
