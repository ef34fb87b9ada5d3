package org.careloop.referrals.domain;

import static org.careloop.referrals.domain.Actor.CLAIMER;
import static org.careloop.referrals.domain.Actor.PLATFORM;
import static org.careloop.referrals.domain.Actor.REQUESTER;
import static org.careloop.referrals.domain.Actor.REQUESTERS;
import static org.careloop.referrals.domain.Actor.REQUESTER_AND_TARGET;
import static org.careloop.referrals.domain.Actor.TARGETS;
import static org.hl7.fhir.r4.model.Task.TaskStatus.ACCEPTED;
import static org.hl7.fhir.r4.model.Task.TaskStatus.CANCELLED;
import static org.hl7.fhir.r4.model.Task.TaskStatus.COMPLETED;
import static org.hl7.fhir.r4.model.Task.TaskStatus.DRAFT;
import static org.hl7.fhir.r4.model.Task.TaskStatus.ENTEREDINERROR;
import static org.hl7.fhir.r4.model.Task.TaskStatus.FAILED;
import static org.hl7.fhir.r4.model.Task.TaskStatus.INPROGRESS;
import static org.hl7.fhir.r4.model.Task.TaskStatus.ONHOLD;
import static org.hl7.fhir.r4.model.Task.TaskStatus.READY;
import static org.hl7.fhir.r4.model.Task.TaskStatus.REJECTED;
import static org.hl7.fhir.r4.model.Task.TaskStatus.REQUESTED;

import java.util.EnumSet;
import java.util.Set;
import org.careloop.fhirmodel.StatusTable;
import org.hl7.fhir.r4.model.Task;
import org.hl7.fhir.r4.model.Task.TaskStatus;
import org.jspecify.annotations.Nullable;

/**
 * The state machines that a Task may follow, chosen by what the Task is.
 *
 * @see <a href="https://hl7.org/fhir/us/sdoh-clinicalcare/StructureDefinition-SDOHCC-TaskForReferralManagement.html">
 *     Task for referral management</a>
 * @see <a href="https://hl7.org/fhir/us/sdoh-clinicalcare/StructureDefinition-SDOHCC-TaskForPatient.html">Task for
 *     patient</a>
 */
enum TaskMachine {
    /** An agency is asked to fulfil a ServiceRequest; {@code ready} and {@code received} do not exist here. */
    REFERRAL(referralTable()),
    /** A patient or a related person is asked to do something. */
    PATIENT(workTable()),
    /**
     * Work within the coordinating organisation: outreach, reconciliation, visits. Same states as a patient's Task.
     */
    COORDINATION(workTable());

    static final String SDOHCC = "http://hl7.org/fhir/us/sdoh-clinicalcare/StructureDefinition/";
    static final String REFERRAL_PROFILE = SDOHCC + "SDOHCC-TaskForReferralManagement";
    static final String PATIENT_PROFILE = SDOHCC + "SDOHCC-TaskForPatient";
    static final String TASK_CODE_SYSTEM = "http://hl7.org/fhir/CodeSystem/task-code";
    static final String FULFILL = "fulfill";
    /** The statuses after which the work is over; outputs may still come, except after entered-in-error. */
    static final Set<TaskStatus> ENDS = Set.copyOf(EnumSet.of(REJECTED, CANCELLED, FAILED, COMPLETED, ENTEREDINERROR));

    private final StatusTable<TaskStatus, Actor> table;

    TaskMachine(StatusTable<TaskStatus, Actor> table) {
        this.table = table;
    }

    StatusTable<TaskStatus, Actor> table() {
        return table;
    }

    /** A Task that claims to be a referral in any way is held to a referral's rules. */
    static TaskMachine of(Task task) {
        if (task.getMeta().hasProfile(REFERRAL_PROFILE)
                || task.getCode().hasCoding(TASK_CODE_SYSTEM, FULFILL)
                || refersTo(task.getFocus().getReference(), "ServiceRequest")) {
            return REFERRAL;
        }
        String owner = task.getOwner().getReference();
        boolean isPatients = task.getMeta().hasProfile(PATIENT_PROFILE)
                || refersTo(owner, "Patient")
                || refersTo(owner, "RelatedPerson");
        return isPatients ? PATIENT : COORDINATION;
    }

    private static boolean refersTo(@Nullable String reference, String type) {
        return reference != null && (reference.startsWith(type + "/") || reference.contains("/" + type + "/"));
    }

    private static StatusTable<TaskStatus, Actor> referralTable() {
        Set<Actor> either = union(REQUESTERS, TARGETS);
        return StatusTable.<TaskStatus, Actor>of("Task.status", TaskStatus.class, TaskStatus::toCode)
                .create(EnumSet.of(DRAFT, REQUESTED), EnumSet.of(REQUESTER, PLATFORM))
                // A self-referral is nobody's draft: it is asked for at once.
                .create(EnumSet.of(REQUESTED), EnumSet.of(REQUESTER_AND_TARGET))
                .move(EnumSet.of(DRAFT), EnumSet.of(REQUESTED), REQUESTERS)
                .move(EnumSet.of(REQUESTED), EnumSet.of(ACCEPTED), union(TARGETS, EnumSet.of(CLAIMER)))
                .move(EnumSet.of(REQUESTED), EnumSet.of(REJECTED), TARGETS)
                .move(EnumSet.of(ACCEPTED), EnumSet.of(INPROGRESS, ONHOLD, COMPLETED, FAILED), TARGETS)
                .move(EnumSet.of(INPROGRESS), EnumSet.of(ONHOLD, COMPLETED, FAILED), TARGETS)
                .move(EnumSet.of(ONHOLD), EnumSet.of(INPROGRESS, COMPLETED, FAILED), TARGETS)
                .move(EnumSet.of(REQUESTED, ACCEPTED, INPROGRESS, ONHOLD), EnumSet.of(CANCELLED), either)
                .move(
                        EnumSet.of(
                                DRAFT, REQUESTED, ACCEPTED, INPROGRESS, ONHOLD, REJECTED, CANCELLED, FAILED, COMPLETED),
                        EnumSet.of(ENTEREDINERROR),
                        REQUESTERS)
                .build();
    }

    private static StatusTable<TaskStatus, Actor> workTable() {
        return StatusTable.<TaskStatus, Actor>of("Task.status", TaskStatus.class, TaskStatus::toCode)
                .create(EnumSet.of(DRAFT, READY), REQUESTERS)
                .move(EnumSet.of(DRAFT), EnumSet.of(READY), REQUESTERS)
                .move(EnumSet.of(READY), EnumSet.of(INPROGRESS, ONHOLD, COMPLETED, FAILED), TARGETS)
                .move(EnumSet.of(INPROGRESS), EnumSet.of(ONHOLD, COMPLETED, FAILED), TARGETS)
                .move(EnumSet.of(ONHOLD), EnumSet.of(INPROGRESS, COMPLETED, FAILED), TARGETS)
                .move(EnumSet.of(READY, INPROGRESS, ONHOLD), EnumSet.of(CANCELLED), union(REQUESTERS, TARGETS))
                .move(
                        EnumSet.of(DRAFT, READY, INPROGRESS, ONHOLD, CANCELLED, FAILED, COMPLETED),
                        EnumSet.of(ENTEREDINERROR),
                        REQUESTERS)
                .build();
    }

    private static Set<Actor> union(Set<Actor> some, Set<Actor> others) {
        Set<Actor> all = EnumSet.copyOf(some);
        all.addAll(others);
        return all;
    }
}
