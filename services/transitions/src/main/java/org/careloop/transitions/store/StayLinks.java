package org.careloop.transitions.store;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.careloop.fhirstore.UnitOfWork;
import org.careloop.transitions.domain.IndexStay;
import org.careloop.transitions.domain.StayRelation;

/** What each stay follows from, and whose it was when that was found out: a row for each stay that is known. */
@Singleton
public class StayLinks {

    private static final String COLUMNS =
            "encounter_id, index_encounter_id, first_encounter_id, relation, first_relation, days, rules";

    StayLinks() {}

    /** Returns what the stay follows from, as was found out last. */
    public Uni<Optional<IndexStay>> of(String encounterId, UnitOfWork unit) {
        return unit.sql("select " + COLUMNS + " from stay_link where encounter_id = $1", encounterId)
                .map(rows -> rows.stream().findFirst().flatMap(StayLinks::index));
    }

    /** Returns what was found out of all stays of the patient, by the id of the encounter. */
    public Uni<Map<String, Optional<IndexStay>>> ofPatient(String patientId, UnitOfWork unit) {
        return unit.sql("select " + COLUMNS + " from stay_link where patient_id = $1", patientId)
                .map(StayLinks::byEncounter);
    }

    /** Returns the id of the patient whose the stay was when it was looked at last. */
    public Uni<Optional<String>> patientOf(String encounterId, UnitOfWork unit) {
        return unit.sql("select patient_id from stay_link where encounter_id = $1", encounterId)
                .map(rows -> rows.stream().findFirst().map(row -> (String) row[0]));
    }

    /** Keeps what the stay follows from. */
    public Uni<Void> keep(String encounterId, String patientId, Optional<IndexStay> index, UnitOfWork unit) {
        return unit.sql(
                        "insert into stay_link (patient_id, " + COLUMNS + ") values ($1, $2, $3, $4, $5, $6, $7, $8)"
                                + " on conflict (encounter_id) do update set patient_id = excluded.patient_id,"
                                + " index_encounter_id = excluded.index_encounter_id,"
                                + " first_encounter_id = excluded.first_encounter_id, relation = excluded.relation,"
                                + " first_relation = excluded.first_relation, days = excluded.days, rules = excluded.rules",
                        patientId,
                        encounterId,
                        index.map(IndexStay::encounterId).orElse(null),
                        index.map(IndexStay::firstId).orElse(null),
                        index.map(known -> known.relation().name()).orElse(null),
                        index.flatMap(IndexStay::firstRelation).map(Enum::name).orElse(null),
                        index.map(IndexStay::days).orElse(null),
                        index.map(IndexStay::rules).orElse(null))
                .replaceWithVoid();
    }

    /** Forgets the stay, unless it is another patient's by now. */
    public Uni<Void> forget(String encounterId, String patientId, UnitOfWork unit) {
        return unit.sql("delete from stay_link where encounter_id = $1 and patient_id = $2", encounterId, patientId)
                .replaceWithVoid();
    }

    private static Map<String, Optional<IndexStay>> byEncounter(List<Object[]> rows) {
        Map<String, Optional<IndexStay>> found = new HashMap<>();
        rows.forEach(row -> found.put((String) row[0], index(row)));
        return found;
    }

    private static Optional<IndexStay> index(Object[] row) {
        return row[1] == null
                ? Optional.empty()
                : Optional.of(new IndexStay(
                        (String) row[1],
                        (String) row[2],
                        StayRelation.valueOf((String) row[3]),
                        Optional.ofNullable((String) row[4]).map(StayRelation::valueOf),
                        ((Number) row[5]).intValue(),
                        (String) row[6]));
    }
}
