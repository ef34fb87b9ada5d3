package org.careloop.fhirrest;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** Settings of the FHIR interface of a service. */
@ConfigMapping(prefix = "careloop.fhir")
public interface FhirRestConfig {

    /** The address that clients use, for links and locations: the gateway's. */
    @WithDefault("http://localhost:8080/fhir")
    String baseUrl();

    /** Whether a coordinator or service may choose the id of a new resource by PUT. */
    @WithDefault("true")
    boolean updateAsCreate();

    /** Most resources that one conditional deletion may delete; when its criteria match more, it is refused with 412. */
    @WithDefault("1")
    int maxConditionalDeletes();

    /** Most codes that one answer to {@code $expand} holds; more are refused with 422. */
    @WithDefault("5000")
    int maxExpansion();

    /** Most versions that one history answer holds. */
    @WithDefault("200")
    int maxHistory();

    /** Most entries of one transaction. */
    @WithDefault("2000")
    int maxTransactionEntries();
}
