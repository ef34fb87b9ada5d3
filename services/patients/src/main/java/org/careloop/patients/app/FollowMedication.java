package org.careloop.patients.app;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import org.careloop.fhirsearch.Condition;
import org.careloop.fhirsearch.QueryParameter;
import org.careloop.fhirstore.InTurn;
import org.careloop.fhirstore.StoredResource;
import org.careloop.fhirstore.UnitOfWork;
import org.careloop.patients.PatientsConfig;
import org.careloop.patients.store.PatientsToCompare;

/** A Medication has changed: whose medicines are to be compared again. Thousands may take it, so that is not done here. */
@Singleton
public class FollowMedication {

    private final PatientsConfig config;
    private final PatientsToCompare waiting;
    private final Clock clock;

    FollowMedication(PatientsConfig config, PatientsToCompare waiting, Clock clock) {
        this.config = config;
        this.waiting = waiting;
        this.clock = clock;
    }

    /**
     * Notes, at the end of {@code unit}, all whose medicines refer to the Medication with this id: {@link WatchMedications} compares them, each in a transaction of
     * their own.
     */
    public Uni<Void> handle(String medicationId, UnitOfWork unit) {
        return InTurn.map(
                        List.of("MedicationRequest", "MedicationStatement"),
                        type -> unit.search(
                                type,
                                List.of(new QueryParameter("medication", "Medication/" + medicationId)),
                                Condition.EVERYTHING))
                .invoke(found -> unit.last("patients to compare for " + medicationId, () -> note(found, unit)))
                .replaceWithVoid();
    }

    /** Of what so many refer to that not all were found, all are noted who were discharged lately. */
    private Uni<Void> note(List<List<StoredResource>> found, UnitOfWork unit) {
        Instant now = clock.instant();
        Instant from = now.minus(config.reconcileWithin());
        return found.stream().anyMatch(each -> each.size() >= MedicinesOfStay.MOST)
                ? waiting.noteAll(from, now, unit)
                : waiting.note(
                        found.stream()
                                .flatMap(List::stream)
                                .flatMap(each -> each.patient().stream())
                                .collect(Collectors.toSet()),
                        from,
                        now,
                        unit);
    }
}
