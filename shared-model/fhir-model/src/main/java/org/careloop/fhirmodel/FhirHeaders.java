package org.careloop.fhirmodel;

/** Names of HTTP headers that FHIR and Careloop use. */
public final class FhirHeaders {
    public static final String IF_MATCH = "If-Match";
    public static final String IF_NONE_EXIST = "If-None-Exist";
    public static final String PREFER = "Prefer";
    /**
     * {@code unchecked}: what is written may refer to what is not there; for a system that loads much, in an order of its own.
     */
    public static final String REFERENCES = "X-Careloop-References";
    /** What becomes of entries of a transaction whose types are not held: {@code skip}, or the transaction is refused. */
    public static final String UNKNOWN_TYPES = "X-Careloop-Unknown-Types";
    /** Names one request through all services; made by the gateway unless the client sent one. */
    public static final String CORRELATION_ID = "X-Correlation-Id";

    /** The address of the client, as the gateway saw it; what a client sends under this name does not get past the gateway. */
    public static final String CLIENT_ADDRESS = "X-Careloop-Client-Address";

    /** Between services: whom a request of the platform is made for, such as the sender of a message. */
    public static final String ON_BEHALF_OF = "X-Careloop-On-Behalf-Of";

    private FhirHeaders() {}
}
