package org.careloop.fhirrest;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.careloop.calleraccess.Caller;
import org.careloop.fhirmodel.ETag;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.fhirmodel.ResourceKey;
import org.careloop.fhirsearch.Condition;
import org.careloop.fhirsearch.QueryParameter;
import org.careloop.fhirsearch.SearchParser;
import org.careloop.fhirstore.ResourceStore;
import org.careloop.fhirstore.StoredResource;
import org.careloop.fhirstore.UnitOfWork;
import org.hl7.fhir.r4.model.Resource;

/**
 * The interactions that change resources, each in a unit of its own or, for transactions, in a given one. What a caller
 * writes must be within what it may write before and after: nothing can be written out of one's own reach.
 */
@Singleton
public class ResourceInteractions {

    /** What a write left; {@code created} tells a create from an update or a match. */
    public record Saved(StoredResource resource, boolean created) {}

    private final ResourceStore store;
    private final CheckProfiles checkProfiles;
    private final FhirRestConfig config;

    ResourceInteractions(ResourceStore store, CheckProfiles checkProfiles, FhirRestConfig config) {
        this.store = store;
        this.checkProfiles = checkProfiles;
        this.config = config;
    }

    /** Creates {@code resource} unless one matches {@code ifNoneExist}, a query string. */
    public Uni<Saved> create(Caller caller, Condition access, Resource resource, Optional<String> ifNoneExist) {
        return checkProfiles
                .handle(resource)
                .chain(() -> store.inUnit(unit -> create(unit, caller, access, resource, ifNoneExist)));
    }

    /** As {@link #create(Caller, Condition, Resource, Optional)}, in {@code unit}. */
    Uni<Saved> create(
            UnitOfWork unit, Caller caller, Condition access, Resource resource, Optional<String> ifNoneExist) {
        Uni<Optional<StoredResource>> existing = ifNoneExist.isEmpty()
                ? Uni.createFrom().item(Optional.empty())
                : match(unit, resource.fhirType(), ifNoneExist.get(), access);
        return existing.chain(found -> found.isPresent()
                ? Uni.createFrom().item(new Saved(found.get(), false))
                : unit.create(caller, resource)
                        .call(saved -> reachable(unit, saved, access))
                        .map(saved -> new Saved(saved, true)));
    }

    /** Replaces the resource with the id of {@code resource}, or creates it there when that is allowed. */
    public Uni<Saved> update(Caller caller, Condition access, Resource resource, Optional<ETag> ifMatch) {
        return checkProfiles
                .handle(resource)
                .chain(() -> store.inUnit(unit -> update(unit, caller, access, resource, ifMatch)));
    }

    /** As {@link #update(Caller, Condition, Resource, Optional)}, in {@code unit}. */
    Uni<Saved> update(UnitOfWork unit, Caller caller, Condition access, Resource resource, Optional<ETag> ifMatch) {
        ResourceKey key =
                ResourceKey.of(resource.fhirType(), resource.getIdElement().getIdPart());
        return unit.find(key, access)
                .chain(found -> found.isPresent()
                        ? unit.update(caller, found.get(), resource, ifMatch)
                                .call(saved -> reachable(unit, saved, access))
                                .map(saved -> new Saved(saved, false))
                        : createAt(unit, caller, access, key, resource, ifMatch));
    }

    /** Deletes; a resource that is not there is deleted already, as FHIR says. */
    public Uni<Optional<StoredResource>> delete(
            Caller caller, Condition access, ResourceKey key, Optional<ETag> ifMatch) {
        return store.inUnit(unit -> delete(unit, caller, access, key, ifMatch));
    }

    /** As {@link #delete(Caller, Condition, ResourceKey, Optional)}, in {@code unit}. */
    Uni<Optional<StoredResource>> delete(
            UnitOfWork unit, Caller caller, Condition access, ResourceKey key, Optional<ETag> ifMatch) {
        return unit.find(key, access).chain(found -> {
            if (found.isEmpty()) {
                return Uni.createFrom().item(Optional.empty());
            }
            if (ifMatch.isPresent() && ifMatch.get().version() != found.get().version()) {
                throw new FhirProblem(
                        ProblemCode.VERSION_CONFLICT,
                        "If-Match: stale (expected: " + found.get().eTag() + ")");
            }
            return unit.delete(caller, found.get()).map(Optional::of);
        });
    }

    /** Returns the one resource that matches {@code criteria}; holds off others with the same criteria until the end. */
    Uni<Optional<StoredResource>> match(UnitOfWork unit, String type, String criteria, Condition access) {
        List<QueryParameter> parameters = QueryParameter.parse(criteria);
        if (parameters.isEmpty()) {
            throw new FhirProblem(ProblemCode.INVALID_PARAMETER, "criteria: empty (expected: a search query)");
        }
        // Filters alone: a _count of 0, say, would find nothing whatever there is.
        SearchParser.condition(type, parameters);
        return unit.serialize(type, canonical(parameters))
                .chain(() -> unit.search(type, parameters, access))
                .map(found -> {
                    if (found.size() > 1) {
                        throw new FhirProblem(
                                ProblemCode.MULTIPLE_MATCHES,
                                "criteria: several resources match (expected: at most one)");
                    }
                    return found.stream().findFirst();
                });
    }

    /** The same criteria in another order or encoding hold each other off too. */
    private static String canonical(List<QueryParameter> parameters) {
        return parameters.stream().map(QueryParameter::toString).sorted().collect(Collectors.joining());
    }

    private Uni<Saved> createAt(
            UnitOfWork unit,
            Caller caller,
            Condition access,
            ResourceKey key,
            Resource resource,
            Optional<ETag> ifMatch) {
        if (ifMatch.isPresent() || !config.updateAsCreate() || !access.equals(Condition.EVERYTHING)) {
            throw new FhirProblem(ProblemCode.RESOURCE_NOT_FOUND, key.type() + ": no such resource");
        }
        return unit.put(caller, resource)
                .map(saved -> saved.orElseThrow(() -> new IllegalStateException("an absent resource always differs")))
                .map(saved -> new Saved(saved, true));
    }

    private static Uni<Void> reachable(UnitOfWork unit, StoredResource saved, Condition access) {
        if (access.equals(Condition.EVERYTHING)) {
            return Uni.createFrom().voidItem();
        }
        return unit.find(saved.key(), access)
                .invoke(found -> {
                    if (found.isEmpty()) {
                        throw new FhirProblem(
                                ProblemCode.FORBIDDEN,
                                saved.key().type() + ": content not open to this caller (expected: own)");
                    }
                })
                .replaceWithVoid();
    }
}
