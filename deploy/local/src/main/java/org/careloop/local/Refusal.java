package org.careloop.local;

/** The launcher does not do what it was asked to; the message tells the person at the terminal why and what helps. */
final class Refusal extends RuntimeException {

    Refusal(String message) {
        super(message);
    }

    Refusal(String message, Throwable cause) {
        super(message + ": " + cause.getMessage(), cause);
    }
}
