package org.careloop.careplans.app;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.careloop.audittrail.AuditedRequest;
import org.careloop.calleraccess.Caller;
import org.careloop.careplans.domain.DischargeFacts;
import org.careloop.careplans.domain.PlanDraft;
import org.careloop.careplans.domain.PlanProposal;
import org.careloop.careplans.domain.Protocol;
import org.careloop.careplans.domain.ProtocolApplication;
import org.careloop.careplans.protocols.ProtocolLibrary;
import org.careloop.careplans.store.PlanApplication;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.fhirmodel.ResourceKey;
import org.careloop.fhirrest.OperationInput;
import org.careloop.fhirrest.OwnOperation;
import org.careloop.fhirsearch.Condition;
import org.careloop.fhirsearch.QueryParameter;
import org.careloop.fhirstore.InTurn;
import org.careloop.fhirstore.ResourceStore;
import org.careloop.fhirstore.UnitOfWork;
import org.hl7.fhir.exceptions.FHIRException;
import org.hl7.fhir.r4.model.ActivityDefinition;
import org.hl7.fhir.r4.model.CarePlan;
import org.hl7.fhir.r4.model.PlanDefinition;
import org.hl7.fhir.r4.model.Reference;

/**
 * Shows what a protocol asks for after a discharge that is known here, by the same rules by which plans are made. Nothing is
 * stored but who asked.
 *
 * @see <a href="https://hl7.org/fhir/R4/plandefinition-operation-apply.html">FHIR R4 PlanDefinition $apply</a>
 */
@Singleton
public class ProposePlan implements OwnOperation {

    private static final String TYPE = "PlanDefinition";
    private static final String SUBJECT = "subject";
    private static final String ENCOUNTER = "encounter";

    private final ResourceStore store;
    private final ProtocolLibrary library;
    private final Clock clock;

    ProposePlan(ResourceStore store, ProtocolLibrary library, Clock clock) {
        this.store = store;
        this.library = library;
        this.clock = clock;
    }

    /**
     * What is open to who asks.
     *
     * @param make which CarePlans it may make: those of its patients
     * @param read which CarePlans it may read
     * @param definitions which PlanDefinitions it may read
     * @param activities which ActivityDefinitions it may read
     */
    public record Open(Caller caller, Condition make, Condition read, Condition definitions, Condition activities) {}

    @Override
    public String type() {
        return TYPE;
    }

    @Override
    public String name() {
        return "apply";
    }

    @Override
    public String definition() {
        return "http://hl7.org/fhir/OperationDefinition/PlanDefinition-apply";
    }

    /** As {@link #handle(PlanDefinition, OperationInput, Open)}, of the stored protocol {@code id}; fails as a read of it does. */
    public Uni<CarePlan> handle(String id, OperationInput asked, Open open) {
        return store.find(ResourceKey.of(TYPE, id), open.definitions())
                .map(found -> found.filter(stored -> !stored.deleted())
                        .orElseThrow(() ->
                                new FhirProblem(ProblemCode.RESOURCE_NOT_FOUND, "PlanDefinition: no such resource"))
                        .as(PlanDefinition.class))
                .chain(protocol -> handle(protocol, asked, open));
    }

    /**
     * Returns what {@code definition} asks for after the discharge from {@code encounter}, else after the last one of {@code
     * subject}. Fails with {@link ProblemCode#FORBIDDEN} when the patient is none of the caller's, with {@link
     * ProblemCode#RULE_VIOLATED} when no discharge is known or the definition is none that can be applied.
     */
    public Uni<CarePlan> handle(PlanDefinition definition, OperationInput asked, Open open) {
        asked.allow(SUBJECT, ENCOUNTER, "practitioner", "organization");
        String patient = id(SUBJECT, "Patient", asked.required(SUBJECT));
        Optional<String> encounter = asked.text(ENCOUNTER).map(text -> id(ENCOUNTER, "Encounter", text));
        Optional<String> organization =
                asked.text("organization").map(text -> id("organization", "Organization", text));
        Optional<String> practitioner =
                asked.text("practitioner").map(text -> id("practitioner", "Practitioner", text));
        Optional<AuditedRequest> audited = AuditedRequest.current();
        return store.inUnit(unit -> requireOpen(patient, open, unit)
                        .chain(() -> PatientStays.read(patient, unit))
                        .chain(stays -> facts(stays, encounter, open, unit))
                        // The facts of a stay are not read from the store, which would tell the trail itself.
                        .invoke(() -> audited.ifPresent(request -> request.shows(Optional.of(patient))))
                        .chain(facts -> protocol(definition, open, unit).map(protocol -> draft(facts, protocol))))
                .map(PlanProposal::of)
                .invoke(plan -> {
                    organization.ifPresent(id -> setAuthor(plan, "Organization/" + id));
                    practitioner.ifPresent(id -> plan.addContributor(new Reference("Practitioner/" + id)));
                });
    }

    /** What one makes oneself opens no record, so it is not told who makes it. */
    private static Uni<Void> requireOpen(String patient, Open open, UnitOfWork unit) {
        CarePlan plan = new CarePlan().setSubject(new Reference("Patient/" + patient));
        return unit.requireAdmitted(open.caller(), open.make(), plan, Optional.empty());
    }

    /** The last discharge first. Where there is a plan of the stay, who may not read it is not told of the stay either. */
    private static Uni<DischargeFacts> facts(
            PatientStays stays, Optional<String> encounter, Open open, UnitOfWork unit) {
        Optional<DischargeFacts> facts = stays.all().stream()
                .filter(stay -> encounter.isEmpty() || encounter.get().equals(stay.id()))
                .flatMap(stay -> stays.factsOf(stay).stream())
                .findFirst();
        Optional<PlanApplication> made = facts.flatMap(known ->
                stays.application(known.encounter().getReferenceElement().getIdPart()));
        return made.map(row -> unit.find(new ResourceKey("CarePlan", row.ids().plan()), open.read())
                        .map(Optional::isPresent))
                .orElseGet(() -> Uni.createFrom().item(true))
                .map(isOpen -> facts.filter(known -> isOpen)
                        .orElseThrow(() -> new FhirProblem(
                                ProblemCode.RULE_VIOLATED,
                                ENCOUNTER,
                                "encounter: no discharge of the subject is known (expected: a finished stay with its"
                                        + " transition)")));
    }

    private Uni<Protocol> protocol(PlanDefinition definition, Open open, UnitOfWork unit) {
        List<String> others = definition.getAction().stream()
                .flatMap(action -> Protocol.canonical(action).stream())
                .filter(canonical -> !library.has(canonical))
                .distinct()
                .toList();
        Map<String, ActivityDefinition> found = new HashMap<>();
        return InTurn.each(
                        others,
                        canonical -> activity(canonical, open, unit)
                                .invoke(known -> known.ifPresent(activity -> found.put(canonical, activity))))
                .map(ignored -> read(definition, found));
    }

    private static Uni<Optional<ActivityDefinition>> activity(String canonical, Open open, UnitOfWork unit) {
        String[] parts = canonical.split("\\|", 2);
        List<QueryParameter> criteria = parts.length == 1
                ? List.of(new QueryParameter("url", parts[0]))
                : List.of(new QueryParameter("url", parts[0]), new QueryParameter("version", parts[1]));
        return unit.search("ActivityDefinition", criteria, open.activities())
                .map(found -> found.stream().findFirst().map(stored -> stored.as(ActivityDefinition.class)));
    }

    private Protocol read(PlanDefinition definition, Map<String, ActivityDefinition> activities) {
        try {
            return library.read(definition, activities).alone();
        } catch (IllegalArgumentException | ArithmeticException | FHIRException e) {
            throw notApplicable(e.getMessage());
        }
    }

    private PlanDraft draft(DischargeFacts facts, Protocol protocol) {
        try {
            return ProtocolApplication.apply(facts, List.of(protocol), clock.instant());
        } catch (IllegalArgumentException | ArithmeticException | FHIRException e) {
            throw notApplicable(e.getMessage());
        }
    }

    private static FhirProblem notApplicable(String problem) {
        return new FhirProblem(ProblemCode.RULE_VIOLATED, TYPE, "PlanDefinition: " + problem);
    }

    private static void setAuthor(CarePlan plan, String organization) {
        plan.setAuthor(new Reference(organization));
    }

    private static String id(String name, String type, String text) {
        return ResourceKey.parse(text)
                .filter(key -> key.type().equals(type))
                .map(key -> key.id().value())
                .orElseThrow(() -> new FhirProblem(
                        ProblemCode.INVALID_PARAMETER, name + ": not such a reference (expected: " + type + "/id)"));
    }
}
