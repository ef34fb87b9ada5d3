package org.careloop.referrals.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How long an agency's server that fails is left alone. */
class ExchangeDirectlyTest {

    @ParameterizedTest
    @CsvSource({"1, PT1M", "2, PT2M", "6, PT32M", "7, PT1H", "20, PT1H", "2000000000, PT1H"})
    void thePauseDoublesUpToAnHour(int failures, Duration expected) {
        assertThat(ExchangeDirectly.pause(Duration.ofSeconds(30), failures)).isEqualTo(expected);
    }
}
