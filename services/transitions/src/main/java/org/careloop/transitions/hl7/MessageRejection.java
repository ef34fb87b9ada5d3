package org.careloop.transitions.hl7;

/**
 * The one failure of reading a message: where, what table 0357 calls it, and whether it is the sender's error (AE) or
 * not for us (AR). The text never quotes a value of the message.
 */
public final class MessageRejection extends RuntimeException {

    private final AckCode ackCode;
    private final ErrorCode errorCode;
    private final transient MessageLocation location;

    private MessageRejection(AckCode ackCode, ErrorCode errorCode, MessageLocation location, String problem) {
        super(location + ": " + problem, null, false, true);
        this.ackCode = ackCode;
        this.errorCode = errorCode;
        this.location = location;
    }

    /** An error in the content (AE); {@code problem} has the form {@code what was wrong (expected: what)}. */
    public static MessageRejection error(ErrorCode errorCode, MessageLocation location, String problem) {
        return new MessageRejection(AckCode.AE, errorCode, location, problem);
    }

    /** A message that this receiver does not take (AR). */
    public static MessageRejection refusal(ErrorCode errorCode, MessageLocation location, String problem) {
        return new MessageRejection(AckCode.AR, errorCode, location, problem);
    }

    static MessageRejection missing(MessageLocation location, String expected) {
        return error(ErrorCode.REQUIRED_FIELD_MISSING, location, "missing (expected: " + expected + ")");
    }

    /** AE or AR. */
    public AckCode ackCode() {
        return ackCode;
    }

    /** The condition of table 0357. */
    public ErrorCode errorCode() {
        return errorCode;
    }

    /** Where. */
    public MessageLocation location() {
        return location;
    }

    /** {@code PID-3: missing (expected: ...)}; safe to log and to show. */
    public String text() {
        return getMessage();
    }
}
