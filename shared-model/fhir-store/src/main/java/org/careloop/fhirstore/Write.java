package org.careloop.fhirstore;

import java.util.List;
import java.util.Optional;
import org.careloop.calleraccess.Caller;
import org.careloop.calleraccess.Interaction;
import org.careloop.calleraccess.Role;
import org.careloop.fhirmodel.FhirId;
import org.careloop.fhirvalidation.LiteralReference;
import org.careloop.fhirvalidation.StructureRules;
import org.hl7.fhir.r4.model.Resource;

/**
 * A change that a {@link WriteRule} judges.
 *
 * @param previous the current version; absent when the resource is new, or nobody looks at it
 * @param next what the caller wants to store; for a deletion the current version
 * @param author id of the Organization that made the resource, or makes it now
 * @param versioned whether the writer knows what it changes: named the version, or made {@code next} of what it read in this unit
 */
public record Write(
        Interaction interaction,
        Caller caller,
        Optional<Resource> previous,
        Resource next,
        Optional<String> author,
        boolean versioned) {

    /** A new resource; it gets an id unless it has one. */
    static Write toCreate(Caller caller, Resource resource) {
        if (!resource.hasId()) {
            resource.setId(FhirId.next().value());
        }
        return new Write(Interaction.CREATE, caller, Optional.empty(), resource, caller.organization(), true);
    }

    /** Fails as {@link StructureRules#check} does; {@code targets} learn what is referred to. */
    void checkStructure(Optional<ReferenceTargets> targets) {
        List<LiteralReference> references = StructureRules.check(next);
        if (!caller.isTrustedWithReferences()) {
            targets.ifPresent(known -> known.mention(references, previous, caller));
        }
    }

    /** Returns the same write of something else. */
    Write of(Resource other) {
        return new Write(interaction, caller, previous, other, author, versioned);
    }

    /**
     * Tells whether the caller keeps the record: a coordinator of the organisation that made the resource, or makes it. It
     * speaks for those whom the resource names as its requester or author.
     */
    public boolean isByRecorder() {
        return caller.role() == Role.COORDINATOR
                && caller.organization().isPresent()
                && caller.organization().equals(author);
    }

    /** Tells whether it is a system of that organisation, not a person, that keeps the record. */
    public boolean isBySystemOfRecord() {
        return isByRecorder() && caller.scopes().areOfSystem();
    }

    /**
     * Tells whether a system of the coordinating organisation records what happened elsewhere: a new resource may then be in
     * any state, because nobody moves it there now.
     */
    public boolean isRecord() {
        return interaction == Interaction.CREATE
                && isByRecorder()
                && caller.scopes().areOfSystem();
    }

    /** Returns {@link #previous} as {@code type}. */
    public <T extends Resource> Optional<T> previous(Class<T> type) {
        return previous.map(type::cast);
    }
}
