package org.careloop.calleraccess;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.careloop.fhirmodel.ResourceKey;
import org.careloop.fhirsearch.SearchPath;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Resource;

/**
 * By which elements resources of one type name others that are needed with them, such as a Task its focus and its inputs.
 *
 * @param service the service that holds the type
 */
public record Naming(String service, String type, List<SearchPath> paths) {

    /** Reads paths from the resource, of FHIRPath as search parameters use it; empty when one of them is none. */
    static Optional<Naming> of(String service, String type, List<String> elements) {
        List<SearchPath> paths = elements.stream()
                .flatMap(element -> SearchPath.compile(type, type + "." + element).stream())
                .toList();
        return paths.size() == elements.size() ? Optional.of(new Naming(service, type, paths)) : Optional.empty();
    }

    /** The elements of the resource that {@link #named} reads. */
    public Set<String> read() {
        return paths.stream().flatMap(path -> path.elements().stream()).collect(Collectors.toUnmodifiableSet());
    }

    /** Returns what {@code resource} names. */
    public Set<ResourceKey> named(Resource resource) {
        return paths.stream()
                .flatMap(path -> path.evaluate(resource).stream())
                .flatMap(value -> value instanceof Reference reference && reference.hasReference()
                        ? ResourceKey.parse(reference.getReference()).stream()
                        : Stream.empty())
                .collect(Collectors.toUnmodifiableSet());
    }
}
