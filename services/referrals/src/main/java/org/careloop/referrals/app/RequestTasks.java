package org.careloop.referrals.app;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.careloop.fhirmodel.ResourceKey;
import org.careloop.fhirsearch.Condition;
import org.careloop.fhirsearch.IndexHash;
import org.careloop.fhirsearch.QueryParameter;
import org.careloop.fhirstore.InTurn;
import org.careloop.fhirstore.StoredResource;
import org.careloop.fhirstore.UnitOfWork;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Task;

/** Which Tasks a ServiceRequest has: those whose focus it is and, at every depth, their parts. */
@Singleton
class RequestTasks {

    /** @param beside all Tasks of the requests that the wholes work for, the wholes among them */
    record Above(List<Task> wholes, List<Task> beside) {}

    private static final long PART_OF = IndexHash.ofParameter("Task", "part-of");
    private static final long FOCUS = IndexHash.ofParameter("Task", "focus");

    private static final String LOCK_REQUESTS = "select lock_requests_of($1, $2, $3)";

    RequestTasks() {}

    /**
     * Returns the Tasks of the request with {@code id}, as this transaction sees them; nobody is kept from changing
     * them.
     */
    Uni<Map<ResourceKey, Task>> of(String id, UnitOfWork unit) {
        Map<ResourceKey, Task> tasks = new LinkedHashMap<>();
        return search(unit, "focus", "ServiceRequest/" + id)
                .chain(found -> addWithParts(unit, found, tasks))
                .replaceWith(tasks);
    }

    /** Returns the Tasks whose focus the request with {@code id} is, without their parts. */
    Uni<List<Task>> focusedOn(String id, UnitOfWork unit) {
        return search(unit, "focus", "ServiceRequest/" + id).map(RequestTasks::parsed);
    }

    /** Returns the Tasks that any of {@code tasks} is a part of, at every depth, and those beside them, of the same requests. */
    Uni<Above> above(Collection<Task> tasks, UnitOfWork unit) {
        List<Task> wholes = new ArrayList<>();
        return addWholes(tasks, wholes, new HashSet<>(), unit).chain(() -> {
            String requests = wholes.stream()
                    .flatMap(whole -> focusOf(whole).stream())
                    .map(ResourceKey::reference)
                    .distinct()
                    .collect(Collectors.joining(","));
            return requests.isEmpty()
                    ? Uni.createFrom().item(new Above(wholes, wholes))
                    : search(unit, "focus", requests).map(beside -> new Above(wholes, parsed(beside)));
        });
    }

    private static Uni<Void> addWholes(
            Collection<Task> parts, List<Task> wholes, Set<ResourceKey> seen, UnitOfWork unit) {
        String ids = parts.stream()
                .flatMap(part -> wholesOf(part).stream())
                .filter(seen::add)
                .map(whole -> whole.id().value())
                .collect(Collectors.joining(","));
        return ids.isEmpty()
                ? Uni.createFrom().voidItem()
                : search(unit, "_id", ids)
                        .map(RequestTasks::parsed)
                        .invoke(wholes::addAll)
                        .chain(found -> addWholes(found, wholes, seen, unit));
    }

    private static List<Task> parsed(List<StoredResource> tasks) {
        return tasks.stream().map(task -> task.as(Task.class)).toList();
    }

    /** As {@link #of}, and nobody else changes these Tasks before this transaction ends. */
    Uni<List<StoredResource>> locked(String id, UnitOfWork unit) {
        return of(id, unit).chain(tasks -> found(tasks.keySet(), unit));
    }

    /** Returns those of {@code keys} that are there, as they are now; nobody else changes them before this transaction ends. */
    Uni<List<StoredResource>> found(Collection<ResourceKey> keys, UnitOfWork unit) {
        List<StoredResource> locked = new ArrayList<>();
        return InTurn.each(
                        keys, key -> unit.find(key, Condition.EVERYTHING).invoke(found -> found.ifPresent(locked::add)))
                .replaceWith(locked);
    }

    /** Returns the request that {@code task} works for, by itself or as a part of others; empty for none. */
    Uni<Optional<ResourceKey>> requestOf(Task task, UnitOfWork unit) {
        return requestOf(task, unit, new HashSet<>());
    }

    /** Keeps others from changing the requests that the stored {@code task} works for, by itself or as a part of others. */
    Uni<Void> lockRequestsOf(ResourceKey task, UnitOfWork unit) {
        return unit.sql(LOCK_REQUESTS, task.id().value(), PART_OF, FOCUS).replaceWithVoid();
    }

    private Uni<Optional<ResourceKey>> requestOf(Task task, UnitOfWork unit, Set<ResourceKey> seen) {
        Optional<ResourceKey> own = focusOf(task);
        Uni<Optional<ResourceKey>> request = Uni.createFrom().item(own);
        for (ResourceKey whole : wholesOf(task)) {
            if (seen.add(whole)) {
                request = request.chain(
                        known -> known.isPresent() ? Uni.createFrom().item(known) : requestOf(whole, unit, seen));
            }
        }
        return request;
    }

    private Uni<Optional<ResourceKey>> requestOf(ResourceKey task, UnitOfWork unit, Set<ResourceKey> seen) {
        return search(unit, "_id", task.id().value())
                .chain(found -> found.isEmpty()
                        ? Uni.createFrom().item(Optional.empty())
                        : requestOf(found.getFirst().as(Task.class), unit, seen));
    }

    /** The request of this platform that {@code task} has as focus itself. */
    static Optional<ResourceKey> focusOf(Task task) {
        return keyOf(task.getFocus()).filter(key -> key.type().equals("ServiceRequest"));
    }

    /** The Tasks of this platform that {@code task} is a part of. */
    static List<ResourceKey> wholesOf(Task task) {
        return task.getPartOf().stream()
                .flatMap(reference -> keyOf(reference).stream())
                .filter(key -> key.type().equals("Task"))
                .toList();
    }

    private Uni<Void> addWithParts(UnitOfWork unit, List<StoredResource> found, Map<ResourceKey, Task> tasks) {
        List<StoredResource> unknown =
                found.stream().filter(task -> !tasks.containsKey(task.key())).toList();
        if (unknown.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        unknown.forEach(task -> tasks.put(task.key(), task.as(Task.class)));
        String wholes = unknown.stream().map(task -> task.key().reference()).collect(Collectors.joining(","));
        return search(unit, "part-of", wholes).chain(parts -> addWithParts(unit, parts, tasks));
    }

    private static Uni<List<StoredResource>> search(UnitOfWork unit, String parameter, String value) {
        return unit.search("Task", List.of(new QueryParameter(parameter, value)), Condition.EVERYTHING);
    }

    private static Optional<ResourceKey> keyOf(Reference reference) {
        return reference.hasReference() ? ResourceKey.parse(reference.getReference()) : Optional.empty();
    }
}
