package org.careloop.local;

/** The launcher does not do what it was asked to; the message tells the person at the terminal why and what helps. */
public final class Refusal extends RuntimeException {

    public Refusal(String message) {
        super(message);
    }

    public Refusal(String message, Throwable cause) {
        super(message + ": " + cause.getMessage(), cause);
    }
}
