package org.careloop.transitions.store;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.List;
import org.careloop.fhirstore.HeavyWork;
import org.careloop.fhirstore.InTurn;
import org.careloop.fhirstore.UnitOfWork;
import org.careloop.transitions.domain.SnapshotMerge.Details;
import org.hl7.fhir.r4.model.Resource;

/** What risk scores of stays rest on, as it was told last. */
@Singleton
public class StayFacts {

    StayFacts() {}

    /** Returns what is known of the encounter, of {@code type}. */
    public <T extends Resource> Uni<List<T>> of(String encounterId, Class<T> type, UnitOfWork unit) {
        return unit.session()
                .createSelectionQuery(
                        "from StayFact where encounterId = :encounter and reference like :type order by reference",
                        StayFact.class)
                .setParameter("encounter", encounterId)
                .setParameter("type", type.getSimpleName() + "/%")
                .getResultList()
                .chain(rows -> HeavyWork.run(
                        rows.stream().mapToInt(StayFact::size).sum(),
                        () -> rows.stream()
                                .map(row -> type.cast(row.resource()))
                                .toList()));
    }

    /** Whether {@code told} is known as it is. */
    public Uni<Boolean> knows(String encounterId, Resource told, UnitOfWork unit) {
        return unit.session()
                .find(StayFact.class, new StayFact.Key(encounterId, StayFact.referenceTo(told)))
                .map(known -> known != null && known.tells(told));
    }

    /** Forgets what {@code reference} told of other stays than {@code but}; returns the ids of their encounters. */
    public Uni<List<String>> forget(String reference, List<String> but, UnitOfWork unit) {
        return unit.sql(
                        "delete from stay_fact where reference = $1 and not encounter_id = any($2) returning encounter_id",
                        reference,
                        but.toArray(String[]::new))
                .map(rows -> rows.stream().map(row -> (String) row[0]).toList());
    }

    /** Keeps {@code told}, in the place of what was told of the same before unless that is newer. */
    public Uni<Void> keep(String encounterId, List<? extends Resource> told, Details details, UnitOfWork unit) {
        String same = details == Details.REPLACE ? "do update set body = excluded.body" : "do nothing";
        // The same may be told by a message and by its event at once.
        return InTurn.each(
                told,
                resource -> unit.sql(
                        "insert into stay_fact (encounter_id, reference, body) values ($1, $2, $3)"
                                + " on conflict (encounter_id, reference) " + same,
                        encounterId,
                        StayFact.referenceTo(resource),
                        StayFact.bare(resource)));
    }
}
