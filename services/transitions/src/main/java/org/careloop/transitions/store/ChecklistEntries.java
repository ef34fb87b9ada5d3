package org.careloop.transitions.store;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.careloop.fhirstore.UnitOfWork;
import org.careloop.transitions.domain.ChecklistEntry;
import org.careloop.transitions.domain.ChecklistStatus;

/** What people said of the items of checklists. */
@Singleton
public class ChecklistEntries {

    ChecklistEntries() {}

    /** Returns what was said of each of the episodes, oldest first. */
    public Uni<Map<String, List<ChecklistEntry>>> of(Collection<String> episodes, UnitOfWork unit) {
        return unit.sql(
                        "select episode_id, item, status, note, evidence, choice, by_person, qualification, recorded_by, at,"
                                + " basis from checklist_entry where episode_id = any($1) order by id",
                        (Object) episodes.toArray(String[]::new))
                .map(rows -> rows.stream()
                        .collect(Collectors.groupingBy(
                                row -> (String) row[0],
                                Collectors.mapping(ChecklistEntries::entry, Collectors.toList()))));
    }

    /** Adds what was said, under {@code rules}. */
    public Uni<Void> add(String episodeId, ChecklistEntry said, String rules, UnitOfWork unit) {
        return unit.sql(
                        "insert into checklist_entry (episode_id, item, status, note, evidence, choice, by_person,"
                                + " qualification, recorded_by, at, basis, rules)"
                                + " values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
                        episodeId,
                        said.item(),
                        said.status().name(),
                        said.note().orElse(null),
                        String.join("\n", said.evidence()),
                        said.choice().orElse(null),
                        said.by(),
                        said.qualification(),
                        said.recordedBy(),
                        said.at().atOffset(ZoneOffset.UTC),
                        said.basis(),
                        rules)
                .replaceWithVoid();
    }

    private static ChecklistEntry entry(Object[] row) {
        String evidence = (String) row[4];
        return new ChecklistEntry(
                (String) row[1],
                ChecklistStatus.valueOf((String) row[2]),
                Optional.ofNullable((String) row[3]),
                evidence.isEmpty() ? List.of() : List.of(evidence.split("\n")),
                Optional.ofNullable((String) row[5]),
                (String) row[6],
                (String) row[7],
                (String) row[8],
                instant(row[9]),
                (String) row[10]);
    }

    static Instant instant(Object time) {
        return time instanceof Instant instant ? instant : ((OffsetDateTime) time).toInstant();
    }
}
