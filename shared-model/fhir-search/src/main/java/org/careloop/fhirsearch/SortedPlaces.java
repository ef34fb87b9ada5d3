package org.careloop.fhirsearch;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.careloop.fhirsearch.SearchRequest.Cursor;
import org.careloop.fhirsearch.SearchRequest.SortKey;
import org.jspecify.annotations.Nullable;

/**
 * Compares the places of matches of several services by what each service sorted them by. Equal ones stay as they came: rows
 * of several services are not numbered together. For one sort, since it keeps what it read.
 */
final class SortedPlaces implements Comparator<Cursor> {

    private final List<SortKey> keys;
    private final List<SortForm> forms;
    private final Map<Cursor, List<@Nullable String>> read = new HashMap<>();

    SortedPlaces(String type, List<SortKey> keys) {
        this.keys = keys;
        this.forms = new ArrayList<>();
        keys.forEach(key -> forms.add(SortForm.of(type, key)));
    }

    @Override
    public int compare(Cursor one, Cursor other) {
        List<@Nullable String> ones = values(one);
        List<@Nullable String> others = values(other);
        for (int i = 0; i < keys.size(); i++) {
            int compared = compare(i, ones.get(i), others.get(i));
            if (compared != 0) {
                return compared;
            }
        }
        return 0;
    }

    /** What has no value comes last in both directions. */
    private int compare(int key, @Nullable String one, @Nullable String other) {
        if (one == null || other == null) {
            return Boolean.compare(one == null, other == null);
        }
        int compared = forms.get(key).compare(one, other);
        return keys.get(key).descending() ? -compared : compared;
    }

    private List<@Nullable String> values(Cursor cursor) {
        return read.computeIfAbsent(
                cursor, place -> SortValues.read(place.sortedBy(), keys.size()).orElseThrow());
    }
}
