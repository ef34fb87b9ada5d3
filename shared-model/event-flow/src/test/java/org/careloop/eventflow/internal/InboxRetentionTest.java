package org.careloop.eventflow.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.careloop.eventflow.EventFlowConfig;
import org.careloop.eventflow.RetentionRule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the settings may say of how long the inbox remembers. */
class InboxRetentionTest {

    private record Days(int topicDays, int deadLetterDays, int inboxDays) implements EventFlowConfig.Retention {

        @Override
        public Duration topics() {
            return Duration.ofDays(topicDays);
        }

        @Override
        public Duration deadLetters() {
            return Duration.ofDays(deadLetterDays);
        }

        @Override
        public Duration inbox() {
            return Duration.ofDays(inboxDays);
        }

        @Override
        public Duration interval() {
            return Duration.ofHours(1);
        }

        @Override
        public int batchSize() {
            return 1000;
        }
    }

    @ParameterizedTest
    @CsvSource({"30, 180, 182", "200, 180, 202", "30, 180, 1000"})
    void takesInboxThatOutlivesWhateverMayComeAgain(int topics, int deadLetters, int inbox) {
        // When
        RetentionRule rule = InboxRetention.rule(new Days(topics, deadLetters, inbox));
        // Then
        assertThat(rule.kept()).isEqualTo(Duration.ofDays(inbox));
    }

    @ParameterizedTest
    @CsvSource({"30, 180, 181, 182", "200, 180, 201, 202", "30, 20, 31, 32"})
    void refusesInboxThatForgetsTooSoon(int topics, int deadLetters, int inbox, int least) {
        // When, Then
        assertThatThrownBy(() -> InboxRetention.rule(new Days(topics, deadLetters, inbox)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("careloop.events.retention.inbox: too short (expected: at least " + least
                        + " days: what topics and dead letters are kept, and 2 days more)");
    }

    @Test
    void refusesRetentionThatIsNoTime() {
        // When, Then
        assertThatThrownBy(() -> new RetentionRule("rows", Duration.ZERO, "delete"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("retention of rows: not positive (expected: a time to keep them)");
    }
}
