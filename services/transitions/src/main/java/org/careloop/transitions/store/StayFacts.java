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

    /** Returns the ids of the encounters that {@code reference} told of. */
    public Uni<List<String>> stays(String reference, UnitOfWork unit) {
        return unit.sql("select encounter_id from stay_fact where reference = $1", reference)
                .map(rows -> rows.stream().map(row -> (String) row[0]).toList());
    }

    /** Forgets what {@code reference} told of other stays than {@code but}. */
    public Uni<Void> forget(String reference, List<String> but, UnitOfWork unit) {
        return unit.sql(
                        "delete from stay_fact where reference = $1 and not encounter_id = any($2)",
                        reference,
                        but.toArray(String[]::new))
                .replaceWithVoid();
    }

    /**
     * Until {@code unit} ends, it alone keeps what names the encounter, or looks at what does: what is told while the stay comes to be
     * would be seen by neither.
     */
    public Uni<Void> aloneOf(String encounterId, UnitOfWork unit) {
        return unit.serialize("Encounter", "facts of " + encounterId);
    }

    /** Notes what is known of the encounter as waiting for it, unless it is there. */
    public Uni<Void> await(String encounterId, UnitOfWork unit) {
        return unit.sql(
                        "update stay_fact set awaits_stay = now() where encounter_id = $1 and awaits_stay is null"
                                + " and not exists (select from resource r where r.type = 'Encounter' and r.id = $1"
                                + " and not r.deleted)",
                        encounterId)
                .replaceWithVoid();
    }

    /** Tells whether something waits for the encounter. */
    public Uni<Boolean> isAwaited(String encounterId, UnitOfWork unit) {
        return unit.sql(
                        "select exists (select from stay_fact where encounter_id = $1 and awaits_stay is not null)",
                        encounterId)
                .map(rows -> (Boolean) rows.getFirst()[0]);
    }

    /** Notes that the encounter is there. */
    public Uni<Void> placed(String encounterId, UnitOfWork unit) {
        return unit.sql(
                        "update stay_fact set awaits_stay = null where encounter_id = $1 and awaits_stay is not null",
                        encounterId)
                .replaceWithVoid();
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
