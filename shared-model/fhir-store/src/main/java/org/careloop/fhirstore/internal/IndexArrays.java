package org.careloop.fhirstore.internal;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.careloop.fhirsearch.IndexEntries;

/** Index entries as the arrays that the functions for writes take: any number of rows, one prepared statement. */
final class IndexArrays {

    private IndexArrays() {}

    /** Sets parameters 8 to 20 of the write functions. */
    static void fill(Object[] parameters, IndexEntries entries) {
        parameters[7] = entries.tokens().toArray(Long[]::new);
        parameters[8] = entries.combined().toArray(Long[]::new);
        parameters[9] = entries.digests().toArray(Long[]::new);
        parameters[10] = column(entries.references(), IndexEntries.ReferenceEntry::parameter, Long[]::new);
        parameters[11] = column(entries.references(), IndexEntries.ReferenceEntry::target, Long[]::new);
        parameters[12] = column(entries.strings(), IndexEntries.StringEntry::parameter, Long[]::new);
        parameters[13] = column(entries.strings(), IndexEntries.StringEntry::folded, String[]::new);
        parameters[14] = column(entries.dates(), IndexEntries.DateEntry::parameter, Long[]::new);
        parameters[15] = column(entries.dates(), date -> time(date.range().low()), OffsetDateTime[]::new);
        parameters[16] = column(entries.dates(), date -> time(date.range().high()), OffsetDateTime[]::new);
        parameters[17] = column(entries.numbers(), IndexEntries.NumberEntry::parameter, Long[]::new);
        parameters[18] = column(entries.numbers(), IndexEntries.NumberEntry::low, Double[]::new);
        parameters[19] = column(entries.numbers(), IndexEntries.NumberEntry::high, Double[]::new);
    }

    private static <E, V> V[] column(Collection<E> entries, Function<E, V> value, IntFunction<V[]> array) {
        return entries.stream().map(value).toArray(array);
    }

    private static OffsetDateTime time(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
