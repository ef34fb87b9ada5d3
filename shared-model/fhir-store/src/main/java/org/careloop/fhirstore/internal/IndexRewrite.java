package org.careloop.fhirstore.internal;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.fhirsearch.CombinedIndex;
import org.careloop.fhirsearch.IndexEntries;

/**
 * What the index of a stored resource has to be, read out of its body.
 *
 * @param parameters of {@link #CALL}; empty when the body cannot be read
 * @param fault why it cannot
 */
public record IndexRewrite(Locked locked, Optional<List<Object>> parameters, Optional<String> fault) {

    private static final int INDEX = 2;
    private static final int PARAMETERS = INDEX + IndexArrays.COUNT;

    /** Writes the difference to the index as it is. */
    public static final String CALL = IntStream.rangeClosed(1, PARAMETERS)
            .mapToObj(number -> "$" + number)
            .collect(Collectors.joining(", ", "select reindex_resource(", ")"));

    /** A row that the transaction has locked; {@code key} is {@code Type/id}. */
    public record Locked(long row, String key, byte[] body) {}

    /** Reads each of {@code rows}. Never fails: one that cannot be read must not keep the others from being found. */
    public static List<IndexRewrite> of(List<Locked> rows, List<CombinedIndex> combined) {
        return rows.stream().map(row -> of(row, combined)).toList();
    }

    private static IndexRewrite of(Locked row, List<CombinedIndex> combined) {
        try {
            IndexEntries entries = IndexEntries.of(FhirJson.parse(row.body()), combined);
            Object[] parameters = new Object[PARAMETERS];
            parameters[0] = row.row();
            parameters[1] = entries.patient().orElse(null);
            IndexArrays.fill(parameters, INDEX, entries);
            return new IndexRewrite(row, Optional.of(Arrays.asList(parameters)), Optional.empty());
        } catch (RuntimeException e) {
            return new IndexRewrite(
                    row, Optional.empty(), Optional.of(e.getClass().getSimpleName()));
        }
    }
}
