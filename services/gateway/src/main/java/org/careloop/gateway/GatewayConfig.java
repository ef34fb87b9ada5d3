package org.careloop.gateway;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Settings of the gateway. */
@ConfigMapping(prefix = "careloop.gateway")
public interface GatewayConfig {

    /** The services behind the gateway, by name. */
    Map<String, Service> services();

    /** Largest request body in bytes; a larger one is answered with 413. */
    @WithDefault("10485760")
    long maxBodySize();

    /** Time after which a service that does not answer is given up on; the client gets 503. */
    @WithDefault("30s")
    Duration timeout();

    /** Connections to each service. */
    @WithDefault("64")
    int connectionsPerService();

    /** How long who polls Tasks is told to wait while little is to do; the more there is, the longer. */
    @WithDefault("5s")
    Duration pollInterval();

    /** The address that clients use, for links. */
    String baseUrl();

    /** Matches of one page of what the gateway answers, when the search asks for no count. */
    @WithDefault("50")
    int defaultPageSize();

    /** Most matches of one page of what the gateway answers; a larger {@code _count} is cut down to it. */
    @WithDefault("500")
    int maxPageSize();

    /** Most versions in one history that the gateway merges. */
    @WithDefault("200")
    int maxHistory();

    /** Most steps of an include that iterates; more are refused with 422. */
    @WithDefault("8")
    int maxIncludeDepth();

    /** Most resources that one step of a chain or {@code _has} across services may find; more are refused with 422. */
    @WithDefault("5000")
    int maxFound();

    /** Most resources of other services that one page includes; more are refused with 422. */
    @WithDefault("1000")
    int maxIncluded();

    /** Most entries of one transaction; more are refused with 422. */
    @WithDefault("5000")
    int maxTransactionEntries();

    /** Most entries of one batch; more are refused with 422. */
    @WithDefault("500")
    int maxBatchEntries();

    /** Origins whose pages may call the API from a browser (CORS), such as {@code https://app.example.org}; none by default. */
    Optional<Set<String>> corsOrigins();

    /** For types that several services hold: the element that names the resource beside which one is stored. */
    Map<String, String> livesWith();

    /** The service that answers terminology operations, one of {@link #services}; any can, and one alone keeps the codes in memory. */
    @WithDefault("patients")
    String terminology();

    /** How long a merged capability statement is served before it is made anew. */
    @WithDefault("30s")
    Duration capabilityAge();

    /** How many requests of one client are let in; each instance of the gateway counts for itself. */
    RateLimit rateLimit();

    /** Requests of one client, by the {@code azp} of its token; more get 429. */
    interface RateLimit {

        /** Requests in a second, in the long run. */
        @WithDefault("10000")
        long perSecond();

        /** So many seconds' requests may come at once after a pause. */
        @WithDefault("2")
        long burstSeconds();

        /** Clients with a limit of their own. */
        Map<String, Long> clients();
    }

    /** One service. */
    interface Service {

        /** Where it listens. */
        URI url();

        /** The FHIR types that it owns. */
        Set<String> types();
    }
}
