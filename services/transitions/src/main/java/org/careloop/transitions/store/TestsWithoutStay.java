package org.careloop.transitions.store;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.ZoneOffset;
import org.careloop.fhirstore.UnitOfWork;
import org.hl7.fhir.r4.model.Resource;

/**
 * Tests that name no stay, as they were told last. They are of whatever stay the patient was in then, whenever that comes to be known,
 * so they are kept for a while.
 */
@Singleton
public class TestsWithoutStay {

    /** Of one person: a stay and what was measured in it follow a merge, and its end, each in their own time. */
    private static final String OF_STAY = """
            with whose as (
              select coalesce((select m.replaced from moved_reference m
                  where m.type = 'Encounter' and m.id = $1::text and '/subject' = any(m.pointers) limit 1), t.patient_id) as id,
                t.admitted, t.discharged
              from transition t where t.encounter_id = $1::text),
            person as (
              select coalesce(r.survivor, w.id) as id, w.admitted, w.discharged
              from whose w left join replaced_record r on r.replaced = w.id)
            select f.reference, f.body from person p join test_without_stay f on f.patient_id in (
              select p.id union all select r.replaced from replaced_record r where r.survivor = p.id)
            where f.at >= p.admitted and (p.discharged is null or f.at <= p.discharged)
              and not exists (select from stay_fact s where s.encounter_id = $1::text and s.reference = f.reference)""";

    TestsWithoutStay() {}

    /**
     * Until {@code unit} ends, it alone keeps tests of the person who {@code patient} (an id) is, or looks at them: a test and its stay
     * that are told at once would not see each other.
     */
    public Uni<Void> aloneOf(String patient, UnitOfWork unit) {
        return unit.sql(
                        "select coalesce((select survivor from replaced_record where replaced = $1::text), $1::text)",
                        patient)
                .chain(rows -> unit.serialize("Patient", "tests of " + rows.getFirst()[0]));
    }

    /** Keeps {@code told}, a test of {@code patient} (an id) that names no stay, in the place of what it told before. */
    public Uni<Void> keep(Resource told, String patient, Instant at, UnitOfWork unit) {
        return unit.sql(
                        "insert into test_without_stay (reference, patient_id, at, body, told) values ($1, $2, $3, $4, now())"
                                + " on conflict (reference) do update set patient_id = excluded.patient_id, at = excluded.at,"
                                + " body = excluded.body",
                        StayFact.referenceTo(told),
                        patient,
                        at.atOffset(ZoneOffset.UTC),
                        StayFact.bare(told))
                .replaceWithVoid();
    }

    /** Forgets {@code reference}, which is gone, or names a stay by now. */
    public Uni<Void> forget(String reference, UnitOfWork unit) {
        return unit.sql("delete from test_without_stay where reference = $1", reference)
                .replaceWithVoid();
    }

    /** Tells whether there are tests in the time of the stay that are not known to be of it. */
    public Uni<Boolean> hasOf(String encounterId, UnitOfWork unit) {
        return unit.sql("select exists (" + OF_STAY + ")", encounterId).map(rows -> (Boolean) rows.getFirst()[0]);
    }

    /** Lets the tests in the time of the stay be of it. */
    public Uni<Void> adopt(String encounterId, UnitOfWork unit) {
        return unit.sql(
                        "insert into stay_fact (encounter_id, reference, body) select $1::text, found.reference, found.body"
                                + " from (" + OF_STAY + ") found on conflict do nothing",
                        encounterId)
                .replaceWithVoid();
    }
}
