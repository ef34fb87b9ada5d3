package org.careloop.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.Future;
import org.careloop.local.story.StoryPlatform;
import org.junit.jupiter.api.Test;

/**
 * A hospital sends while the service that takes its messages is killed. Settings: {@code careloop.intake.messages} (10,000 take some
 * minutes), {@code careloop.intake.connections}.
 */
class IntakeIT {

    private static final String EHR = "riverside-ehr";
    private static final String VISITS = "https://careloop.org/fhir/sid/general-hospital/visit";
    private static final int MESSAGES = Integer.getInteger("careloop.intake.messages", 400);
    private static final int CONNECTIONS = Integer.getInteger("careloop.intake.connections", 8);

    private final WholePlatform platform = WholePlatform.shared();
    private final StoryPlatform users = platform.asUsersSeeIt();
    private final String mark = UUID.randomUUID().toString().substring(0, 8).toUpperCase(Locale.ROOT);

    @Test
    void everyMessageThatWasAcknowledgedTakesEffectThoughItsServiceIsKilled() throws Exception {
        // Given
        int stays = MESSAGES / HospitalFeed.EVENTS.size();
        HospitalFeed feed = new HospitalFeed(platform.mllpPort(), mark, stays);
        // When
        List<Future<?>> shares = feed.send(CONNECTIONS);
        for (int kills = 1; kills <= 2; kills++) {
            int some = kills * MESSAGES / 3;
            await().atMost(Duration.ofMinutes(10)).until(() -> feed.acknowledged() >= some);
            platform.kill("transitions");
            platform.up();
        }
        for (Future<?> share : shares) {
            share.get();
        }
        // Then
        assertThat(feed.acknowledged()).isEqualTo(stays * HospitalFeed.EVENTS.size());
        for (int stay = 0; stay < stays; stay++) {
            String visit = feed.visit(stay);
            JsonNode encounter = await().atMost(Duration.ofMinutes(10))
                    .pollInterval(Duration.ofMillis(200))
                    .until(
                            () -> stay(visit),
                            found -> found.path("status").asText().equals("finished"));
            assertThat(whole(encounter, feed.discharged()))
                    .as(encounter.toString())
                    .isTrue();
            JsonNode episodes = users.get(
                            EHR,
                            "EpisodeOfCare?_summary=count&patient="
                                    + encounter.at("/subject/reference").asText())
                    .json();
            assertThat(episodes.path("total").asInt()).isEqualTo(1);
        }
    }

    /** Each of its four messages left its trace, once. */
    private static boolean whole(JsonNode stay, Instant discharged) {
        return stay.path("statusHistory").size() == 1
                && stay.path("location").size() == 2
                && stay.toString().contains("plannedEndDate")
                && stay.path("diagnosis").size() == 1
                && OffsetDateTime.parse(stay.at("/period/end").asText())
                        .toInstant()
                        .equals(discharged);
    }

    private JsonNode stay(String visit) {
        StoryPlatform.Answer answer = users.get(EHR, "Encounter?identifier=" + VISITS + "%7C" + visit);
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        JsonNode found = answer.json();
        assertThat(found.path("entry").size()).isLessThan(2);
        return found.at("/entry/0/resource");
    }
}
