package org.careloop.fhirrest;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.careloop.fhirmodel.ETag;
import org.careloop.fhirmodel.ResourceKey;
import org.careloop.fhirrest.patch.Patch;
import org.careloop.fhirsearch.Compartment;
import org.careloop.fhirsearch.Condition;
import org.careloop.fhirstore.StoredResource;
import org.hl7.fhir.r4.model.Bundle.HTTPVerb;
import org.hl7.fhir.r4.model.Resource;

/**
 * What one entry of a transaction does.
 *
 * @param place of the entry in the Bundle
 * @param access what the caller may do this with
 * @param toCreate what the caller may create, for a PUT of what is not there; or fails
 * @param existing what the entry's criteria found
 */
record TransactionStep(
        int place,
        HTTPVerb verb,
        ResourceKey key,
        Optional<Resource> resource,
        Optional<Patch> patch,
        Optional<ETag> ifMatch,
        Condition access,
        Supplier<Condition> toCreate,
        Optional<StoredResource> existing) {

    /** FHIR R4: deletions come first, then creates, then the rest. */
    int order() {
        return verb == HTTPVerb.DELETE ? 0 : verb == HTTPVerb.POST ? 1 : 2;
    }

    /**
     * Lets the steps write into the records of the patients that the same transaction writes: whoever may not write those does
     * not get the transaction through. A Patient that a conditional create found is not written, only seen. The Patients
     * themselves stay as open as they are.
     *
     * @param others what other services write in the same transaction
     */
    static List<TransactionStep> openToOwn(List<TransactionStep> steps, Set<ResourceKey> others) {
        Set<String> patients = patients(Stream.concat(
                steps.stream().filter(TransactionStep::leavesWritten).map(TransactionStep::key), others.stream()));
        return patients.isEmpty()
                ? steps
                : steps.stream().map(step -> step.alsoOf(patients)).toList();
    }

    private boolean leavesWritten() {
        return switch (verb) {
            case DELETE -> false;
            case POST -> existing.isEmpty();
            default -> true;
        };
    }

    /** Returns the ids of the Patients among {@code keys}. */
    static Set<String> patients(Stream<ResourceKey> keys) {
        return keys.filter(key -> Compartment.isPatient(key.type()))
                .map(key -> key.id().value())
                .collect(Collectors.toSet());
    }

    private TransactionStep alsoOf(Set<String> patients) {
        return Compartment.isPatient(key.type())
                ? this
                : new TransactionStep(
                        place,
                        verb,
                        key,
                        resource,
                        patch,
                        ifMatch,
                        access.alsoOf(patients),
                        () -> toCreate.get().alsoOf(patients),
                        existing);
    }
}
