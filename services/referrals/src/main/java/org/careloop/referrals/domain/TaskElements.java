package org.careloop.referrals.domain;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.careloop.eventcontracts.SharedTerms;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.hl7.fhir.r4.model.Base;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Resource;
import org.hl7.fhir.r4.model.Task;
import org.hl7.fhir.r4.model.Task.TaskIntent;
import org.hl7.fhir.r4.model.Task.TaskOutputComponent;
import org.hl7.fhir.r4.model.Task.TaskPriority;

/** Which elements a Task must have and which of them never change. */
final class TaskElements {

    /** Elements that say whose work this is and what was asked; a change would be another Task. */
    static final List<String> IMMUTABLE =
            List.of("requester", "basedOn", "partOf", "for", "focus", "intent", "code", "authoredOn");

    /** Elements that say what is to be done, by when and with what; whoever does the work says how it goes. */
    static final List<String> ASKED = List.of(
            "priority",
            "description",
            "input",
            "reasonCode",
            "reasonReference",
            "restriction",
            "performerType",
            "encounter",
            "insurance");

    private static final Set<TaskPriority> PATIENT_PRIORITIES = Set.of(TaskPriority.ROUTINE, TaskPriority.URGENT);

    private TaskElements() {}

    /** Fails with {@link ProblemCode#INVALID_RESOURCE} and one issue per element that a new Task lacks. */
    static void requireComplete(TaskMachine machine, Task task) {
        List<FhirProblem.Issue> missing = new ArrayList<>();
        require(missing, task.hasCode(), "code", "what is to be done");
        require(missing, task.hasFor(), "for", "the person served");
        require(missing, task.hasRequester(), "requester", "who asks");
        require(missing, task.hasAuthoredOn(), "authoredOn", "when it was asked");
        switch (machine) {
            case REFERRAL -> {
                require(missing, task.hasFocus(), "focus", "the ServiceRequest to fulfil");
                require(missing, task.getIntent() == TaskIntent.ORDER, "intent", "order");
                boolean isFulfil = task.getCode().hasCoding(TaskMachine.TASK_CODE_SYSTEM, TaskMachine.FULFILL);
                require(missing, isFulfil, "code.coding", "fulfill");
            }
            case PATIENT -> {
                require(missing, task.hasOwner(), "owner", "the Patient or RelatedPerson asked");
                boolean isKnown = PATIENT_PRIORITIES.contains(task.getPriority());
                require(missing, isKnown, "priority", "routine or urgent");
            }
            case COORDINATION -> require(missing, task.hasOwner(), "owner", "who does the work");
        }
        if (!missing.isEmpty()) {
            throw new FhirProblem(ProblemCode.INVALID_RESOURCE, missing);
        }
    }

    private static void require(List<FhirProblem.Issue> missing, boolean holds, String element, String expected) {
        if (!holds) {
            missing.add(new FhirProblem.Issue(
                    Optional.of("Task." + element),
                    "Task." + element + ": missing or not allowed here (expected: " + expected + ")"));
        }
    }

    /** Fails with {@link ProblemCode#RULE_VIOLATED} on the first element that may not change but did. */
    static void requireUnchanged(Task previous, Task next) {
        for (String element : IMMUTABLE) {
            if (!Element.isSame(element, previous, next)) {
                throw new FhirProblem(
                        ProblemCode.RULE_VIOLATED,
                        "Task." + element,
                        "Task." + element + ": changed (expected: as it was when the Task was made)");
            }
        }
        if (!Base.compareDeep(planKeys(previous), planKeys(next), true)) {
            throw new FhirProblem(
                    ProblemCode.RULE_VIOLATED,
                    "Task.identifier",
                    "Task.identifier: the plan activity changed (expected: as it was when the Task was made)");
        }
    }

    /** Fails unless the Task is an alternative of the same others as before, or of none; {@code mayJoin} lets it become one. */
    static void requireOfferKept(Task previous, Task next, boolean mayJoin) {
        boolean joins = mayJoin && !Offers.isAlternative(previous);
        if (!joins
                && (Offers.isAlternative(previous) || Offers.isAlternative(next))
                && !Element.isSame("groupIdentifier", previous, next)) {
            throw new FhirProblem(
                    ProblemCode.RULE_VIOLATED,
                    "Task.groupIdentifier",
                    "Task.groupIdentifier: the offer changed (expected: as it was when the Task was made)");
        }
    }

    /** Fails unless the owner is as it was, or is set for the first time by one who may. */
    static void requireOwnerKept(Task previous, Task next, boolean mayName) {
        boolean isFirst = mayName && !previous.hasOwner() && next.hasOwner();
        if (!isFirst && !Element.isSame("owner", previous, next)) {
            throw new FhirProblem(
                    ProblemCode.RULE_VIOLATED,
                    "Task.owner",
                    "Task.owner: changed (expected: set once, by the choice of an agency or by the one who claims it)");
        }
    }

    /** To whom an open Task is offered: those who may claim it. Empty where the requester named nobody. */
    static List<Reference> recipients(Task task) {
        return task.hasRestriction() ? task.getRestriction().getRecipient() : List.of();
    }

    /** Fails when those to whom the Task is offered changed: nobody offers in the requester's name, or shuts out others. */
    static void requireRecipientsKept(Task previous, Task next) {
        if (!Base.compareDeep(recipients(previous), recipients(next), true)) {
            throw new FhirProblem(
                    ProblemCode.RULE_VIOLATED,
                    "Task.restriction.recipient",
                    "Task.restriction.recipient: changed (expected: as the requester offers it)");
        }
    }

    /** Lets {@code next} have what is asked by {@code previous} and not said in it. */
    static void keepAsked(Task previous, Task next) {
        ASKED.stream()
                .filter(element -> Element.isAbsent(element, next))
                .forEach(element -> Element.copy(element, previous, next));
    }

    /**
     * Fails when what is asked changed: it is not for who does the work to say. Their clocks go by it, and records are opened by
     * its references.
     */
    static void requireAskedKept(Task previous, Task next) {
        for (String element : ASKED) {
            if (!Element.isSame(element, previous, next)) {
                throw new FhirProblem(
                        ProblemCode.RULE_VIOLATED,
                        "Task." + element,
                        "Task." + element + ": changed by who does the work (expected: as the requester asks it)");
            }
        }
    }

    /** Fails when a number by which somebody else knows the Task is gone; those that its owner assigned are its own. */
    static void requireIdentifiersKept(Task previous, Task next) {
        String owner = previous.getOwner().getReference();
        boolean areKept = previous.getIdentifier().stream()
                .filter(known ->
                        owner == null || !owner.equals(known.getAssigner().getReference()))
                .allMatch(known -> next.getIdentifier().stream().anyMatch(known::equalsDeep));
        if (!areKept) {
            throw new FhirProblem(
                    ProblemCode.RULE_VIOLATED,
                    "Task.identifier",
                    "Task.identifier: taken away by who does the work (expected: those that it did not assign stay)");
        }
    }

    /** Whether nothing differs but what the server sets whenever a Task is written. */
    static boolean isSame(Task previous, Task next) {
        return unwritten(previous).equalsDeep(unwritten(next));
    }

    private static Task unwritten(Task task) {
        Task copy = task.copy();
        copy.setLastModified(null);
        copy.getMeta().setVersionId(null).setLastUpdated(null);
        if (copy.getMeta().isEmpty()) {
            copy.setMeta(null);
        }
        ((Resource) copy).setIdElement(null);
        return copy;
    }

    /** Fails unless all that was reported is there still, in its order; more may have come. */
    static void requireReportsKept(Task previous, Task next) {
        List<TaskOutputComponent> before = previous.getOutput();
        List<TaskOutputComponent> after = next.getOutput();
        if (after.size() < before.size() || !Base.compareDeep(before, after.subList(0, before.size()), true)) {
            throw new FhirProblem(
                    ProblemCode.RULE_VIOLATED,
                    "Task.output",
                    "Task.output: taken away or changed by another than who does the work (expected: what is reported"
                            + " stays)");
        }
    }

    /** Whether nothing differs but what a patient's application may change. */
    static boolean sameButProgress(Task previous, Task next) {
        Task before = comparable(previous).setStatus(null).setStatusReason(null).setOutput(null);
        Task after = comparable(next).setStatus(null).setStatusReason(null).setOutput(null);
        return before.equalsDeep(after);
    }

    /** Whether nothing differs but outputs that were added after those that were there. */
    static boolean sameButAddedOutputs(Task previous, Task next) {
        List<TaskOutputComponent> before = previous.getOutput();
        List<TaskOutputComponent> after = next.getOutput();
        return after.size() >= before.size()
                && Base.compareDeep(before, after.subList(0, before.size()), true)
                && comparable(previous)
                        .setOutput(null)
                        .equalsDeep(comparable(next).setOutput(null));
    }

    private static List<Identifier> planKeys(Task task) {
        return task.getIdentifier().stream()
                .filter(identifier -> SharedTerms.PLAN_ACTIVITY_SYSTEM.equals(identifier.getSystem()))
                .toList();
    }

    /** Leaves out what the server sets, or what restates the rest. */
    private static Task comparable(Task task) {
        Task copy = task.copy();
        copy.setLastModified(null);
        RunningClock.set(copy, List.of());
        Amendment.set(copy, Optional.empty());
        copy.setText(null);
        copy.setMeta(null);
        ((Resource) copy).setIdElement(null);
        return copy;
    }
}
