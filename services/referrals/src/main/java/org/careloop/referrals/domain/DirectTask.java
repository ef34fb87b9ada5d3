package org.careloop.referrals.domain;

import java.util.List;
import java.util.Optional;
import org.careloop.fhirmodel.FhirJson;
import org.hl7.fhir.instance.model.api.IBaseReference;
import org.hl7.fhir.instance.model.api.IBaseResource;
import org.hl7.fhir.r4.model.IdType;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.Task;

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
     * Returns what our Task becomes by what the agency's copy says of the work, see {@link WorkedFor#told}.
     *
     * @param theirs with a status
     * @param base the address of the agency's FHIR endpoint, without a slash at its end
     */
    public static List<Task> told(Task ours, Task theirs, String base, FineStates fineStates) {
        Task read = theirs.copy();
        makeAbsolute(read, base);
        return WorkedFor.told(ours, read, fineStates);
    }

    /**
     * Returns what the agency's copy becomes by what we, or who asked, changed since it was told, see {@link WorkedFor#asked}; empty
     * when it knows.
     *
     * @param base the address of our FHIR endpoint, without a slash at its end
     */
    public static Optional<Task> update(Task ours, Task theirs, String base, FineStates fineStates) {
        Task copy = outbound(ours, base);
        Task next = WorkedFor.asked(copy, theirs, fineStates);
        Amendment.keep(Optional.of(copy), next);
        return next.equalsDeep(theirs) ? Optional.empty() : Optional.of(next);
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
