package org.careloop.referrals.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.careloop.referrals.domain.Freshness.Kind;
import org.careloop.referrals.domain.Freshness.Rules;
import org.hl7.fhir.r4.model.Coding;
import org.junit.jupiter.api.Test;

/** After how long a listing is stale. */
class FreshnessTest {

    @Test
    void theShippedRulesHaveShorterLimitsForWhatChangesFast() {
        Freshness shipped = Freshness.shipped();

        assertThat(shipped.usual()).isEqualTo(Duration.ofDays(180));
        assertThat(shipped.special()).hasSize(1).first().satisfies(limit -> {
            assertThat(limit.after()).isEqualTo(Duration.ofDays(90));
            assertThat(limit.kinds()).extracting(Coding::getCode).containsExactly("food-insecurity", "homelessness");
        });
    }

    @Test
    void refusesNoDays() {
        assertThatThrownBy(() -> new Freshness(new Rules("test", 0, List.of())))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> new Freshness(new Rules("test", 1, List.of(new Kind("urn:a", "b", 0)))))
                .isInstanceOf(IllegalStateException.class);
    }
}
