package org.careloop.endtoend;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Chance that can be repeated: the same seed, the same choices. */
record Dice(Random random) {

    static Dice of(long seed) {
        return new Dice(new Random(seed));
    }

    /** Others, for one who chooses at the same time as somebody else. */
    Dice own() {
        return of(random.nextLong());
    }

    /** Once in {@code times}. */
    boolean once(int times) {
        return random.nextInt(times) == 0;
    }

    <T> T pick(List<T> some) {
        return some.get(random.nextInt(some.size()));
    }

    <T> List<T> shuffled(List<T> some) {
        List<T> copy = new ArrayList<>(some);
        Collections.shuffle(copy, random);
        return copy;
    }
}
