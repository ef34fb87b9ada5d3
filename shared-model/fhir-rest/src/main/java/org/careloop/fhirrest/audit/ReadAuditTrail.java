package org.careloop.fhirrest.audit;

import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.careloop.audittrail.AuditConfig;
import org.careloop.audittrail.AuditCriteria;
import org.careloop.audittrail.AuditRecords;
import org.careloop.audittrail.AuditedRequest;
import org.careloop.audittrail.RecordedAnswer;
import org.careloop.eventflow.EventFlowConfig;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.fhirsearch.QueryParameter;
import org.careloop.fhirstore.ResourceStore;

/** Finds what of the trail a caller may see. */
@Singleton
public class ReadAuditTrail {

    /**
     * One page.
     *
     * @param more whether older ones follow
     */
    record Page(AuditSearch search, List<Entry> entries, OptionalLong total, boolean more) {}

    /** An AuditEvent as FHIR JSON, and where it stands. */
    record Entry(AuditSearch.Place place, String id, Buffer body) {}

    private final AuditRecords records;
    private final AuditEvents events;
    private final AuditConfig config;
    private final ResourceStore store;
    private final String service;

    ReadAuditTrail(
            AuditRecords records, AuditEvents events, AuditConfig config, ResourceStore store, EventFlowConfig flow) {
        this.records = records;
        this.events = events;
        this.config = config;
        this.store = store;
        this.service = flow.service();
    }

    /**
     * Returns the newest of what {@code query} asks for.
     *
     * @param only the patient whose record what is shown must concern; empty for who may see all
     * @param federated whether the gateway asks, which may ask for more
     */
    Uni<Page> search(List<QueryParameter> query, Optional<String> only, boolean federated) {
        Set<String> own = config.ownOrganizations().orElse(Set.of());
        AuditSearch search =
                AuditSearch.parse(query, store.parser(), new AuditSearch.Asker(service, only, own, federated));
        AuditedRequest.current()
                .ifPresent(
                        request -> request.asked(Optional.of("AuditEvent"), QueryParameter.format(search.applied())));
        // The place is not part of what is counted.
        Uni<OptionalLong> total = search.total()
                ? records.count(search.criteria()).map(OptionalLong::of)
                : Uni.createFrom().item(OptionalLong.empty());
        return total.chain(counted -> {
            search.cursor().ifPresent(place -> place.narrow(search.criteria(), service));
            return records.find(search.criteria(), search.count() + 1).map(rows -> page(search, rows, only, counted));
        });
    }

    private Page page(AuditSearch search, List<RecordedAnswer> rows, Optional<String> only, OptionalLong total) {
        List<Entry> entries =
                rows.stream().limit(search.count()).map(row -> entry(row, only)).toList();
        return new Page(search, entries, total, rows.size() > search.count());
    }

    /** Returns the AuditEvent with {@code id} as FHIR JSON; empty when it is not one of this trail, or not open. */
    Uni<Optional<Buffer>> find(String id, Optional<String> only) {
        Optional<Long> seq = AuditIds.seq(service, id);
        if (seq.isEmpty()) {
            return Uni.createFrom().item(Optional.empty());
        }
        AuditCriteria criteria = new AuditCriteria().numbered(List.of(seq.get()));
        only.ifPresent(patient -> criteria.concerning(patient));
        return records.find(criteria, 1)
                .map(rows ->
                        rows.stream().findFirst().map(row -> entry(row, only).body()));
    }

    private Entry entry(RecordedAnswer row, Optional<String> only) {
        AuditedRequest.current().ifPresent(request -> request.shows(only));
        return new Entry(
                new AuditSearch.Place(row.recordedMicros(), service, row.seq()),
                AuditIds.of(service, row.seq()),
                Buffer.buffer(FhirJson.write(events.of(row, only))));
    }
}
