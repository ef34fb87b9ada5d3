package org.careloop.eventcontracts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class TopicsTest {

    @Test
    void aTopicIsNamedByServiceTypeAndVersion() {
        assertThat(Topics.of("referrals", "ServiceRequest")).isEqualTo("referrals.servicerequest.v1");
        assertThat(Topics.deadLetters("care-plans")).isEqualTo("care-plans.dead-letters.v1");
    }

    @Test
    void aChangeIsReadByItsWord() {
        assertThat(Change.of("deleted")).isEqualTo(Change.DELETED);
        assertThat(Change.CREATED.word()).isEqualTo("created");
        assertThatThrownBy(() -> Change.of("renamed")).isInstanceOf(IllegalArgumentException.class);
    }
}
