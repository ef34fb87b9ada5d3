package org.careloop.fhirrest;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Date;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.careloop.calleraccess.Caller;
import org.careloop.calleraccess.Interaction;
import org.careloop.fhirmodel.BundleReferences;
import org.careloop.fhirmodel.ETag;
import org.careloop.fhirmodel.FhirId;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.fhirmodel.ResourceKey;
import org.careloop.fhirrest.ResourceInteractions.Saved;
import org.careloop.fhirrest.patch.Patch;
import org.careloop.fhirsearch.Condition;
import org.careloop.fhirstore.HeavyWork;
import org.careloop.fhirstore.InTurn;
import org.careloop.fhirstore.ResourceStore;
import org.careloop.fhirstore.StoredResource;
import org.careloop.fhirstore.UnitOfWork;
import org.careloop.fhirvalidation.StructureRules;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.Bundle.BundleEntryComponent;
import org.hl7.fhir.r4.model.Bundle.BundleEntryResponseComponent;
import org.hl7.fhir.r4.model.Bundle.BundleType;
import org.hl7.fhir.r4.model.Bundle.HTTPVerb;
import org.hl7.fhir.r4.model.Resource;

/**
 * Runs the entries of a transaction Bundle in one unit of work: conditions are resolved first, then references between
 * entries, then deletes, creates and updates in this order.
 */
@Singleton
public class RunTransaction {

    private final ResourceStore store;
    private final ResourceInteractions interactions;
    private final CheckProfiles checkProfiles;

    RunTransaction(ResourceStore store, ResourceInteractions interactions, CheckProfiles checkProfiles) {
        this.store = store;
        this.interactions = interactions;
        this.checkProfiles = checkProfiles;
    }

    /**
     * Returns the transaction-response, one entry for each of {@code bundle}; fails as the first entry that fails does, and
     * then nothing happened. {@code returned} tells what the entries of the answer hold.
     */
    public Uni<Bundle> handle(Caller caller, Bundle bundle, CallerOfRequest request, Return returned) {
        return checkProfiles
                .handle(written(bundle, request))
                .chain(() -> store.inUnit(unit -> plan(unit, bundle, request, Optional.empty())
                        .chain(steps -> {
                            link(bundle, steps);
                            requireValid(unit, steps);
                            return run(unit, caller, TransactionStep.openToOwn(steps, Set.of()), returned);
                        })));
    }

    /** Checks the entries of a larger transaction against the profiles that they claim, before it begins. */
    Uni<Void> checkPart(Bundle part, CallerOfRequest request) {
        return checkProfiles.handle(written(part, request));
    }

    /** The resources to be written by their places; access comes first, as in every interaction. */
    private static Map<String, Resource> written(Bundle bundle, CallerOfRequest request) {
        Map<String, Resource> written = new LinkedHashMap<>();
        for (int i = 0; i < bundle.getEntry().size(); i++) {
            BundleEntryComponent entry = bundle.getEntry().get(i);
            HTTPVerb verb = entry.getRequest().getMethod();
            if (entry.hasResource() && (verb == HTTPVerb.POST || verb == HTTPVerb.PUT)) {
                request.access(
                        entry.getResource().fhirType(),
                        verb == HTTPVerb.POST ? Interaction.CREATE : Interaction.UPDATE);
                written.put(place(entry.hasId() ? Integer.parseInt(entry.getId()) : i), entry.getResource());
            }
        }
        return written;
    }

    /** Every write checks its resource; here all entries are, so that their faults are told together. */
    private static void requireValid(UnitOfWork unit, List<TransactionStep> steps) {
        List<FhirProblem.Issue> faults = new ArrayList<>();
        for (TransactionStep step : steps) {
            boolean writes = step.verb() == HTTPVerb.PUT
                    || step.verb() == HTTPVerb.POST && step.existing().isEmpty();
            step.resource().filter(resource -> writes).ifPresent(resource -> {
                faults.addAll(StructureRules.faults(resource, place(step.place())));
                unit.name(StructureRules.references(resource, place(step.place())));
            });
        }
        if (!faults.isEmpty()) {
            throw new FhirProblem(ProblemCode.INVALID_RESOURCE, faults);
        }
    }

    private static String place(int entry) {
        return "Bundle.entry[" + entry + "].resource";
    }

    /**
     * As {@link #handle}, in {@code unit}, for entries of a larger transaction. The gateway has given every entry its place
     * in the whole ({@code entry.id}) and its resource ({@code fullUrl}), and has linked the references. Fails with {@link
     * ProblemCode#VERSION_CONFLICT} when criteria meanwhile find something else than the gateway found.
     *
     * @param others what other services write in the same transaction
     */
    Uni<Bundle> handlePart(
            UnitOfWork unit,
            Caller caller,
            Bundle part,
            Set<ResourceKey> others,
            CallerOfRequest request,
            Return returned) {
        return plan(unit, part, request, Optional.of(part)).chain(steps -> {
            requireValid(unit, steps);
            return unit.expectPatients(TransactionStep.patients(others.stream()), caller)
                    .chain(() -> run(unit, caller, TransactionStep.openToOwn(steps, others), returned));
        });
    }

    private Uni<List<TransactionStep>> plan(
            UnitOfWork unit, Bundle bundle, CallerOfRequest request, Optional<Bundle> part) {
        List<BundleEntryComponent> entries = bundle.getEntry();
        requireDistinctCriteria(entries);
        return InTurn.map(
                        IntStream.range(0, entries.size()).boxed().toList(),
                        index -> part.isEmpty()
                                ? plan(unit, index, entries.get(index), request, Optional.empty())
                                : planGiven(unit, entries.get(index), request))
                .invoke(RunTransaction::requireDistinctPlaces);
    }

    private Uni<TransactionStep> planGiven(UnitOfWork unit, BundleEntryComponent entry, CallerOfRequest request) {
        int place = Integer.parseInt(entry.getId());
        ResourceKey given = ResourceKey.parse(entry.getFullUrl()).orElseThrow();
        if (entry.hasResource() && entry.getRequest().getMethod() != HTTPVerb.PATCH) {
            entry.getResource().setId(given.id().value());
        }
        return plan(unit, place, entry, request, Optional.of(given)).invoke(step -> {
            if (!step.key().equals(given)) {
                throw new FhirProblem(
                        ProblemCode.VERSION_CONFLICT,
                        "Bundle.entry[" + place + "].request",
                        "Bundle.entry[" + place + "].request: its criteria find something else now (expected: retry)");
            }
        });
    }

    /** All criteria are resolved before the first write, so two equal ones would both create. */
    private static void requireDistinctCriteria(List<BundleEntryComponent> entries) {
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < entries.size(); i++) {
            BundleEntryComponent entry = entries.get(i);
            String criteria = entry.getRequest().getIfNoneExist();
            if (criteria != null && !seen.add(entry.getRequest().getUrl() + "?" + criteria)) {
                String path = "Bundle.entry[" + i + "].request.ifNoneExist";
                throw new FhirProblem(
                        ProblemCode.RULE_VIOLATED, path, path + ": stands in another entry too (expected: once)");
            }
        }
    }

    /** FHIR R4: a transaction in which one resource stands twice shall fail. */
    private static void requireDistinctPlaces(List<TransactionStep> steps) {
        Set<ResourceKey> seen = new HashSet<>();
        for (TransactionStep step : steps) {
            if (!seen.add(step.key())) {
                String path = "Bundle.entry[" + step.place() + "]";
                throw new FhirProblem(
                        ProblemCode.RULE_VIOLATED,
                        path,
                        path + ": its resource stands in another entry too (expected: once)");
            }
        }
    }

    private Uni<TransactionStep> plan(
            UnitOfWork unit,
            int place,
            BundleEntryComponent entry,
            CallerOfRequest request,
            Optional<ResourceKey> given) {
        String path = "Bundle.entry[" + place + "].request";
        HTTPVerb verb = entry.getRequest().getMethod();
        String url = entry.getRequest().getUrl();
        if (verb == null || url == null) {
            throw new FhirProblem(ProblemCode.INVALID_RESOURCE, path, path + ": method or url missing");
        }
        Interaction interaction = switch (verb) {
            case POST -> Interaction.CREATE;
            case PUT, PATCH -> Interaction.UPDATE;
            case DELETE -> Interaction.DELETE;
            default ->
                throw new FhirProblem(
                        ProblemCode.RULE_VIOLATED,
                        path + ".method",
                        path + ".method: expected: POST, PUT, PATCH or DELETE");
        };
        String type = url.split("[/?]", 2)[0];
        Optional<Patch> patch = verb == HTTPVerb.PATCH ? Optional.of(patch(entry, place)) : Optional.empty();
        Optional<Resource> resource = Optional.ofNullable(entry.getResource()).filter(body -> patch.isEmpty());
        if ((verb == HTTPVerb.POST || verb == HTTPVerb.PUT)
                && !resource.map(Resource::fhirType).equals(Optional.of(type))) {
            throw new FhirProblem(
                    ProblemCode.INVALID_RESOURCE, path + ".url", path + ".url: not the type of the resource");
        }
        Condition open = request.access(type, interaction);
        Supplier<Condition> toCreate = () -> request.access(type, Interaction.CREATE);
        Optional<ETag> ifMatch =
                Optional.ofNullable(entry.getRequest().getIfMatch()).map(ETag::parse);
        Optional<String> criteria = verb == HTTPVerb.POST
                ? Optional.ofNullable(entry.getRequest().getIfNoneExist())
                : url.contains("?") ? Optional.of(url.substring(url.indexOf('?') + 1)) : Optional.empty();
        if (criteria.isEmpty()) {
            ResourceKey key = verb == HTTPVerb.POST
                    ? given.orElseGet(() -> new ResourceKey(type, FhirId.next()))
                    : keyOf(url, path);
            return Uni.createFrom()
                    .item(new TransactionStep(
                            place, verb, key, resource, patch, ifMatch, open, toCreate, Optional.empty()));
        }
        return interactions
                .match(unit, request.criteria(type, criteria.get()))
                .map(found -> new TransactionStep(
                        place,
                        verb,
                        found.map(StoredResource::key)
                                .or(() -> given)
                                .orElseGet(() -> new ResourceKey(type, FhirId.next())),
                        resource,
                        patch,
                        ifMatch,
                        open,
                        toCreate,
                        found));
    }

    private static Patch patch(BundleEntryComponent entry, int place) {
        String path = "Bundle.entry[" + place + "].resource";
        return Optional.ofNullable(entry.getResource())
                .flatMap(Patch::of)
                .orElseThrow(() -> new FhirProblem(
                        ProblemCode.INVALID_RESOURCE,
                        path,
                        path + ": not a patch (expected: Parameters, or a Binary with contentType and data)"));
    }

    private static ResourceKey keyOf(String url, String path) {
        return ResourceKey.parse(url)
                .orElseThrow(() -> new FhirProblem(
                        ProblemCode.INVALID_RESOURCE,
                        path + ".url",
                        path + ".url: expected: Type/id or Type?criteria"));
    }

    /** Gives every resource its id, and every reference to an entry's fullUrl the place where that entry ends up. */
    private static void link(Bundle bundle, List<TransactionStep> steps) {
        Map<String, String> places = new TreeMap<>();
        for (TransactionStep step : steps) {
            String fullUrl = bundle.getEntry().get(step.place()).getFullUrl();
            if (fullUrl != null) {
                places.put(fullUrl, step.key().reference());
            }
        }
        for (TransactionStep step : steps) {
            step.resource().ifPresent(resource -> resource.setId(step.key().id().value()));
            // Also within a patch, whose values may refer to entries.
            Optional.ofNullable(bundle.getEntry().get(step.place()).getResource())
                    .ifPresent(body ->
                            BundleReferences.relink(body, reference -> Optional.ofNullable(places.get(reference))));
        }
    }

    private Uni<Bundle> run(UnitOfWork unit, Caller caller, List<TransactionStep> steps, Return returned) {
        Map<Integer, BundleEntryComponent> answers = new TreeMap<>();
        List<TransactionStep> ordered = steps.stream()
                .sorted(Comparator.comparing(TransactionStep::order).thenComparing(TransactionStep::place))
                .toList();
        return InTurn.each(
                        ordered,
                        step -> run(unit, caller, step, returned).invoke(answer -> answers.put(step.place(), answer)))
                .map(ignored -> {
                    Bundle response = new Bundle().setType(BundleType.TRANSACTIONRESPONSE);
                    response.setEntry(new ArrayList<>(answers.values()));
                    return response;
                });
    }

    private Uni<BundleEntryComponent> run(UnitOfWork unit, Caller caller, TransactionStep step, Return returned) {
        if (step.verb() == HTTPVerb.DELETE) {
            return interactions
                    .delete(unit, caller, step.access(), step.key(), step.ifMatch())
                    .replaceWith(() -> deleted(returned));
        }
        return write(unit, caller, step)
                .chain(saved -> HeavyWork.run(
                        returned == Return.REPRESENTATION
                                ? saved.resource().body().length()
                                : 0,
                        () -> answer(saved, returned)));
    }

    private Uni<Saved> write(UnitOfWork unit, Caller caller, TransactionStep step) {
        if (step.patch().isPresent()) {
            return interactions.patch(
                    unit, caller, step.access(), step.key(), step.patch().get(), step.ifMatch());
        }
        Resource resource = step.resource().orElseThrow();
        if (step.verb() == HTTPVerb.PUT) {
            return interactions.update(unit, caller, step.access(), step.toCreate(), resource, step.ifMatch());
        }
        return step.existing().isPresent()
                ? Uni.createFrom().item(new Saved(step.existing().get(), false))
                : interactions.create(unit, caller, step.access(), resource, Optional.empty());
    }

    private static BundleEntryComponent deleted(Return returned) {
        BundleEntryResponseComponent response = new BundleEntryResponseComponent().setStatus("204 No Content");
        if (returned == Return.OPERATION_OUTCOME) {
            response.setOutcome(FhirResponses.done());
        }
        return new BundleEntryComponent().setResponse(response);
    }

    private static BundleEntryComponent answer(Saved written, Return returned) {
        StoredResource saved = written.resource();
        BundleEntryComponent entry = new BundleEntryComponent()
                .setResponse(new BundleEntryResponseComponent()
                        .setStatus(written.created() ? "201 Created" : "200 OK")
                        .setLocation(saved.key().reference() + "/_history/" + saved.version())
                        .setEtag(saved.eTag().toString())
                        .setLastModified(Date.from(saved.changed())));
        switch (returned) {
            case MINIMAL -> {}
            case OPERATION_OUTCOME -> entry.getResponse().setOutcome(FhirResponses.done());
            case REPRESENTATION -> entry.setResource(FhirJson.parse(saved.body().getBytes()));
        }
        return entry;
    }
}
