package org.careloop.gateway.app;

import java.util.List;
import java.util.Optional;
import org.careloop.fhirmodel.FhirId;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.fhirmodel.ResourceKey;
import org.careloop.fhirsearch.QueryParameter;
import org.hl7.fhir.r4.model.Bundle.BundleEntryComponent;
import org.hl7.fhir.r4.model.Bundle.HTTPVerb;
import org.hl7.fhir.r4.model.Resource;

/**
 * One entry of a transaction, as its request line tells.
 *
 * @param place in the Bundle
 * @param type of the resource
 * @param id in the URL; absent for a create and for conditional entries
 * @param criteria of a conditional entry
 */
record TransactionEntry(
        int place, BundleEntryComponent entry, String type, Optional<String> id, Optional<String> criteria) {

    /** Reads the request of {@code entry}; fails with {@link ProblemCode#INVALID_RESOURCE} and the place. */
    static TransactionEntry of(int place, BundleEntryComponent entry) {
        String path = "Bundle.entry[" + place + "]";
        HTTPVerb verb = entry.getRequest().getMethod();
        String url = entry.getRequest().getUrl();
        if (verb == null || url == null || url.isEmpty()) {
            throw wrong(path + ".request", "method or url missing (expected: both)");
        }
        if (verb != HTTPVerb.POST && verb != HTTPVerb.PUT && verb != HTTPVerb.PATCH && verb != HTTPVerb.DELETE) {
            throw wrong(
                    path + ".request.method",
                    "not supported in a transaction (expected: GET, HEAD, POST, PUT, PATCH or DELETE)");
        }
        int query = url.indexOf('?');
        String[] parts = (query < 0 ? url : url.substring(0, query)).split("/", -1);
        String type = parts[0];
        Optional<Resource> resource = Optional.ofNullable(entry.getResource());
        if ((verb == HTTPVerb.POST || verb == HTTPVerb.PUT)
                && !resource.map(Resource::fhirType).equals(Optional.of(type))) {
            throw wrong(path + ".request.url", "not the type of the resource (expected: equal)");
        }
        boolean hasId = parts.length == 2 && query < 0;
        if (verb == HTTPVerb.POST ? parts.length != 1 || query >= 0 : !hasId && (query < 0 || parts.length != 1)) {
            throw wrong(
                    path + ".request.url",
                    "not understood (expected: " + (verb == HTTPVerb.POST ? "Type" : "Type/id or Type?criteria") + ")");
        }
        Optional<String> criteria = verb == HTTPVerb.POST
                ? Optional.ofNullable(entry.getRequest().getIfNoneExist())
                : query < 0 ? Optional.empty() : Optional.of(url.substring(query + 1));
        return new TransactionEntry(place, entry, type, hasId ? Optional.of(parts[1]) : Optional.empty(), criteria);
    }

    /** Tells whether {@code entry} only reads; what it asks for is read as in a batch. */
    static boolean reads(BundleEntryComponent entry) {
        HTTPVerb verb = entry.getRequest().getMethod();
        return verb == HTTPVerb.GET || verb == HTTPVerb.HEAD;
    }

    /** Returns this entry with a resource of its own. */
    TransactionEntry copy() {
        return new TransactionEntry(place, entry.copy(), type, id, criteria);
    }

    /** The filters of a conditional entry. */
    List<QueryParameter> filters() {
        return QueryParameter.parse(criteria.orElse(""));
    }

    /** The resource that this entry is about, when {@code found} is what its criteria find. */
    ResourceKey key(Optional<ResourceKey> found) {
        return id.map(known -> ResourceKey.of(type, known))
                .or(() -> found)
                .orElseGet(() -> new ResourceKey(type, FhirId.next()));
    }

    private static FhirProblem wrong(String path, String text) {
        return new FhirProblem(ProblemCode.INVALID_RESOURCE, path, path + ": " + text);
    }
}
