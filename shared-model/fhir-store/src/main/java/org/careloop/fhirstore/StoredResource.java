package org.careloop.fhirstore;

import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.util.Optional;
import org.careloop.fhirmodel.ETag;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.fhirmodel.ResourceKey;
import org.careloop.fhirsearch.HistoryRequest;
import org.careloop.fhirsearch.SearchRequest;
import org.hl7.fhir.r4.model.Resource;

/**
 * One version of a resource as it is stored: bytes that are sent as they are.
 *
 * @param row number of the resource in this store, later ones are higher; 0 for a superseded version that was read alone
 * @param author id of the Organization that made the resource; absent for the platform's own and superseded versions
 * @param patient id of the patient whose record the version is in
 * @param sortedBy what a search sorted it by, see {@link org.careloop.fhirsearch.SortValues}; empty otherwise
 */
public record StoredResource(
        ResourceKey key,
        long version,
        Instant changed,
        boolean deleted,
        Buffer body,
        long row,
        Optional<String> author,
        Optional<String> patient,
        String sortedBy) {

    public StoredResource(
            ResourceKey key,
            long version,
            Instant changed,
            boolean deleted,
            Buffer body,
            long row,
            Optional<String> author,
            Optional<String> patient) {
        this(key, version, changed, deleted, body, row, author, patient, "");
    }

    /** The version as HTTP carries it. */
    public ETag eTag() {
        return new ETag(version);
    }

    /** Fails with {@link ProblemCode#VERSION_CONFLICT} when {@code ifMatch} names another version. */
    public void requireCurrent(Optional<ETag> ifMatch) {
        if (ifMatch.isPresent() && ifMatch.get().version() != version) {
            throw new FhirProblem(ProblemCode.VERSION_CONFLICT, "If-Match: stale (expected: " + eTag() + ")");
        }
    }

    /** Where a page starts that follows this resource. */
    public SearchRequest.Cursor cursor() {
        return new SearchRequest.Cursor(changedMicros(), row, sortedBy);
    }

    /** Where a page of a history starts that follows this version. */
    public HistoryRequest.Cursor place() {
        return new HistoryRequest.Cursor(changedMicros(), row, version);
    }

    private long changedMicros() {
        return changed.getEpochSecond() * 1_000_000 + changed.getNano() / 1_000;
    }

    /** Returns the same version with other bytes to show. */
    public StoredResource withBody(Buffer other) {
        return new StoredResource(key, version, changed, deleted, other, row, author, patient, sortedBy);
    }

    /** Parses the body; costs as much as a small request, so only rules do it. */
    public <T extends Resource> T as(Class<T> type) {
        return FhirJson.parse(type, body.getBytes());
    }
}
