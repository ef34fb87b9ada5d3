package org.careloop.transitions.app;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.careloop.audittrail.AuditedRequest;
import org.careloop.fhirmodel.DayPeriod;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.FhirTime;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.fhirrest.OperationInput;
import org.careloop.fhirrest.OwnOperation;
import org.careloop.fhirsearch.Compartment;
import org.careloop.fhirsearch.Condition;
import org.careloop.fhirsearch.QueryParameter;
import org.careloop.fhirstore.InTurn;
import org.careloop.fhirstore.ResourceStore;
import org.careloop.fhirstore.UnitOfWork;
import org.careloop.transitions.TransitionsConfig;
import org.careloop.transitions.domain.ChecklistEntry;
import org.careloop.transitions.domain.ChecklistRules;
import org.careloop.transitions.domain.ChecklistStatus;
import org.careloop.transitions.domain.DischargeChecklist;
import org.careloop.transitions.store.ChecklistEntries;
import org.careloop.transitions.store.Discharges;
import org.careloop.transitions.store.Transition;
import org.careloop.transitions.store.Transitions;
import org.hl7.fhir.r4.model.BooleanType;
import org.hl7.fhir.r4.model.CodeType;
import org.hl7.fhir.r4.model.EpisodeOfCare;
import org.hl7.fhir.r4.model.Parameters;
import org.hl7.fhir.r4.model.Parameters.ParametersParameterComponent;
import org.hl7.fhir.r4.model.Reference;

/** The discharges of a time for periodic review: what their checklists lack, and who came back. */
@Singleton
public class ReviewDischarges implements OwnOperation {

    /** So many discharges are looked through for those that the caller sees. */
    private static final int MOST = 50_000;

    private final ResourceStore store;
    private final ChecklistRules rules;
    private final ChecklistEntries entries;
    private final Discharges discharges;
    private final Transitions transitions;
    private final FindEarlyRisks findEarlyRisks;
    private final TransitionsConfig config;

    ReviewDischarges(
            ResourceStore store,
            ChecklistRules rules,
            ChecklistEntries entries,
            Discharges discharges,
            Transitions transitions,
            FindEarlyRisks findEarlyRisks,
            TransitionsConfig config) {
        this.store = store;
        this.rules = rules;
        this.entries = entries;
        this.discharges = discharges;
        this.transitions = transitions;
        this.findEarlyRisks = findEarlyRisks;
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
     * with {@link ProblemCode#TOO_COSTLY} when the caller sees too many.
     */
    public Uni<Parameters> handle(OperationInput asked, Function<String, Condition> shown) {
        asked.allow("start", "end", "readmitted");
        DayPeriod days = DayPeriod.of(asked.required("start"), asked.required("end"), config.timeZone());
        boolean readmitted = asked.text("readmitted").filter("true"::equals).isPresent();
        return store.inUnit(unit -> discharges
                .discharged(days.from(), days.until(), MOST + 1, unit)
                .invoke(ids -> requireFew(ids.size(), MOST))
                .chain(ids -> visible(ids, shown, unit))
                .invoke(episodes -> AuditedRequest.current()
                        .ifPresent(audited ->
                                episodes.values().forEach(each -> audited.shows(Compartment.patientOf(each)))))
                .chain(episodes -> transitions
                        .all(episodes.keySet(), unit)
                        .chain(found -> answer(inOrder(found), episodes, readmitted, unit))));
    }

    private static void requireFew(int discharges, int most) {
        if (discharges > most) {
            throw new FhirProblem(
                    ProblemCode.TOO_COSTLY,
                    "period: too many discharges (expected: a narrower period with at most " + most + ")");
        }
    }

    /** Those that the caller sees, some at a time; what others have does not count against what it asks. */
    private Uni<Map<String, EpisodeOfCare>> visible(
            List<String> ids, Function<String, Condition> shown, UnitOfWork unit) {
        Map<String, EpisodeOfCare> seen = new HashMap<>();
        return InTurn.each(
                        CountDischarges.parts(ids),
                        part -> unit.search(
                                        "EpisodeOfCare",
                                        List.of(new QueryParameter("_id", String.join(",", part))),
                                        shown)
                                .invoke(found -> {
                                    requireFew(
                                            seen.size() + found.size(),
                                            config.reviews().mostDischarges());
                                    found.forEach(
                                            each -> seen.put(each.key().id().value(), each.as(EpisodeOfCare.class)));
                                }))
                .replaceWith(seen);
    }

    private static List<Transition> inOrder(List<Transition> found) {
        return found.stream()
                .sorted(Comparator.comparing(
                                (Transition each) -> each.discharged().orElse(Instant.MAX))
                        .thenComparing(Transition::episodeId))
                .toList();
    }

    private Uni<Parameters> answer(
            List<Transition> found, Map<String, EpisodeOfCare> episodes, boolean readmitted, UnitOfWork unit) {
        List<String> encounters = found.stream().map(Transition::encounterId).toList();
        return discharges.cameBack(encounters, unit).chain(back -> {
            List<Transition> told = found.stream()
                    .filter(each -> !readmitted || back.contains(each.encounterId()))
                    .toList();
            return entries.of(episodes.keySet(), unit)
                    .chain(said -> findEarlyRisks.handle(told, unit).map(risks -> {
                        Parameters answer = new Parameters();
                        told.forEach(each -> show(
                                answer,
                                each,
                                checklist(each, episodes, Optional.ofNullable(risks.get(each.episodeId())), said),
                                back));
                        return answer;
                    }));
        });
    }

    private DischargeChecklist checklist(
            Transition transition,
            Map<String, EpisodeOfCare> episodes,
            Optional<String> risk,
            Map<String, List<ChecklistEntry>> said) {
        String id = transition.episodeId();
        return DischargeChecklist.of(
                rules,
                KeepChecklist.known(episodes.get(id), Optional.of(transition), risk),
                said.getOrDefault(id, List.of()));
    }

    private static void show(Parameters answer, Transition transition, DischargeChecklist checklist, Set<String> back) {
        String id = transition.episodeId();
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
