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
import java.util.Set;
import java.util.stream.Stream;
import org.careloop.calleraccess.Caller;
import org.careloop.fhirmodel.FhirId;
import org.careloop.fhirmodel.ResourceKey;
import org.careloop.fhirstore.UnitOfWork;
import org.careloop.transitions.TransitionsConfig;
import org.careloop.transitions.domain.HospitalScore;
import org.careloop.transitions.domain.Lace;
import org.careloop.transitions.domain.RiskBand;
import org.careloop.transitions.domain.RiskScore;
import org.careloop.transitions.domain.ScoreAssessment;
import org.careloop.transitions.domain.ScoreKind;
import org.careloop.transitions.domain.SiteTime;
import org.careloop.transitions.store.StayFacts;
import org.hl7.fhir.r4.model.Condition;
import org.hl7.fhir.r4.model.Encounter;
import org.hl7.fhir.r4.model.Encounter.EncounterStatus;
import org.hl7.fhir.r4.model.Observation;
import org.hl7.fhir.r4.model.Procedure;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Resource;
import org.hl7.fhir.r4.model.RiskAssessment;

/** Tells the risk of a discharge by what is known of the stay, and tells it anew when more is. */
@Singleton
public class AssessRisk {

    private static final String EMERGENCY = "EMER";
    private static final Set<EncounterStatus> WAS =
            Set.of(EncounterStatus.INPROGRESS, EncounterStatus.ONLEAVE, EncounterStatus.FINISHED);
    private static final int EMERGENCY_MONTHS = 6;
    private static final int ADMISSION_MONTHS = 12;

    private final TransitionsConfig config;
    private final Lace lace;
    private final HospitalScore hospital;
    private final StayFacts facts;

    AssessRisk(TransitionsConfig config, Lace lace, HospitalScore hospital, StayFacts facts) {
        this.config = config;
        this.lace = lace;
        this.hospital = hospital;
        this.facts = facts;
    }

    /** Stores the assessments of the discharge from {@code stay}, unless they say the same; returns the band of LACE. */
    public Uni<RiskBand> handle(Encounter stay, Instant discharged, ZoneId zone, UnitOfWork unit) {
        Discharge discharge = new Discharge(stay, discharged, zone);
        return lace(discharge, unit).call(band -> hospital(discharge, unit));
    }

    /** Returns the keys of the assessments of the discharge from the encounter {@code id}, which need not be there. */
    List<ResourceKey> keysOf(String id) {
        return Stream.of(lace.kind(), hospital.kind())
                .map(kind -> new ResourceKey("RiskAssessment", FhirId.derivedFrom(kind.code(), id)))
                .toList();
    }

    private record Discharge(Encounter stay, Instant at, ZoneId zone) {

        String encounter() {
            return stay.getIdElement().getIdPart();
        }
    }

    private Uni<RiskBand> lace(Discharge discharge, UnitOfWork unit) {
        return earlier(discharge, EMERGENCY, EMERGENCY_MONTHS, unit)
                .chain(visits -> facts.of(discharge.encounter(), Condition.class, unit)
                        .chain(told -> {
                            List<Condition> conditions = ranked(told, discharge.stay());
                            RiskScore score =
                                    lace.score(lace.inputOf(discharge.stay(), conditions, visits, discharge.zone()));
                            return tell(lace.kind(), score, discharge, conditions, unit);
                        }));
    }

    private Uni<RiskBand> hospital(Discharge discharge, UnitOfWork unit) {
        String id = discharge.encounter();
        return earlier(discharge, String.join(",", config.classes()), ADMISSION_MONTHS, unit)
                .chain(admissions -> facts.of(id, Observation.class, unit)
                        .chain(tests -> facts.of(id, Procedure.class, unit).chain(procedures -> {
                            HospitalScore.Input input = new HospitalScore.Input(
                                    discharge.stay(),
                                    tests,
                                    procedures.isEmpty() && !config.proceduresTold()
                                            ? Optional.empty()
                                            : Optional.of(procedures),
                                    admissions,
                                    discharge.zone());
                            List<Resource> basis = new ArrayList<>(hospital.basis(input));
                            basis.addAll(procedures);
                            return tell(hospital.kind(), hospital.score(input), discharge, basis, unit);
                        })));
    }

    private Uni<RiskBand> tell(
            ScoreKind kind, RiskScore score, Discharge discharge, List<? extends Resource> basis, UnitOfWork unit) {
        RiskAssessment assessment = new ScoreAssessment(kind)
                .of(
                        score,
                        discharge.stay().getSubject().copy(),
                        new Reference("Encounter/" + discharge.encounter()),
                        basis(discharge.encounter(), basis),
                        discharge.at(),
                        discharge.zone());
        assessment.setId(FhirId.derivedFrom(kind.code(), discharge.encounter()).value());
        return unit.put(Caller.PLATFORM, assessment).replaceWith(score.band());
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

    private static List<Reference> basis(String encounter, List<? extends Resource> resources) {
        List<Reference> basis = new ArrayList<>();
        basis.add(new Reference("Encounter/" + encounter));
        resources.forEach(resource -> basis.add(new Reference(
                resource.fhirType() + "/" + resource.getIdElement().getIdPart())));
        return basis;
    }

    /** Counts the encounters of {@code classes} in the {@code months} before the admission, without the one that led to it. */
    private Uni<Optional<Integer>> earlier(Discharge discharge, String classes, int months, UnitOfWork unit) {
        Encounter stay = discharge.stay();
        Optional<Instant> admitted = SiteTime.of(stay.getPeriod().getStartElement(), discharge.zone());
        if (!config.emergencyVisitsTold() || admitted.isEmpty()) {
            return Uni.createFrom().item(Optional.empty());
        }
        LocalDate day = LocalDate.ofInstant(admitted.get(), discharge.zone());
        Instant since = day.minusMonths(months).atStartOfDay(discharge.zone()).toInstant();
        // Days of other zones: what is found is judged by the moment.
        String query = "subject=" + stay.getSubject().getReference() + "&class=" + classes + "&date=ge"
                + day.minusMonths(months).minusDays(1) + "&date=le" + day.plusDays(1);
        return unit.search(Encounter.class, query)
                .map(visits -> Optional.of((int) visits.stream()
                        .filter(visit -> !visit.getIdElement().getIdPart().equals(discharge.encounter()))
                        .filter(visit -> WAS.contains(visit.getStatus()))
                        .filter(visit -> isBefore(visit, since, admitted.get(), discharge.zone()))
                        .count()));
    }

    /** One that lasted until shortly before the admission led to it. */
    private boolean isBefore(Encounter visit, Instant since, Instant admitted, ZoneId zone) {
        Optional<Instant> start = SiteTime.of(visit.getPeriod().getStartElement(), zone);
        Optional<Instant> end = SiteTime.of(visit.getPeriod().getEndElement(), zone);
        Instant led = admitted.minus(lace.leadsWithin());
        return start.filter(each -> !each.isBefore(since) && each.isBefore(admitted))
                        .isPresent()
                && end.or(() -> start).filter(each -> each.isBefore(led)).isPresent();
    }
}
