package org.careloop.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.careloop.local.story.DischargeStory;
import org.careloop.local.story.DischargeStory.Ending;
import org.careloop.local.story.DischargeStory.Referral;
import org.careloop.local.story.Stay;
import org.careloop.local.story.StoryPlatform;
import org.junit.jupiter.api.Test;

/** One discharge from the hospital's message to the agency's poll and back, on the whole packaged platform. */
class DischargeStoryIT {

    private static final String EHR = "riverside-ehr";

    /** What one discharge makes, exactly: a repeat or a restart must not double anything. */
    private static final Map<String, Integer> MADE_BY_ONE_DISCHARGE = Map.of(
            "Encounter",
            1,
            "EpisodeOfCare",
            1,
            "RiskAssessment",
            2,
            "CarePlan",
            1,
            "CareTeam",
            1,
            "Goal",
            4,
            "ServiceRequest",
            1,
            "Task",
            6,
            "Procedure",
            1,
            "Condition",
            2);

    private final WholePlatform platform = WholePlatform.shared();
    private final StoryPlatform users = platform.asUsersSeeIt();
    private final ByteArrayOutputStream told = new ByteArrayOutputStream();

    @Test
    void storyHoldsAndNothingIsDoubled() {
        // Given
        Stay stay = Stay.endingAt(Instant.now());
        // When
        Ending ending = story(stay).play();
        // Then
        assertMadeOnce(ending.patient());
        assertThat(told.toString()).contains("milestone home-health-start reached");
        assertRecorded(ending.patient());
    }

    /** Who outside saw what of the patient, in one request; where what nobody wrote comes from; and that nobody tampered. */
    private void assertRecorded(String patient) {
        JsonNode disclosed = users.get("privacy-officer", patient + "/$disclosures?_count=500")
                .json();
        assertThat(disclosed.path("entry")).isNotEmpty();
        Set<String> agencies = new TreeSet<>();
        for (JsonNode entry : disclosed.path("entry")) {
            JsonNode event = entry.path("resource");
            assertThat(event.at("/entity/0/what/reference").asText()).isEqualTo(patient);
            assertThat(event.at("/purposeOfEvent/0/coding/0/code").asText()).isEqualTo("TREAT");
            event.path("agent")
                    .forEach(agent -> agencies.add(agent.at("/who/reference").asText()));
        }
        assertThat(agencies)
                .contains("Organization/harbor-home-health")
                .doesNotContain("Organization/riverside-clinic");
        for (String type : List.of("Patient", "Encounter", "CarePlan")) {
            String query = (type.equals("Patient") ? "_id=" + patient.substring(8) : "patient=" + patient)
                    + "&_revinclude=Provenance:target";
            assertThat(users.get(EHR, type + "?" + query).json().findValuesAsText("resourceType"))
                    .as(type)
                    .contains("Provenance");
        }
        assertThat(platform.auditVerified().lines()).hasSize(4).allMatch(line -> line.contains("whole"));
    }

    @Test
    void storyHoldsThoughEveryServiceIsKilledInItsMiddle() {
        // Given
        Stay stay = Stay.endingAt(Instant.now().minusSeconds(1));
        DischargeStory story = story(stay);
        story.fillDirectory();
        // When
        story.admit();
        platform.kill("patients");
        story.discharge();
        platform.kill("transitions");
        platform.kill("care-plans");
        platform.up();
        JsonNode encounter = story.transitionOpens();
        platform.kill("gateway");
        platform.kill("referrals");
        platform.up();
        Referral referral = story.agencyIsAsked();
        JsonNode task = story.agencyWorks(referral);
        platform.kill("referrals");
        platform.kill("care-plans");
        platform.kill("transitions");
        platform.up();
        story.coordinatorCalls(encounter);
        // Then
        story.loopCloses(referral, encounter, task);
        assertMadeOnce(encounter.path("subject").path("reference").asText());
    }

    @Test
    void storyHoldsThoughTheBrokerAndTheDatabaseAreKilled() {
        // Given
        Stay stay = Stay.endingAt(Instant.now().minusSeconds(2));
        DischargeStory story = story(stay);
        story.fillDirectory();
        story.admit();
        story.discharge();
        // When
        platform.kill("kafka");
        platform.up();
        JsonNode encounter = story.transitionOpens();
        platform.kill("postgres");
        platform.up();
        // Then
        Referral referral = story.agencyIsAsked();
        JsonNode task = story.agencyWorks(referral);
        story.coordinatorCalls(encounter);
        story.loopCloses(referral, encounter, task);
        assertMadeOnce(encounter.path("subject").path("reference").asText());
    }

    private DischargeStory story(Stay stay) {
        return new DischargeStory(users, stay, new PrintStream(told, true));
    }

    private void assertMadeOnce(String patient) {
        MADE_BY_ONE_DISCHARGE.forEach((type, count) -> {
            JsonNode found = users.get(EHR, type + "?patient=" + patient + "&_summary=count")
                    .json();
            assertThat(found.path("total").asInt(-1)).as(type).isEqualTo(count);
        });
    }
}
