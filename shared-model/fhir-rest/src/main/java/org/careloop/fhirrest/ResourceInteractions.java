package org.careloop.fhirrest;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.careloop.calleraccess.Caller;
import org.careloop.fhirmodel.ETag;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.fhirmodel.ResourceKey;
import org.careloop.fhirrest.patch.Patch;
import org.careloop.fhirsearch.Compartment;
import org.careloop.fhirsearch.Condition;
import org.careloop.fhirstore.HeavyWork;
import org.careloop.fhirstore.InTurn;
import org.careloop.fhirstore.ResourceStore;
import org.careloop.fhirstore.StoredResource;
import org.careloop.fhirstore.UnitOfWork;
import org.hl7.fhir.r4.model.Meta;
import org.hl7.fhir.r4.model.Resource;

/**
 * The interactions that change resources, each in a unit of its own or, for transactions, in a given one. What a caller
 * writes must be within what it may write before and after: nothing can be written out of one's own reach.
 */
@Singleton
public class ResourceInteractions {

    /** What a write left; {@code created} tells a create from an update or a match. */
    public record Saved(StoredResource resource, boolean created) {}

    /** Who sees a part alone may not write what leads out of it, which only the database tells after the write. */
    private static final Uni<Optional<StoredResource>> NOT_ALONE =
            Uni.createFrom().item(Optional.empty());

    private final ResourceStore store;
    private final CheckProfiles checkProfiles;
    private final FhirRestConfig config;

    ResourceInteractions(ResourceStore store, CheckProfiles checkProfiles, FhirRestConfig config) {
        this.store = store;
        this.checkProfiles = checkProfiles;
        this.config = config;
    }

    /** Creates {@code resource} unless one matches {@code ifNoneExist}. */
    public Uni<Saved> create(Caller caller, Condition access, Resource resource, Optional<Criteria> ifNoneExist) {
        return checkProfiles
                .handle(resource)
                .chain(() -> ifNoneExist.isEmpty() && isOpenByRecord(access)
                        ? store.createAlone(caller, access.byRecordAlone(), resource)
                        : NOT_ALONE)
                .chain(saved -> saved.isPresent()
                        ? Uni.createFrom().item(new Saved(saved.get(), true))
                        : store.inUnit(unit -> create(unit, caller, access, resource, ifNoneExist)));
    }

    /** Who has other ways to a record as well takes them when this one is shut. */
    private static boolean isOpenByRecord(Condition access) {
        return !access.byRecordAlone().equals(Condition.NOTHING);
    }

    /** As {@link #create(Caller, Condition, Resource, Optional)}, in {@code unit}. */
    Uni<Saved> create(
            UnitOfWork unit, Caller caller, Condition access, Resource resource, Optional<Criteria> ifNoneExist) {
        Uni<Optional<StoredResource>> existing =
                ifNoneExist.isEmpty() ? Uni.createFrom().item(Optional.empty()) : match(unit, ifNoneExist.get());
        return existing.chain(found -> found.isPresent()
                ? Uni.createFrom().item(new Saved(found.get(), false))
                : createWithin(unit, caller, access, resource).map(saved -> new Saved(saved, true)));
    }

    /**
     * Replaces the resource with the id of {@code resource}, or creates it there when that is allowed.
     *
     * @param toCreate what the caller may create, or fails
     */
    public Uni<Saved> update(
            Caller caller, Condition access, Supplier<Condition> toCreate, Resource resource, Optional<ETag> ifMatch) {
        return checkProfiles
                .handle(resource)
                .chain(() -> isOpenByRecord(access)
                        ? store.updateAlone(caller, access.byRecordAlone(), resource, ifMatch)
                        : NOT_ALONE)
                .chain(saved -> saved.isPresent()
                        ? Uni.createFrom().item(new Saved(saved.get(), false))
                        : store.inUnit(unit -> update(unit, caller, access, toCreate, resource, ifMatch)));
    }

    /** As {@link #update(Caller, Condition, Supplier, Resource, Optional)}, in {@code unit}. */
    Uni<Saved> update(
            UnitOfWork unit,
            Caller caller,
            Condition access,
            Supplier<Condition> toCreate,
            Resource resource,
            Optional<ETag> ifMatch) {
        ResourceKey key =
                ResourceKey.of(resource.fhirType(), resource.getIdElement().getIdPart());
        return unit.find(key, access)
                .chain(found -> found.isPresent()
                        ? updateWithin(unit, caller, access, found.get(), resource, ifMatch)
                                .map(saved -> new Saved(saved, false))
                        : createAt(unit, caller, toCreate, key, resource, ifMatch));
    }

    /**
     * Replaces the one resource that {@code criteria} match. When none does, creates {@code resource}: under its own id, if it
     * has one and {@link #update} may create, else under a new one. Fails with {@link ProblemCode#MULTIPLE_MATCHES}, with
     * {@link ProblemCode#MALFORMED_BODY} when the match has another id than {@code resource}, with {@link
     * ProblemCode#ALREADY_EXISTS} when what has its id does not match.
     *
     * @param toCreate what the caller may create, or fails
     * @see <a href="https://hl7.org/fhir/R4/http.html#cond-update">FHIR R4 conditional update</a>
     */
    public Uni<Saved> updateMatching(
            Caller caller,
            Condition access,
            Supplier<Condition> toCreate,
            Resource resource,
            Criteria criteria,
            Optional<ETag> ifMatch) {
        String type = resource.fhirType();
        return checkProfiles
                .handle(resource)
                .chain(() -> store.inUnit(unit -> match(unit, criteria).chain(found -> {
                    if (found.isPresent()) {
                        requireSameId(resource, found.get().key());
                        resource.setId(found.get().key().id().value());
                        return update(unit, caller, access, toCreate, resource, ifMatch);
                    }
                    if (!resource.hasId()) {
                        return ifMatch.isPresent()
                                ? Uni.createFrom().failure(notFound(type))
                                : create(unit, caller, toCreate.get(), resource, Optional.empty());
                    }
                    ResourceKey key =
                            ResourceKey.of(type, resource.getIdElement().getIdPart());
                    return requireAbsent(unit, key, access)
                            .chain(() -> createAt(unit, caller, toCreate, key, resource, ifMatch));
                })));
    }

    private static Uni<Void> requireAbsent(UnitOfWork unit, ResourceKey key, Condition access) {
        return unit.find(key, access)
                .invoke(found -> {
                    if (found.isPresent()) {
                        throw new FhirProblem(
                                ProblemCode.ALREADY_EXISTS,
                                key.type() + ".id",
                                key.type() + ".id: of a resource that does not match (expected: another, or none)");
                    }
                })
                .replaceWithVoid();
    }

    private static void requireSameId(Resource resource, ResourceKey key) {
        if (resource.hasId() && !key.id().value().equals(resource.getIdElement().getIdPart())) {
            throw new FhirProblem(
                    ProblemCode.MALFORMED_BODY,
                    key.type() + ".id",
                    key.type() + ".id: not that of the resource that matches (expected: equal, or none)");
        }
    }

    /**
     * Changes the resource {@code key} as {@code patch} says; the result is checked like that of an update. What it will be
     * is known only when the row is locked, so its profiles are checked within the unit. Fails with {@link
     * ProblemCode#RESOURCE_NOT_FOUND} when there is none.
     *
     * @see <a href="https://hl7.org/fhir/R4/http.html#patch">FHIR R4 patch</a>
     */
    public Uni<Saved> patch(Caller caller, Condition access, ResourceKey key, Patch patch, Optional<ETag> ifMatch) {
        return store.inUnit(unit -> patch(unit, caller, access, key, patch, ifMatch));
    }

    /** As {@link #patch(Caller, Condition, ResourceKey, Patch, Optional)}, of the one resource that {@code criteria} match. */
    public Uni<Saved> patchMatching(
            Caller caller, Condition access, Criteria criteria, Patch patch, Optional<ETag> ifMatch) {
        return store.inUnit(unit -> match(unit, criteria)
                .chain(found -> patch(
                        unit,
                        caller,
                        access,
                        found.orElseThrow(() -> notFound(criteria.type())).key(),
                        patch,
                        ifMatch)));
    }

    /** As {@link #patch(Caller, Condition, ResourceKey, Patch, Optional)}, but changes {@code meta} alone. */
    Uni<Saved> changeMeta(
            Caller caller, Condition access, ResourceKey key, UnaryOperator<Meta> change, Optional<ETag> ifMatch) {
        return store.inUnit(unit -> change(unit, caller, access, key, ifMatch, bytes -> {
            Resource resource = FhirJson.parse(bytes);
            return resource.setMeta(change.apply(resource.getMeta()));
        }));
    }

    /** As {@link #patch(Caller, Condition, ResourceKey, Patch, Optional)}, in {@code unit}. */
    Uni<Saved> patch(
            UnitOfWork unit, Caller caller, Condition access, ResourceKey key, Patch patch, Optional<ETag> ifMatch) {
        return change(unit, caller, access, key, ifMatch, bytes -> Bodies.parse(key, patch.apply(bytes)));
    }

    private Uni<Saved> change(
            UnitOfWork unit,
            Caller caller,
            Condition access,
            ResourceKey key,
            Optional<ETag> ifMatch,
            Function<byte[], Resource> change) {
        return unit.find(key, access).chain(found -> {
            StoredResource current = found.orElseThrow(() -> notFound(key.type()));
            // A stale client is told so, not that its change does not fit.
            current.requireCurrent(ifMatch);
            return HeavyWork.always(() -> change.apply(current.body().getBytes()))
                    .call(checkProfiles::handle)
                    .chain(next -> updateWithin(unit, caller, access, current, next, Optional.of(current.eTag())))
                    .map(saved -> new Saved(saved, false));
        });
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
            found.get().requireCurrent(ifMatch);
            return unit.delete(caller, found.get()).map(Optional::of);
        });
    }

    /**
     * Deletes what {@code criteria} match; nothing is fine. Fails with {@link ProblemCode#MULTIPLE_MATCHES} when there are
     * more than the configured number.
     *
     * @see <a href="https://hl7.org/fhir/R4/http.html#3.1.0.7.1">FHIR R4 conditional delete</a>
     */
    public Uni<Void> deleteMatching(Caller caller, Condition access, Criteria criteria) {
        int most = config.maxConditionalDeletes();
        return store.inUnit(unit -> matches(unit, criteria).chain(found -> {
            if (found.size() > most) {
                throw multiple(most);
            }
            return InTurn.each(found, each -> delete(unit, caller, access, each.key(), Optional.empty()));
        }));
    }

    /** Returns the one resource that matches {@code criteria}; holds off others with the same criteria until the end. */
    Uni<Optional<StoredResource>> match(UnitOfWork unit, Criteria criteria) {
        return matches(unit, criteria).map(found -> {
            if (found.size() > 1) {
                throw multiple(1);
            }
            return found.stream().findFirst();
        });
    }

    private static Uni<List<StoredResource>> matches(UnitOfWork unit, Criteria criteria) {
        return unit.serialize(criteria.type(), criteria.canonical())
                .chain(() -> unit.search(criteria.type(), criteria.parameters(), criteria.shown()));
    }

    private static FhirProblem multiple(int most) {
        return new FhirProblem(
                ProblemCode.MULTIPLE_MATCHES,
                "criteria: several resources match (expected: at most " + (most == 1 ? "one" : most) + ")");
    }

    private static FhirProblem notFound(String type) {
        return new FhirProblem(ProblemCode.RESOURCE_NOT_FOUND, type + ": no such resource");
    }

    private Uni<Saved> createAt(
            UnitOfWork unit,
            Caller caller,
            Supplier<Condition> toCreate,
            ResourceKey key,
            Resource resource,
            Optional<ETag> ifMatch) {
        if (ifMatch.isPresent() || !config.updateAsCreate()) {
            throw notFound(key.type());
        }
        Condition access = toCreate.get().byRecordAlone();
        if (access.equals(Condition.NOTHING)) {
            throw notFound(key.type());
        }
        // What is there but hidden is not overwritten.
        return unit.requireOpenOrAbsent(key, access)
                .chain(() -> isNewPatient(resource)
                        ? Uni.createFrom().voidItem()
                        : unit.requireAdmitted(caller, access, resource, caller.organization()))
                .chain(() -> unit.put(caller, resource))
                .map(saved -> saved.orElseThrow(() -> new IllegalStateException("an absent resource always differs")))
                .call(saved -> reachable(unit, saved, access))
                .map(saved -> new Saved(saved, true));
    }

    /** A new patient's record is opened by what its Patient says; every other is open before it is written in. */
    private static boolean isNewPatient(Resource resource) {
        return Compartment.isPatient(resource.fhirType());
    }

    private Uni<StoredResource> createWithin(UnitOfWork unit, Caller caller, Condition access, Resource resource) {
        return (isNewPatient(resource)
                        ? Uni.createFrom().voidItem()
                        : unit.requireAdmitted(caller, access, resource, caller.organization()))
                .chain(() -> unit.create(caller, resource))
                .call(saved -> reachable(unit, saved, access));
    }

    private Uni<StoredResource> updateWithin(
            UnitOfWork unit,
            Caller caller,
            Condition access,
            StoredResource current,
            Resource next,
            Optional<ETag> ifMatch) {
        return (Compartment.patientOf(next).equals(current.patient())
                        ? Uni.createFrom().voidItem()
                        : unit.requireAdmitted(caller, access, next, current.author()))
                .chain(() -> unit.update(caller, current, next, ifMatch))
                .call(saved -> reachable(unit, saved, access));
    }

    /** Whose record it is in was asked before; of what opens records itself it is asked again, for that may be less now. */
    private Uni<Void> reachable(UnitOfWork unit, StoredResource saved, Condition access) {
        if (access.asksForRecordAlone() && !store.opensRecords(saved.key().type())) {
            return Uni.createFrom().voidItem();
        }
        return unit.find(saved.key(), access)
                .invoke(found ->
                        found.orElseThrow(() -> UnitOfWork.notOpen(saved.key().type())))
                .replaceWithVoid();
    }
}
