package org.careloop.gateway.api;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When who polls is told to come again. */
class PollGuidanceTest {

    @ParameterizedTest
    @CsvSource({"0, 5", "63, 5", "64, 10", "127, 10", "640, 55"})
    void waitsLongerTheMoreIsUnderWay(int requests, long seconds) {
        assertThat(PollGuidance.seconds(5, 64, requests)).isEqualTo(seconds);
    }
}
