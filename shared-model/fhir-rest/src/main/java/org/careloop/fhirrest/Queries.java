package org.careloop.fhirrest;

import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import org.careloop.fhirsearch.QueryParameter;

/** Reads the query of a URL as FHIR writes it, with repeated names in their order. */
final class Queries {

    private Queries() {}

    static List<QueryParameter> of(HttpServerRequest http) {
        return http.query() == null ? List.of() : QueryParameter.parse(http.query());
    }

    /** The criteria of a conditional interaction; empty when there are none, which no interaction takes. */
    static String criteria(HttpServerRequest http) {
        return http.query() == null ? "" : http.query();
    }
}
