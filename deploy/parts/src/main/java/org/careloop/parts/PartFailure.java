package org.careloop.parts;

/** A part could not be unpacked, started, reached or stopped; the message says which and shows the end of its log. */
public final class PartFailure extends RuntimeException {

    /** Creates a failure that stands for itself. */
    public PartFailure(String message) {
        super(message);
    }

    /** Creates a failure with the reason that the system gave. */
    public PartFailure(String message, Throwable cause) {
        super(message + ": " + cause.getMessage(), cause);
    }
}
