package org.careloop.fhirstore;

import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.fhirsearch.Condition;
import org.careloop.fhirsearch.VisibleElements;

/** Leaves of what was read what its reader may see. Only what is shown in part is parsed. */
final class VisiblePart {

    private VisiblePart() {}

    static Uni<Optional<StoredResource>> of(Optional<StoredResource> found, Condition access) {
        return of(found.stream().toList(), type -> access)
                .map(shown -> shown.stream().findFirst());
    }

    static Uni<SearchPage> of(SearchPage page, Function<String, Condition> access) {
        return of(page.matches(), access)
                .chain(matches -> of(page.included(), access)
                        .map(included -> new SearchPage(matches, included, page.total(), page.next())));
    }

    static Uni<List<StoredResource>> of(List<StoredResource> resources, Function<String, Condition> access) {
        int size = parts(resources, access)
                .mapToInt(resource -> resource.body().length())
                .sum();
        return size == 0
                ? Uni.createFrom().item(resources)
                : HeavyWork.run(
                        size,
                        () -> resources.stream()
                                .map(resource -> visible(resource, access)
                                        .map(elements -> cut(resource, elements))
                                        .orElse(resource))
                                .toList());
    }

    private static Stream<StoredResource> parts(List<StoredResource> resources, Function<String, Condition> access) {
        return resources.stream().filter(resource -> visible(resource, access).isPresent());
    }

    private static Optional<VisibleElements> visible(StoredResource resource, Function<String, Condition> access) {
        String type = resource.key().type();
        return resource.deleted() ? Optional.empty() : VisibleElements.of(type, access.apply(type));
    }

    private static StoredResource cut(StoredResource resource, VisibleElements visible) {
        return resource.withBody(Buffer.buffer(FhirJson.part(resource.body().getBytes(), visible.elements())));
    }
}
