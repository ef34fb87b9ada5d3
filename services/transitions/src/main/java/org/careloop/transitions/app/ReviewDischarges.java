package org.careloop.transitions.app;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.careloop.audittrail.AuditedRequest;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.FhirTime;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.fhirrest.OperationInput;
import org.careloop.fhirrest.OwnOperation;
import org.careloop.fhirsearch.Condition;
import org.careloop.fhirsearch.QueryParameter;
import org.careloop.fhirstore.ResourceStore;
import org.careloop.fhirstore.UnitOfWork;
import org.careloop.transitions.TransitionsConfig;
import org.careloop.transitions.domain.ChecklistEntry;
import org.careloop.transitions.domain.ChecklistRules;
import org.careloop.transitions.domain.ChecklistStatus;
import org.careloop.transitions.domain.DayPeriod;
import org.careloop.transitions.domain.DischargeChecklist;
import org.careloop.transitions.store.ChecklistEntries;
import org.careloop.transitions.store.Discharges;
import org.careloop.transitions.store.Transition;
import org.hl7.fhir.r4.model.BooleanType;
import org.hl7.fhir.r4.model.CodeType;
import org.hl7.fhir.r4.model.EpisodeOfCare;
import org.hl7.fhir.r4.model.Parameters;
import org.hl7.fhir.r4.model.Parameters.ParametersParameterComponent;
import org.hl7.fhir.r4.model.Reference;

/** The discharges of a time for periodic review: what their checklists lack, and who came back. */
@Singleton
public class ReviewDischarges implements OwnOperation {

    private static final int MOST = 500;

    private final ResourceStore store;
    private final ChecklistRules rules;
    private final ChecklistEntries entries;
    private final Discharges discharges;
    private final TransitionsConfig config;

    ReviewDischarges(
            ResourceStore store,
            ChecklistRules rules,
            ChecklistEntries entries,
            Discharges discharges,
            TransitionsConfig config) {
        this.store = store;
        this.rules = rules;
        this.entries = entries;
        this.discharges = discharges;
        this.config = config;
    }

    @Override
    public String type() {
        return "EpisodeOfCare";
    }

    @Override
    public String name() {
        return "discharge-review";
    }

    @Override
    public String definition() {
        return "https://careloop.org/fhir/OperationDefinition/EpisodeOfCare-discharge-review";
    }

    /**
     * Returns the discharges of the days that {@code asked} names, as far as {@code shown} lets the caller see their episodes; with
     * {@code readmitted=true} those alone from which somebody came back. Fails with {@link ProblemCode#INVALID_PARAMETER} without days,
     * with {@link ProblemCode#TOO_COSTLY} when there are too many.
     */
    public Uni<Parameters> handle(OperationInput asked, Function<String, Condition> shown) {
        asked.allow("start", "end", "readmitted");
        DayPeriod days = DayPeriod.of(asked.required("start"), asked.required("end"), config.timeZone());
        boolean readmitted = asked.text("readmitted").filter("true"::equals).isPresent();
        return store.inUnit(unit -> discharges
                .discharged(days.from(), days.until(), MOST + 1, unit)
                .invoke(ReviewDischarges::requireFew)
                .chain(found -> visible(found, shown, unit)
                        .chain(episodes -> answer(
                                found.stream()
                                        .filter(each -> episodes.containsKey(each.episodeId()))
                                        .toList(),
                                episodes,
                                readmitted,
                                unit))));
    }

    private static void requireFew(List<Transition> found) {
        if (found.size() > MOST) {
            throw new FhirProblem(
                    ProblemCode.TOO_COSTLY, "period: too many discharges (expected: at most " + MOST + "; narrow it)");
        }
    }

    private static Uni<Map<String, EpisodeOfCare>> visible(
            List<Transition> found, Function<String, Condition> shown, UnitOfWork unit) {
        if (found.isEmpty()) {
            return Uni.createFrom().item(Map.of());
        }
        String ids = found.stream().map(Transition::episodeId).collect(Collectors.joining(","));
        return unit.search("EpisodeOfCare", List.of(new QueryParameter("_id", ids)), shown)
                .invoke(stored -> AuditedRequest.current()
                        .ifPresent(audited -> stored.forEach(each -> audited.shows(each.patient()))))
                .map(stored -> stored.stream()
                        .collect(Collectors.toMap(
                                each -> each.key().id().value(), each -> each.as(EpisodeOfCare.class))));
    }

    private Uni<Parameters> answer(
            List<Transition> found, Map<String, EpisodeOfCare> episodes, boolean readmitted, UnitOfWork unit) {
        List<String> encounters = found.stream().map(Transition::encounterId).toList();
        return discharges
                .cameBack(encounters, unit)
                .chain(back -> entries.of(episodes.keySet(), unit).map(said -> {
                    Parameters answer = new Parameters();
                    found.stream()
                            .filter(each -> !readmitted || back.contains(each.encounterId()))
                            .forEach(each -> show(answer, each, episodes, said, back));
                    return answer;
                }));
    }

    private void show(
            Parameters answer,
            Transition transition,
            Map<String, EpisodeOfCare> episodes,
            Map<String, List<ChecklistEntry>> said,
            Set<String> back) {
        String id = transition.episodeId();
        DischargeChecklist checklist = DischargeChecklist.of(
                rules,
                KeepChecklist.known(
                        episodes.get(id),
                        Optional.of(transition),
                        transition.riskBand().map(Enum::name)),
                said.getOrDefault(id, List.of()));
        ParametersParameterComponent part = answer.addParameter().setName("discharge");
        part.addPart().setName("episode").setValue(new Reference("EpisodeOfCare/" + id));
        part.addPart().setName("encounter").setValue(new Reference("Encounter/" + transition.encounterId()));
        transition
                .discharged()
                .ifPresent(
                        at -> part.addPart().setName("discharged").setValue(FhirTime.dateTime(at, transition.zone())));
        part.addPart().setName("readmitted").setValue(new BooleanType(back.contains(transition.encounterId())));
        checklist.items().stream()
                .filter(state -> state.status() == ChecklistStatus.OPEN)
                .forEach(state -> part.addPart()
                        .setName("open")
                        .setValue(new CodeType(state.item().code())));
    }
}
