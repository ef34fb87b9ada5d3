package org.careloop.patients.fuzz;

import java.util.Random;
import java.util.UUID;

/** Chances of one seed, and the names of one run. */
final class Dice {

    static final int PATIENTS = 8;

    private final Random random;
    private final String mark = UUID.randomUUID().toString().substring(0, 8);
    private int numbers;

    Dice(long seed) {
        this.random = new Random(seed);
    }

    Random random() {
        return random;
    }

    /** In every id of the run. */
    String mark() {
        return mark;
    }

    String north() {
        return "north-" + mark;
    }

    String south() {
        return "south-" + mark;
    }

    String harbor() {
        return "harbor-" + mark;
    }

    String rides() {
        return "rides-" + mark;
    }

    String patient(int number) {
        return "p" + number + "-" + mark;
    }

    /** Any of the four organisations. */
    String organization() {
        return pick(north(), south(), harbor(), rides());
    }

    boolean chance(int oneOf) {
        return random.nextInt(oneOf) == 0;
    }

    @SafeVarargs
    final <T> T pick(T... from) {
        return from[random.nextInt(from.length)];
    }

    /** An id that nothing has. */
    String next(String prefix) {
        return prefix + numbers++ + "-" + mark;
    }
}
