package org.careloop.fhirsearch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.careloop.fhirsearch.IndexEntries.DateEntry;
import org.careloop.fhirsearch.IndexEntries.NumberEntry;
import org.careloop.fhirsearch.IndexEntries.ReferenceEntry;
import org.careloop.fhirsearch.IndexEntries.StringEntry;
import org.junit.jupiter.api.Test;

/** An update writes no rows of a kind whose digest stays: what differs must differ there. */
class IndexDigestsTest {

    private static final Instant T0 = Instant.EPOCH;
    private static final Instant T1 = T0.plusMillis(1);

    @Test
    void everyPartOfAnEntryCounts() {
        // Given
        List<IndexEntries> all = List.of(
                entries(new ReferenceEntry(1, 2), new StringEntry(1, "ab"), date(1, T0, T1), new NumberEntry(1, 2, 3)),
                entries(new ReferenceEntry(2, 1), new StringEntry(2, "ab"), date(1, T1, T0), new NumberEntry(1, 3, 2)),
                entries(new ReferenceEntry(1, 3), new StringEntry(1, "ba"), date(2, T0, T1), new NumberEntry(2, 2, 3)),
                entries(new ReferenceEntry(0, 2), new StringEntry(1, ""), date(1, T0, T0), new NumberEntry(1, 0.0, 3)),
                entries(
                        new ReferenceEntry(1, 0),
                        new StringEntry(1, "a"),
                        date(1, T1, T1),
                        new NumberEntry(1, -0.0, 3)));
        // Then
        for (int kind = 0; kind < 4; kind++) {
            int of = kind;
            assertThat(all.stream().map(entries -> entries.digests().get(of))).doesNotHaveDuplicates();
        }
    }

    @Test
    void theirOrderDoesNotCount() {
        // Given
        ReferenceEntry one = new ReferenceEntry(1, 2);
        ReferenceEntry other = new ReferenceEntry(3, 4);
        // Then
        assertThat(references(List.of(one, other)).digests())
                .isEqualTo(references(List.of(other, one)).digests());
        assertThat(references(List.of(one)).digests().get(0))
                .isNotEqualTo(references(List.of(one, other)).digests().get(0));
    }

    private static DateEntry date(long parameter, Instant low, Instant high) {
        return new DateEntry(parameter, new DateRange(low, high));
    }

    private static IndexEntries references(List<ReferenceEntry> references) {
        return new IndexEntries(
                Set.of(), new LinkedHashSet<>(references), Set.of(), Set.of(), Set.of(), Set.of(), Optional.empty());
    }

    private static IndexEntries entries(
            ReferenceEntry reference, StringEntry string, DateEntry date, NumberEntry number) {
        return new IndexEntries(
                Set.of(), Set.of(reference), Set.of(string), Set.of(date), Set.of(number), Set.of(), Optional.empty());
    }
}
