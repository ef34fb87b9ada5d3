package org.careloop.fhirstore.internal;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import org.careloop.fhirsearch.IndexEntries;

/** Index entries as the arrays that a write statement unnests: any number of rows, one prepared statement. */
final class IndexArrays {

    private IndexArrays() {}

    /** Sets parameters 7 and 9 to 18 of the write statements. */
    static void fill(Object[] parameters, IndexEntries entries) {
        parameters[6] = entries.tokens().toArray(Long[]::new);
        List<IndexEntries.ReferenceEntry> references = List.copyOf(entries.references());
        parameters[8] =
                references.stream().map(IndexEntries.ReferenceEntry::parameter).toArray(Long[]::new);
        parameters[9] =
                references.stream().map(IndexEntries.ReferenceEntry::target).toArray(Long[]::new);
        List<IndexEntries.StringEntry> strings = List.copyOf(entries.strings());
        parameters[10] =
                strings.stream().map(IndexEntries.StringEntry::parameter).toArray(Long[]::new);
        parameters[11] = strings.stream().map(IndexEntries.StringEntry::folded).toArray(String[]::new);
        List<IndexEntries.DateEntry> dates = List.copyOf(entries.dates());
        parameters[12] = dates.stream().map(IndexEntries.DateEntry::parameter).toArray(Long[]::new);
        parameters[13] = dates.stream().map(date -> time(date.range().low())).toArray(OffsetDateTime[]::new);
        parameters[14] = dates.stream().map(date -> time(date.range().high())).toArray(OffsetDateTime[]::new);
        List<IndexEntries.NumberEntry> numbers = List.copyOf(entries.numbers());
        parameters[15] =
                numbers.stream().map(IndexEntries.NumberEntry::parameter).toArray(Long[]::new);
        parameters[16] = numbers.stream().map(IndexEntries.NumberEntry::low).toArray(Double[]::new);
        parameters[17] = numbers.stream().map(IndexEntries.NumberEntry::high).toArray(Double[]::new);
    }

    private static OffsetDateTime time(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
