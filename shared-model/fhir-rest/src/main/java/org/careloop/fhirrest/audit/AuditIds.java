package org.careloop.fhirrest.audit;

import java.util.List;
import java.util.Optional;

/** Ids of AuditEvents: the service whose trail has the row, and its number. So no two services have the same. */
final class AuditIds {

    private AuditIds() {}

    static String of(String service, long seq) {
        return service + "." + seq;
    }

    /** Returns the number that {@code id} names in the trail of {@code service}; empty when it is not one of that. */
    static Optional<Long> seq(String service, String id) {
        String prefix = service + ".";
        return id.startsWith(prefix) && id.substring(prefix.length()).matches("[0-9]{1,18}")
                ? Optional.of(Long.valueOf(id.substring(prefix.length())))
                : Optional.empty();
    }

    static List<Long> of(String service, List<String> ids) {
        return ids.stream().flatMap(id -> seq(service, id).stream()).toList();
    }
}
