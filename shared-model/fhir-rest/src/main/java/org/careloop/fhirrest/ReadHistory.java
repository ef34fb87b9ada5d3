package org.careloop.fhirrest;

import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.careloop.calleraccess.PageLinks;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.fhirmodel.ResourceKey;
import org.careloop.fhirsearch.Condition;
import org.careloop.fhirsearch.HistoryRequest;
import org.careloop.fhirsearch.QueryParameter;
import org.careloop.fhirstore.FhirStoreConfig;
import org.careloop.fhirstore.ResourceStore;

/**
 * Tells versions, newest first: of one resource, of a type, of all that this service holds.
 *
 * @see <a href="https://hl7.org/fhir/R4/http.html#history">FHIR R4 history</a>
 */
@Singleton
public class ReadHistory {

    private final ResourceStore store;
    private final BundleWriter bundles;
    private final PageLinks pageLinks;
    private final CallerOfRequest caller;
    private final int defaultCount;
    private final int largestCount;

    ReadHistory(
            ResourceStore store,
            BundleWriter bundles,
            PageLinks pageLinks,
            CallerOfRequest caller,
            FhirStoreConfig pages,
            FhirRestConfig config) {
        this.store = store;
        this.bundles = bundles;
        this.pageLinks = pageLinks;
        this.caller = caller;
        this.defaultCount = pages.defaultPageSize();
        this.largestCount = config.maxHistory();
    }

    /** Returns the history of one resource; fails with {@link ProblemCode#RESOURCE_NOT_FOUND} unless it is open. */
    public Uni<Buffer> handle(ResourceKey key, List<QueryParameter> parameters, Condition access) {
        String token = caller.token();
        HistoryRequest request = HistoryRequest.parse(
                key, pageLinks.opened(key.reference() + "/_history", token, parameters), defaultCount, largestCount);
        return store.history(request, type -> access)
                .chain(page -> page.versions().isEmpty()
                        ? store.find(key, access).map(found -> {
                            found.orElseThrow(() ->
                                    new FhirProblem(ProblemCode.RESOURCE_NOT_FOUND, key.type() + ": no such resource"));
                            return bundles.history(request, page, token);
                        })
                        : Uni.createFrom().item(bundles.history(request, page, token)));
    }

    /** Returns the history of all resources of {@code types}, as far as {@code access} opens them. */
    public Uni<Buffer> handle(Set<String> types, List<QueryParameter> parameters, Function<String, Condition> access) {
        String token = caller.token();
        String path = types.size() == 1 ? types.iterator().next() + "/_history" : "_history";
        HistoryRequest request =
                HistoryRequest.parse(types, pageLinks.opened(path, token, parameters), defaultCount, largestCount);
        return store.history(request, access).map(page -> bundles.history(request, page, token));
    }
}
