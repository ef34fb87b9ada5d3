package org.careloop.fhirrest;

import io.quarkus.security.Authenticated;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.careloop.calleraccess.Role;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.fhirmodel.ResourceKey;
import org.careloop.fhirsearch.Condition;
import org.careloop.fhirsearch.FederatedHistory;
import org.careloop.fhirsearch.FederatedPage;
import org.careloop.fhirsearch.FederatedSearch;
import org.careloop.fhirsearch.HistoryRequest;
import org.careloop.fhirsearch.IndexHash;
import org.careloop.fhirstore.HistoryPage;
import org.careloop.fhirstore.ResourceStore;
import org.careloop.fhirstore.SearchPage;
import org.careloop.fhirstore.StoredResource;

/**
 * This service's share of what the gateway answers out of several services. Asked with the caller's token, and open to the
 * caller as far as any search is.
 */
@Path("/federation")
@Authenticated
public class FederationEndpoint {

    private final CallerOfRequest request;
    private final ResourceStore store;
    private final BundleWriter bundles;

    FederationEndpoint(CallerOfRequest request, ResourceStore store, BundleWriter bundles) {
        this.request = request;
        this.store = store;
        this.bundles = bundles;
    }

    /** Answers a {@link FederatedSearch} with a {@link FederatedPage} and its entries. */
    @POST
    @Path("/search")
    @Produces(MediaType.APPLICATION_OCTET_STREAM)
    public Uni<Buffer> search(byte[] body) {
        FederatedSearch search = FederatedSearch.parse(body);
        if (!store.types().containsAll(search.request().types())) {
            throw new FhirProblem(ProblemCode.UNKNOWN_TYPE, "types: not held by this service");
        }
        // What is not open of all that is asked for is told; what may be added to it is left out.
        Function<String, Condition> shown = search.answer() == FederatedSearch.Answer.INCLUDED
                ? request.included()
                : request.shown(search.request().types());
        request.requireHops(search.request().condition());
        return switch (search.answer()) {
            case PAGE, INCLUDED -> page(search, shown);
            case KEYS -> store.keys(search.request(), shown).map(FederationEndpoint::answer);
            case TARGETS ->
                store.targets(search.request(), search.parameters(), shown).map(FederationEndpoint::answer);
        };
    }

    /** Answers a {@link HistoryRequest} with a {@link FederatedHistory} and its entries. */
    @POST
    @Path("/history")
    @Produces(MediaType.APPLICATION_OCTET_STREAM)
    public Uni<Buffer> history(byte[] body) {
        HistoryRequest history = FederatedHistory.asked(body);
        if (!store.types().containsAll(history.types())) {
            throw new FhirProblem(ProblemCode.UNKNOWN_TYPE, "types: not held by this service");
        }
        return store.history(history, request.shown(history.types())).map(this::answer);
    }

    private Buffer answer(HistoryPage page) {
        Buffer bytes = Buffer.buffer(8192);
        List<FederatedHistory.Entry> entries = new ArrayList<>();
        for (StoredResource version : page.versions()) {
            Buffer entry = bundles.entry(version);
            bytes.appendBuffer(entry);
            entries.add(new FederatedHistory.Entry(version.place(), entry.length()));
        }
        return Buffer.buffer(new FederatedHistory(page.next().isPresent(), entries).toLine())
                .appendBuffer(bytes);
    }

    /** Tells whether {@code type/id} is here, or was before it was deleted: 204, else 404. Tells nothing of it. */
    @GET
    @Path("/{type:[A-Z][A-Za-z]+}/{id}")
    public Uni<Response> knows(@PathParam("type") String type, @PathParam("id") String id) {
        request.caller();
        return store.knows(ResourceKey.of(type, id))
                .map(known -> Response.status(known ? Response.Status.NO_CONTENT : Response.Status.NOT_FOUND)
                        .build());
    }

    /**
     * Tells another service which of the resources that it asks for are here and shown to the caller for whom it asks, and which
     * types are here.
     */
    @POST
    @Path("/present")
    @Produces(MediaType.APPLICATION_JSON)
    public Uni<Buffer> present(byte[] body) {
        request.require(Role.SERVICE);
        TargetsElsewhere.Asked asked = TargetsElsewhere.asked(body);
        return store.present(asked.keys(), asked.asker().caller())
                .map(present -> TargetsElsewhere.write(new TargetsElsewhere.Present(
                        store.types(),
                        present.stream().map(ResourceKey::reference).collect(Collectors.toSet()))));
    }

    /** Tells another service the resources of a patient that open the record there. */
    @POST
    @Path("/openers/{patient}")
    @Produces(MediaType.APPLICATION_JSON)
    public Uni<String> openers(@PathParam("patient") String patient, byte[] types) {
        request.require(Role.SERVICE);
        return store.openers(patient, TargetsElsewhere.types(types));
    }

    private Uni<Buffer> page(FederatedSearch search, Function<String, Condition> shown) {
        Shape shape = Shape.of(search.request().applied());
        return store.search(search.request(), shown).chain(shape::of).chain(page -> {
            if (search.answer() == FederatedSearch.Answer.INCLUDED
                    && page.next().isPresent()) {
                throw new FhirProblem(
                        ProblemCode.TOO_COSTLY,
                        "_include, _revinclude: too many resources for one page (expected: at most "
                                + search.request().count() + "; a smaller _count helps)");
            }
            List<StoredResource> all = new ArrayList<>(page.matches());
            all.addAll(page.included());
            return store.referred(all, search.parameters(), shown).map(targets -> answer(search, page, targets));
        });
    }

    private Buffer answer(FederatedSearch search, SearchPage page, Map<Long, Set<Long>> targets) {
        List<FederatedPage.Entry> entries = new ArrayList<>();
        Buffer bytes = Buffer.buffer(8192);
        boolean matched = search.answer() == FederatedSearch.Answer.PAGE;
        page.matches().forEach(match -> add(match, matched, entries, bytes));
        page.included().forEach(included -> add(included, false, entries, bytes));
        FederatedPage told = new FederatedPage(page.total(), page.next().isPresent(), entries, Set.of(), targets);
        return Buffer.buffer(told.toLine()).appendBuffer(bytes);
    }

    private void add(StoredResource resource, boolean match, List<FederatedPage.Entry> entries, Buffer bytes) {
        Buffer entry = bundles.entry(resource, match);
        bytes.appendBuffer(entry);
        entries.add(new FederatedPage.Entry(
                resource.key().type(),
                resource.key().id().value(),
                IndexHash.ofTarget(resource.key().reference()),
                match,
                resource.cursor(),
                entry.length()));
    }

    private static Buffer answer(Set<Long> keys) {
        return Buffer.buffer(FederatedPage.ofKeys(keys).toLine());
    }
}
