package org.careloop.patients.app;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.fhirmodel.ResourceKey;
import org.careloop.fhirsearch.Compartment;
import org.careloop.fhirsearch.Condition;
import org.careloop.fhirsearch.QueryParameter;
import org.careloop.fhirstore.HeavyWork;
import org.careloop.fhirstore.InTurn;
import org.careloop.fhirstore.StoredResource;
import org.careloop.fhirstore.UnitOfWork;
import org.careloop.patients.domain.reconciliation.MedicineFacts;
import org.careloop.patients.domain.reconciliation.StayPeriod;
import org.hl7.fhir.r4.model.AllergyIntolerance;
import org.hl7.fhir.r4.model.ListResource;
import org.hl7.fhir.r4.model.Medication;
import org.hl7.fhir.r4.model.MedicationRequest;
import org.hl7.fhir.r4.model.MedicationStatement;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Resource;
import org.hl7.fhir.r4.model.Type;

/** Reads what a comparison of the medicines of a stay rests on, all of it: what is shown of it is decided later. */
@Singleton
class MedicinesOfStay {

    /** As many as a unit finds; a list that is cut would tell that something was omitted. */
    static final int MOST = 1000;

    private static final int MOST_OF_A_QUERY = 200;
    private static final Duration ABOUT = Duration.ofDays(2);

    MedicinesOfStay() {}

    /** Returns the facts; fails with {@link ProblemCode#TOO_COSTLY} where there are too many. */
    Uni<MedicineFacts> read(StayPeriod stay, UnitOfWork unit) {
        return all("List", List.of("patient=" + stay.patientId() + "&encounter=" + stay.reference()), stay, unit)
                .chain(lists -> withLists(stay, as(ListResource.class, lists), unit));
    }

    private Uni<MedicineFacts> withLists(StayPeriod stay, List<ListResource> lists, UnitOfWork unit) {
        Set<ResourceKey> named = lists.stream()
                .flatMap(list -> list.getEntry().stream())
                .flatMap(entry -> key(entry.getItem()).stream())
                .collect(Collectors.toCollection(LinkedHashSet::new));
        return all(
                        "MedicationRequest",
                        queries(stay, "encounter", "active,on-hold,unknown", named, "MedicationRequest"),
                        stay,
                        unit)
                .chain(requests -> all(
                                "MedicationStatement",
                                queries(
                                        stay,
                                        "context",
                                        "active,intended,on-hold,not-taken,unknown",
                                        named,
                                        "MedicationStatement"),
                                stay,
                                unit)
                        .chain(statements -> all(
                                        "AllergyIntolerance", List.of("patient=" + stay.patientId()), stay, unit)
                                .chain(allergies -> medications(named, requests, statements, unit)
                                        .map(medications -> new MedicineFacts(
                                                as(MedicationRequest.class, requests),
                                                as(MedicationStatement.class, statements),
                                                lists,
                                                as(AllergyIntolerance.class, allergies),
                                                medications)))));
    }

    /** What the stay names, what goes on, what ended since the admission, what is dated in the stay, and what a List names. */
    private static List<String> queries(
            StayPeriod stay, String encounter, String goingOn, Set<ResourceKey> named, String type) {
        String patient = "patient=" + stay.patientId();
        List<String> queries = new ArrayList<>();
        queries.add(patient + "&" + encounter + "=" + stay.reference());
        queries.add(patient + "&status=" + goingOn);
        stay.started().ifPresent(start -> {
            queries.add(patient + "&status=stopped,completed&_lastUpdated=ge" + start);
            if (type.equals("MedicationRequest")) {
                String until = stay.ended()
                        .map(end -> "&authoredon=le" + end.plus(ABOUT))
                        .orElse("");
                queries.add(patient + "&authoredon=ge" + start.minus(ABOUT) + until);
            }
        });
        byId(named.stream().filter(key -> key.type().equals(type))).forEach(ids -> queries.add(patient + "&" + ids));
        return queries;
    }

    private static List<String> byId(Stream<ResourceKey> keys) {
        List<String> ids = keys.map(key -> key.id().value()).distinct().toList();
        List<String> queries = new ArrayList<>();
        for (int at = 0; at < ids.size(); at += MOST_OF_A_QUERY) {
            queries.add("_id=" + String.join(",", ids.subList(at, Math.min(ids.size(), at + MOST_OF_A_QUERY))));
        }
        return queries;
    }

    private Uni<List<Resource>> all(String type, List<String> queries, StayPeriod stay, UnitOfWork unit) {
        Map<ResourceKey, StoredResource> found = new LinkedHashMap<>();
        return InTurn.each(
                        queries,
                        query -> find(type, query, unit)
                                .invoke(page -> page.forEach(each -> found.putIfAbsent(each.key(), each))))
                .chain(ignored -> parsed(Resource.class, found.values()))
                .map(resources -> resources.stream()
                        .filter(each -> Compartment.patientOf(each).equals(Optional.of(stay.patientId())))
                        .toList());
    }

    /** What is stored of somebody may be much to parse. */
    private static <T extends Resource> Uni<List<T>> parsed(Class<T> type, Collection<StoredResource> found) {
        return HeavyWork.run(
                found.stream().mapToInt(each -> each.body().length()).sum(),
                () -> found.stream().map(each -> each.as(type)).toList());
    }

    private static Uni<List<StoredResource>> find(String type, String query, UnitOfWork unit) {
        return unit.search(type, QueryParameter.parse(query), Condition.EVERYTHING)
                .invoke(page -> {
                    if (page.size() >= MOST) {
                        throw new FhirProblem(
                                ProblemCode.TOO_COSTLY,
                                type + ": too many of one patient to compare (expected: fewer than " + MOST + ")");
                    }
                });
    }

    private Uni<Map<String, Medication>> medications(
            Set<ResourceKey> named, List<Resource> requests, List<Resource> statements, UnitOfWork unit) {
        Stream<ResourceKey> referred =
                Stream.concat(requests.stream(), statements.stream()).flatMap(each -> key(medication(each)).stream());
        List<String> queries = byId(
                Stream.concat(named.stream(), referred).filter(key -> key.type().equals("Medication")));
        List<StoredResource> found = new ArrayList<>();
        return InTurn.each(queries, query -> find("Medication", query, unit).invoke(found::addAll))
                .chain(ignored -> parsed(Medication.class, found))
                .map(medications -> medications.stream()
                        .collect(Collectors.toMap(
                                each -> "Medication/" + each.getIdElement().getIdPart(),
                                each -> each,
                                (one, other) -> one)));
    }

    private static Type medication(Resource resource) {
        return resource instanceof MedicationRequest request
                ? request.getMedication()
                : ((MedicationStatement) resource).getMedication();
    }

    private static Optional<ResourceKey> key(Type type) {
        return type instanceof Reference reference
                ? ResourceKey.parse(String.valueOf(reference.getReference()))
                : Optional.empty();
    }

    private static <T extends Resource> List<T> as(Class<T> type, List<Resource> resources) {
        return resources.stream().map(type::cast).toList();
    }
}
