package org.careloop.careplans.domain;

import java.util.Arrays;

/** What the completion of an activity means for a goal. */
enum GoalEffect {
    /** The goal is achieved by it. */
    ACHIEVES("achieves"),
    /** The goal comes nearer by it. */
    ADVANCES("advances");

    private final String code;

    GoalEffect(String code) {
        this.code = code;
    }

    String code() {
        return code;
    }

    static GoalEffect of(String code) {
        return Arrays.stream(values())
                .filter(effect -> effect.code.equals(code))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("effect: unknown (expected: achieves or advances)"));
    }
}
