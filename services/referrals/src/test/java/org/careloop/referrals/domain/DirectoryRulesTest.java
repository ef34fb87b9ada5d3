package org.careloop.referrals.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import org.careloop.referrals.domain.DirectoryRules.Kind;
import org.careloop.referrals.domain.DirectoryRules.Rules;
import org.hl7.fhir.r4.model.Coding;
import org.junit.jupiter.api.Test;

/** How listings are read. */
class DirectoryRulesTest {

    @Test
    void theShippedRulesHaveShorterLimitsForWhatChangesFast() {
        DirectoryRules shipped = DirectoryRules.shipped();

        assertThat(shipped.zone()).isEqualTo(ZoneId.of("America/New_York"));
        assertThat(shipped.usual()).isEqualTo(Duration.ofDays(180));
        assertThat(shipped.special()).hasSize(1).first().satisfies(limit -> {
            assertThat(limit.after()).isEqualTo(Duration.ofDays(90));
            assertThat(limit.kinds()).extracting(Coding::getCode).containsExactly("food-insecurity", "homelessness");
        });
    }

    @Test
    void refusesNoDays() {
        assertThatThrownBy(() -> new DirectoryRules(new Rules("test", ZoneOffset.UTC, 0, List.of())))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() ->
                        new DirectoryRules(new Rules("test", ZoneOffset.UTC, 1, List.of(new Kind("urn:a", "b", 0)))))
                .isInstanceOf(IllegalStateException.class);
    }
}
