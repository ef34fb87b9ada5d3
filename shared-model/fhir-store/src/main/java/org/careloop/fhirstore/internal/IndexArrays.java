package org.careloop.fhirstore.internal;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.careloop.fhirsearch.IndexEntries;

/** Index entries as the arrays that the functions for writes take: any number of rows, one prepared statement. */
final class IndexArrays {

    private IndexArrays() {}

    /** How many parameters {@link #fill} sets. */
    static final int COUNT = 14;

    /** Sets the parameters from {@code first} on that the functions for writes have in common: version and rows of the index. */
    static void fill(Object[] parameters, int first, IndexEntries entries) {
        List<Object> rows = List.of(
                (short) IndexEntries.VERSION,
                entries.tokens().toArray(Long[]::new),
                entries.combined().toArray(Long[]::new),
                entries.digests().toArray(Long[]::new),
                column(entries.references(), IndexEntries.ReferenceEntry::parameter, Long[]::new),
                column(entries.references(), IndexEntries.ReferenceEntry::target, Long[]::new),
                column(entries.strings(), IndexEntries.StringEntry::parameter, Long[]::new),
                column(entries.strings(), IndexEntries.StringEntry::folded, String[]::new),
                column(entries.dates(), IndexEntries.DateEntry::parameter, Long[]::new),
                column(entries.dates(), date -> time(date.range().low()), OffsetDateTime[]::new),
                column(entries.dates(), date -> time(date.range().high()), OffsetDateTime[]::new),
                column(entries.numbers(), IndexEntries.NumberEntry::parameter, Long[]::new),
                column(entries.numbers(), IndexEntries.NumberEntry::low, Double[]::new),
                column(entries.numbers(), IndexEntries.NumberEntry::high, Double[]::new));
        for (int i = 0; i < COUNT; i++) {
            parameters[first + i] = rows.get(i);
        }
    }

    private static <E, V> V[] column(Collection<E> entries, Function<E, V> value, IntFunction<V[]> array) {
        return entries.stream().map(value).toArray(array);
    }

    private static OffsetDateTime time(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
