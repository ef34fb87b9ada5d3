package org.careloop.fhirstore;

import java.util.List;
import java.util.Optional;
import org.careloop.fhirsearch.HistoryRequest;

/**
 * One page of a history, newest first.
 *
 * @param next where the next page starts; absent on the last one
 */
public record HistoryPage(List<StoredResource> versions, Optional<HistoryRequest.Cursor> next) {}
