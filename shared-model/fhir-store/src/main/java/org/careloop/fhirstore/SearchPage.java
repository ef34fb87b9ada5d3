package org.careloop.fhirstore;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.careloop.fhirsearch.SearchRequest;

/**
 * One page of a search.
 *
 * @param next where the next page starts; absent on the last one
 */
public record SearchPage(
        List<StoredResource> matches,
        List<StoredResource> included,
        OptionalLong total,
        Optional<SearchRequest.Cursor> next) {}
