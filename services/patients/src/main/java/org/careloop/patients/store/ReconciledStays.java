package org.careloop.patients.store;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.careloop.fhirstore.UnitOfWork;
import org.careloop.patients.PatientsConfig;
import org.careloop.patients.domain.reconciliation.StayPeriod;
import org.jspecify.annotations.Nullable;

/** The stays whose medicines are compared, as their events tell. */
@Singleton
public class ReconciledStays {

    /** The epoch stands for a time that is not told. */
    private static final String KEEP = """
            insert into reconciled_stay as known (encounter_id, patient, phase, started, ended, version)
            values ($1, $2, $3, nullif($4, 'epoch'::timestamptz), nullif($5, 'epoch'::timestamptz), $6)
            on conflict (encounter_id) do update set patient = excluded.patient, phase = excluded.phase,
              started = excluded.started, ended = excluded.ended, version = excluded.version
            where known.version < excluded.version""";

    /** Of one that is not known too, of nobody then: what is told of it late, but is older, must not count. */
    private static final String RETRACT = """
            insert into reconciled_stay as known (encounter_id, patient, phase, version) values ($1, '', 'RETRACTED', $2)
            on conflict (encounter_id) do update set phase = excluded.phase, version = excluded.version
            where known.version < excluded.version""";

    private static final String FIND =
            "select encounter_id, patient, phase, started, ended from reconciled_stay where encounter_id = $1";

    private static final String DISCHARGED = """
            select encounter_id, patient, phase, started, ended from reconciled_stay
            where patient = $1 and phase = 'DISCHARGED' and ended >= $2 and ended <= $3 order by ended desc, encounter_id""";

    private final ZoneId zone;

    ReconciledStays(PatientsConfig config) {
        this.zone = config.timeZone();
    }

    /** Keeps what {@code version} of an Encounter tells, unless a later one is known. */
    public Uni<Void> keep(StayPeriod stay, long version, UnitOfWork unit) {
        return unit.sql(
                        KEEP,
                        stay.encounterId(),
                        stay.patientId(),
                        stay.phase().name(),
                        time(stay.started()),
                        time(stay.ended()),
                        version)
                .replaceWithVoid();
    }

    /** Keeps that {@code version} of an Encounter is of no stay any more. */
    public Uni<Void> retract(String encounterId, long version, UnitOfWork unit) {
        return unit.sql(RETRACT, encounterId, version).replaceWithVoid();
    }

    /** Returns the stay of the Encounter with this id; empty when none is known, or only that it is none. */
    public Uni<Optional<StayPeriod>> find(String encounterId, UnitOfWork unit) {
        return unit.sql(FIND, encounterId)
                .map(rows -> rows.stream()
                        .map(this::stay)
                        .filter(stay -> !stay.patientId().isEmpty())
                        .findFirst());
    }

    /** Returns the stays of a patient that ended with a discharge in this time, the last one first. */
    public Uni<List<StayPeriod>> discharged(String patientId, Instant from, Instant until, UnitOfWork unit) {
        return unit.sql(DISCHARGED, patientId, from.atOffset(ZoneOffset.UTC), until.atOffset(ZoneOffset.UTC))
                .map(rows -> rows.stream().map(this::stay).toList());
    }

    private StayPeriod stay(@Nullable Object[] row) {
        return new StayPeriod(
                String.valueOf(row[0]),
                String.valueOf(row[1]),
                StayPeriod.Phase.valueOf(String.valueOf(row[2])),
                Optional.ofNullable((OffsetDateTime) row[3]).map(OffsetDateTime::toInstant),
                Optional.ofNullable((OffsetDateTime) row[4]).map(OffsetDateTime::toInstant),
                zone);
    }

    private static OffsetDateTime time(Optional<Instant> time) {
        return time.orElse(Instant.EPOCH).atOffset(ZoneOffset.UTC);
    }
}
