package org.careloop.referrals.domain;

import java.util.List;
import java.util.Optional;
import org.careloop.fhirmodel.FhirJson;
import org.hl7.fhir.instance.model.api.IBaseReference;
import org.hl7.fhir.instance.model.api.IBaseResource;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.IdType;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.Task;
import org.hl7.fhir.r4.model.Task.TaskStatus;

/**
 * A referral Task that an agency keeps a copy of on its own FHIR server, as in SDOHCC's direct referrals: what the copy says, what it
 * tells us, and what we tell it.
 */
public final class DirectTask {

    /** The system of the identifier by which an agency's copy names our Task. */
    public static final String IDENTIFIER_SYSTEM = "https://careloop.org/fhir/sid/task";

    private DirectTask() {}

    /**
     * Returns the copy for the agency's server: it names ours by an identifier and what is here by absolute references.
     *
     * @param base the address of our FHIR endpoint, without a slash at its end
     */
    public static Task outbound(Task ours, String base) {
        Task copy = ours.copy();
        copy.setMeta(null);
        ours.getMeta().getProfile().forEach(profile -> copy.getMeta().addProfile(profile.getValue()));
        copy.setIdElement((IdType) null);
        TaskClocks.remove(copy);
        copy.addIdentifier(identifier(ours));
        makeAbsolute(copy, base);
        return copy;
    }

    /** Returns the identifier of {@code ours} on other servers. */
    public static Identifier identifier(Task ours) {
        return new Identifier()
                .setSystem(IDENTIFIER_SYSTEM)
                .setValue(ours.getIdElement().getIdPart());
    }

    /**
     * Returns what our Task becomes by what the agency's copy says of the work, one after the other, each to be stored; empty when it
     * says nothing new. An agency may take several steps between two looks: then the acceptance comes first.
     *
     * @param base the address of the agency's FHIR endpoint, without a slash at its end
     */
    public static List<Task> told(Task ours, Task theirs, String base) {
        Task read = theirs.copy();
        makeAbsolute(read, base);
        Task told = ours.copy()
                .setStatus(read.getStatus())
                .setStatusReason(read.hasStatusReason() ? read.getStatusReason() : null)
                .setBusinessStatus(read.hasBusinessStatus() ? read.getBusinessStatus() : null)
                .setOutput(read.getOutput());
        if (read.getStatus() == TaskStatus.RECEIVED) {
            told.setStatus(TaskStatus.REQUESTED)
                    .setBusinessStatus(new CodeableConcept(new Coding(
                            "https://careloop.org/fhir/CodeSystem/referral-progress", "received", "Received")));
        }
        if (told.equalsDeep(ours)) {
            return List.of();
        }
        boolean skipsAcceptance = ours.getStatus() == TaskStatus.REQUESTED
                && List.of(TaskStatus.INPROGRESS, TaskStatus.ONHOLD, TaskStatus.COMPLETED, TaskStatus.FAILED)
                        .contains(told.getStatus());
        return skipsAcceptance ? List.of(ours.copy().setStatus(TaskStatus.ACCEPTED), told) : List.of(told);
    }

    /**
     * Returns what the agency's copy becomes by what we, or who asked, changed since it was told; empty when it knows. The status is
     * the agency's own to say, but for the end that who asked gives it.
     *
     * @param base the address of our FHIR endpoint, without a slash at its end
     */
    public static Optional<Task> update(Task ours, Task theirs, String base) {
        Task copy = outbound(ours, base);
        Task next = theirs.copy()
                .setDescription(copy.getDescription())
                .setPriority(copy.getPriority())
                .setInput(copy.getInput());
        next.setRestriction(copy.hasRestriction() ? copy.getRestriction() : null);
        Amendment.keep(Optional.of(copy), next);
        if (isEndedByRequester(ours) && !TaskLifecycle.hasEnded(theirs)) {
            next.setStatus(ours.getStatus()).setStatusReason(ours.getStatusReason());
        }
        return next.equalsDeep(theirs) ? Optional.empty() : Optional.of(next);
    }

    private static boolean isEndedByRequester(Task ours) {
        return ours.getStatus() == TaskStatus.CANCELLED || ours.getStatus() == TaskStatus.ENTEREDINERROR;
    }

    private static void makeAbsolute(IBaseResource resource, String base) {
        FhirJson.context().newTerser().getAllResourceReferences(resource).forEach(found -> {
            IBaseReference reference = found.getResourceReference();
            IdType id = new IdType(reference.getReferenceElement().getValue());
            if (id.hasResourceType() && !id.isAbsolute()) {
                reference.setReference(base + "/" + id.getValue());
            }
        });
    }
}
