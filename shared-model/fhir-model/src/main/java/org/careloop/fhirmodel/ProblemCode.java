package org.careloop.fhirmodel;

import org.hl7.fhir.r4.model.OperationOutcome.IssueType;

/**
 * The one table of what can go wrong: its stable number, the HTTP status and the FHIR issue type.
 *
 * <p>Clients may rely on the number; {@code docs/api/problems.md} has an entry for each.
 */
public enum ProblemCode {
    /** A fault of ours; the text tells nothing but where to find it in the log. */
    INTERNAL(1000, 500, IssueType.EXCEPTION),
    /** The body is not well-formed JSON or not FHIR R4. */
    MALFORMED_BODY(1001, 400, IssueType.STRUCTURE),
    INVALID_ID(1002, 400, IssueType.VALUE),
    /** A header or parameter with a value that cannot be read. */
    INVALID_PARAMETER(1003, 400, IssueType.VALUE),
    /** A search parameter or modifier that this type does not have. */
    UNSUPPORTED_PARAMETER(1004, 400, IssueType.NOTSUPPORTED),
    /** A well-formed resource that lacks an element or holds a value that it may not. */
    INVALID_RESOURCE(1005, 422, IssueType.INVARIANT),
    RESOURCE_NOT_FOUND(1006, 404, IssueType.NOTFOUND),
    UNKNOWN_TYPE(1007, 404, IssueType.NOTSUPPORTED),
    RESOURCE_GONE(1008, 410, IssueType.DELETED),
    /** {@code If-Match} does not name the current version. */
    VERSION_CONFLICT(1009, 412, IssueType.CONFLICT),
    /** A step that the state machine or a rule of the domain refuses. */
    RULE_VIOLATED(1010, 422, IssueType.BUSINESSRULE),
    UNAUTHENTICATED(1011, 401, IssueType.LOGIN),
    FORBIDDEN(1012, 403, IssueType.FORBIDDEN),
    NOT_ACCEPTABLE(1013, 406, IssueType.NOTSUPPORTED),
    UNSUPPORTED_MEDIA_TYPE(1014, 415, IssueType.NOTSUPPORTED),
    BODY_TOO_LARGE(1015, 413, IssueType.TOOLONG),
    METHOD_NOT_ALLOWED(1016, 405, IssueType.NOTSUPPORTED),
    /** A conditional interaction whose criteria match more than one resource. */
    MULTIPLE_MATCHES(1017, 412, IssueType.MULTIPLEMATCHES),
    /** What is to be made exists already. */
    ALREADY_EXISTS(1018, 409, IssueType.DUPLICATE),
    /** A part that the answer needs cannot be reached now; the same request may succeed later. */
    UNAVAILABLE(1019, 503, IssueType.TRANSIENT),
    /** The request asks for more than one answer may cost. */
    TOO_COSTLY(1020, 422, IssueType.TOOCOSTLY),
    /** An HL7 v2 message that cannot be taken; the acknowledgement names segment and field. */
    MESSAGE_REJECTED(1021, 422, IssueType.PROCESSING),
    /** The same work is being done now, and must not be done twice at once. */
    IN_PROGRESS(1022, 409, IssueType.CONFLICT),
    /** A link to a page that is too old to be followed. */
    PAGE_LINK_EXPIRED(1023, 410, IssueType.PROCESSING),
    /** A reference by criteria that nothing matches. */
    NOTHING_MATCHES(1024, 412, IssueType.NOTFOUND),
    /** What is to be written refers to a resource that is not there. */
    REFERENCE_NOT_FOUND(1025, 422, IssueType.NOTFOUND),
    /** Codes decide the answer that are not held, such as those of LOINC. */
    CODES_NOT_HELD(1026, 422, IssueType.NOTSUPPORTED),
    /** The client sends more than its share; {@code Retry-After} tells when it may again. */
    RATE_LIMITED(1027, 429, IssueType.THROTTLED),
    /** An update that needs {@code If-Match} and has none. */
    VERSION_NOT_NAMED(1028, 428, IssueType.REQUIRED);

    private final int number;
    private final int status;
    private final IssueType issueType;

    ProblemCode(int number, int status, IssueType issueType) {
        this.number = number;
        this.status = status;
        this.issueType = issueType;
    }

    /** The stable number, written as {@code issue.details.coding.code}. */
    public int number() {
        return number;
    }

    /** The HTTP status that answers a request which fails with this code. */
    public int status() {
        return status;
    }

    /** The FHIR issue type. */
    public IssueType issueType() {
        return issueType;
    }
}
