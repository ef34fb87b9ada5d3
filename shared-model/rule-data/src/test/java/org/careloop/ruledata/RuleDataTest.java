package org.careloop.ruledata;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class RuleDataTest {

    record Sample(int weight) {}

    @Test
    void refusesAKeyThatItDoesNotKnow() {
        assertThatThrownBy(() -> RuleData.fromText(Sample.class, "sample.yaml", "weight: 1\nwieght: 2\n"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("sample.yaml")
                .hasMessageContaining("wieght");
    }

    @Test
    void refusesAMissingResource() {
        assertThatThrownBy(() -> RuleData.fromResource(Sample.class, "rules/none.yaml"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("rules/none.yaml: missing (expected: a resource on the class path)");
    }
}
