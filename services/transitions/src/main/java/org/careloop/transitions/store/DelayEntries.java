package org.careloop.transitions.store;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.careloop.fhirstore.UnitOfWork;
import org.careloop.transitions.domain.DelayEntry;

/** What people said of delays of stays. */
@Singleton
public class DelayEntries {

    DelayEntries() {}

    /** Returns what was said of each of the encounters, oldest first. */
    public Uni<Map<String, List<DelayEntry>>> of(Collection<String> encounters, UnitOfWork unit) {
        return unit.sql(
                        "select encounter_id, cause, reason, attribution, starts, ends, note, by_person, recorded_by, at,"
                                + " withdrawn from delay_entry where encounter_id = any($1) order by id",
                        (Object) encounters.toArray(String[]::new))
                .map(rows -> rows.stream()
                        .collect(Collectors.groupingBy(
                                row -> (String) row[0], Collectors.mapping(DelayEntries::entry, Collectors.toList()))));
    }

    /** Adds what was said, under {@code rules}. */
    public Uni<Void> add(String encounterId, DelayEntry said, String rules, UnitOfWork unit) {
        return unit.sql(
                        "insert into delay_entry (encounter_id, cause, reason, attribution, starts, ends, note, by_person,"
                                + " recorded_by, at, withdrawn, rules)"
                                + " values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
                        encounterId,
                        said.cause(),
                        said.reason(),
                        said.attribution(),
                        said.start().atOffset(ZoneOffset.UTC),
                        said.end().map(end -> end.atOffset(ZoneOffset.UTC)).orElse(null),
                        said.note().orElse(null),
                        said.by(),
                        said.recordedBy(),
                        said.at().atOffset(ZoneOffset.UTC),
                        said.withdrawn(),
                        rules)
                .replaceWithVoid();
    }

    private static DelayEntry entry(Object[] row) {
        Optional<Instant> end = Optional.ofNullable(row[5]).map(ChecklistEntries::instant);
        return new DelayEntry(
                (String) row[1],
                (String) row[2],
                (String) row[3],
                ChecklistEntries.instant(row[4]),
                end,
                Optional.ofNullable((String) row[6]),
                (String) row[7],
                (String) row[8],
                ChecklistEntries.instant(row[9]),
                (Boolean) row[10]);
    }
}
