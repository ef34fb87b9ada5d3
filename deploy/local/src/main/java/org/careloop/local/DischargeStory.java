package org.careloop.local;

/** Plays the discharge of one person through the running platform, and checks each step. */
public final class DischargeStory {

    private DischargeStory() {}

    /**
     * Plays the story.
     *
     * @throws RuntimeException when a step does not hold
     */
    public static void play() {
        throw new Refusal("the discharge story is not part of this build yet");
    }
}
