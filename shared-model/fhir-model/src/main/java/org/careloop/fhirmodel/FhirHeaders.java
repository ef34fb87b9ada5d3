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

    private FhirHeaders() {}
}
