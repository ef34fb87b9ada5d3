package org.careloop.local.story;

/** A step of the story did not hold. */
public final class StoryFailure extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** {@code message} tells which step, what came and what was expected. */
    public StoryFailure(String message) {
        super(message);
    }

    StoryFailure(String message, Throwable cause) {
        super(message, cause);
    }
}
