package org.careloop.transitions.app;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.careloop.audittrail.AuditedRequest;
import org.careloop.calleraccess.Caller;
import org.careloop.eventcontracts.SharedTerms;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.fhirmodel.ResourceKey;
import org.careloop.fhirrest.OperationInput;
import org.careloop.fhirrest.OwnOperation;
import org.careloop.fhirsearch.Condition;
import org.careloop.fhirsearch.QueryParameter;
import org.careloop.fhirstore.ResourceStore;
import org.careloop.fhirstore.UnitOfWork;
import org.careloop.fhirvalidation.LiteralReference;
import org.careloop.transitions.domain.ChecklistAnswer;
import org.careloop.transitions.domain.ChecklistEntry;
import org.careloop.transitions.domain.ChecklistRules;
import org.careloop.transitions.domain.ChecklistStatus;
import org.careloop.transitions.domain.DischargeChecklist;
import org.careloop.transitions.domain.DischargeChecklist.Known;
import org.careloop.transitions.store.ChecklistEntries;
import org.careloop.transitions.store.Transition;
import org.hl7.fhir.r4.model.EpisodeOfCare;
import org.hl7.fhir.r4.model.Extension;
import org.hl7.fhir.r4.model.Parameters;
import org.hl7.fhir.r4.model.Reference;

/** The checklist of a discharge: tells how each item is, and keeps what a person says of one. Nothing that was said goes. */
@Singleton
public class KeepChecklist implements OwnOperation {

    /** What shows that the risk was found early. */
    static final String RISK = "risk-assessment";

    private final ResourceStore store;
    private final ChecklistRules rules;
    private final ChecklistEntries entries;
    private final FindEarlyRisks findEarlyRisks;
    private final Clock clock;

    KeepChecklist(
            ResourceStore store,
            ChecklistRules rules,
            ChecklistEntries entries,
            FindEarlyRisks findEarlyRisks,
            Clock clock) {
        this.store = store;
        this.rules = rules;
        this.entries = entries;
        this.findEarlyRisks = findEarlyRisks;
        this.clock = clock;
    }

    @Override
    public String type() {
        return "EpisodeOfCare";
    }

    @Override
    public String name() {
        return "discharge-checklist";
    }

    @Override
    public String definition() {
        return "https://careloop.org/fhir/OperationDefinition/EpisodeOfCare-discharge-checklist";
    }

    /**
     * Returns the checklist of the episode {@code id}, with all that was said of it where {@code history} is asked for. Fails with
     * {@link ProblemCode#RESOURCE_NOT_FOUND} when the episode is not open to {@code access}.
     */
    public Uni<Parameters> tell(String id, OperationInput asked, Condition access) {
        asked.allow("history");
        boolean history = asked.text("history").filter("true"::equals).isPresent();
        return store.find(ResourceKey.of(type(), id), access)
                .map(found -> found.filter(stored -> !stored.deleted())
                        .orElseThrow(KeepChecklist::notFound)
                        .as(EpisodeOfCare.class))
                .chain(episode -> store.inUnit(unit -> answer(episode, history, unit)));
    }

    /**
     * Keeps what {@code said} says of an item, and returns the checklist after it; said again, it changes nothing. Fails with {@link
     * ProblemCode#INVALID_PARAMETER} when it is not whole, with {@link ProblemCode#REFERENCE_NOT_FOUND} when evidence or choice are not
     * there for the caller, and as {@link #tell} does.
     */
    public Uni<Parameters> record(String id, OperationInput said, Caller caller, Condition access) {
        said.allow("item", "status", "note", "by", "qualification", "evidence", "choice");
        ChecklistStatus status = ChecklistStatus.of(said.required("status"))
                .orElseThrow(() -> new FhirProblem(
                        ProblemCode.INVALID_PARAMETER, "status: unknown (expected: done, not-applicable or open)"));
        return store.inUnit(unit -> unit.find(ResourceKey.of(type(), id), access)
                .map(found -> found.orElseThrow(KeepChecklist::notFound))
                .invoke(found -> AuditedRequest.current().ifPresent(audited -> audited.shows(found.patient())))
                .map(found -> found.as(EpisodeOfCare.class))
                .chain(episode -> known(episode, unit)
                        .map(known -> entry(said, status, caller, known))
                        .invoke(rules::check)
                        .chain(entry -> keep(id, entry, caller, unit))
                        .chain(() -> answer(episode, false, unit))));
    }

    private Uni<Void> keep(String id, ChecklistEntry entry, Caller caller, UnitOfWork unit) {
        return entries.of(List.of(id), unit).chain(known -> {
            Optional<ChecklistEntry> last = known.getOrDefault(id, List.of()).stream()
                    .filter(each -> each.item().equals(entry.item()))
                    .reduce((one, other) -> other);
            boolean same =
                    last.filter(before -> at(before, entry).equals(entry)).isPresent();
            if (same) {
                return Uni.createFrom().voidItem();
            }
            unit.mention(references(entry), caller);
            return entries.add(id, entry, rules.version(), unit);
        });
    }

    /** What is to be there: what shows it, and whom the person chose. */
    private static List<LiteralReference> references(ChecklistEntry entry) {
        return Stream.concat(
                        entry.evidence().stream().map(each -> reference("evidence", each)),
                        entry.choice().map(each -> reference("choice", each)).stream())
                .flatMap(Optional::stream)
                .toList();
    }

    private static Optional<LiteralReference> reference(String parameter, String reference) {
        return ResourceKey.parse(reference).map(key -> new LiteralReference(parameter, key));
    }

    private static ChecklistEntry at(ChecklistEntry before, ChecklistEntry entry) {
        return new ChecklistEntry(
                before.item(),
                before.status(),
                before.note(),
                before.evidence(),
                before.choice(),
                before.by(),
                before.qualification(),
                before.recordedBy(),
                entry.at(),
                before.basis());
    }

    private ChecklistEntry entry(OperationInput said, ChecklistStatus status, Caller caller, Known known) {
        return new ChecklistEntry(
                said.required("item"),
                status,
                said.text("note"),
                said.texts().stream()
                        .filter(each -> each.name().equals("evidence"))
                        .map(QueryParameter::value)
                        .toList(),
                said.text("choice"),
                said.required("by"),
                said.required("qualification"),
                Recorder.of(caller),
                clock.instant(),
                known.basis());
    }

    private Uni<Parameters> answer(EpisodeOfCare episode, boolean history, UnitOfWork unit) {
        String id = episode.getIdElement().getIdPart();
        return known(episode, unit)
                .chain(known -> entries.of(List.of(id), unit).map(all -> {
                    List<ChecklistEntry> said = all.getOrDefault(id, List.of());
                    return ChecklistAnswer.of(
                            DischargeChecklist.of(rules, known, said), rules.version(), history ? said : List.of());
                }));
    }

    private Uni<Known> known(EpisodeOfCare episode, UnitOfWork unit) {
        return unit.session()
                .find(Transition.class, episode.getIdElement().getIdPart())
                .chain(transition -> transition == null
                        ? Uni.createFrom().item(known(episode, Optional.empty(), Optional.empty()))
                        : findEarlyRisks
                                .handle(List.of(transition), unit)
                                .map(early -> known(
                                        episode,
                                        Optional.of(transition),
                                        Optional.ofNullable(early.get(transition.episodeId())))));
    }

    /** What the platform knows by the episode and what stands behind it. */
    static Known known(EpisodeOfCare episode, Optional<Transition> transition, Optional<String> risk) {
        Map<String, String> shown = new HashMap<>();
        risk.ifPresent(assessment -> shown.put(RISK, assessment));
        for (Extension milestone : episode.getExtensionsByUrl(SharedTerms.MILESTONE_EXTENSION)) {
            Extension evidence = milestone.getExtensionByUrl("evidence");
            if (evidence != null && evidence.getValue() instanceof Reference by && by.hasReference()) {
                shown.put(milestone.getExtensionByUrl("code").getValue().primitiveValue(), by.getReference());
            }
        }
        return new Known(transition.flatMap(Transition::destination), transition.flatMap(Transition::riskBand), shown);
    }

    private static FhirProblem notFound() {
        return new FhirProblem(ProblemCode.RESOURCE_NOT_FOUND, "EpisodeOfCare: no such resource");
    }
}
