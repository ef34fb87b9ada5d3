package org.careloop.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.careloop.local.story.StoryPlatform;
import org.careloop.local.story.StoryPlatform.Answer;
import org.junit.jupiter.api.Test;

/** The whole history of a patient, hundreds of entries for four services, is one transaction. */
class PatientBundleIT {

    private static final String EHR = "riverside-ehr";
    private static final int VISITS = 20;

    private final StoryPlatform users = WholePlatform.shared().asUsersSeeIt();
    private final PatientBundle bundle = new PatientBundle(VISITS);

    @Test
    void typeThatNobodyHoldsIsNamedAndNothingIsStored() {
        // When
        Answer answer = users.transaction(EHR, bundle.json());
        // Then
        assertThat(answer.status()).as(answer.text()).isEqualTo(404);
        assertThat(answer.json().at("/issue/0/expression/0").asText()).isEqualTo("Bundle.entry[16].request.url");
        assertThat(patients()).isEmpty();
    }

    @Test
    void historyOfAPatientIsStoredAtOnceAndFoundAgain() {
        // When
        Answer answer = users.transaction(EHR, bundle.json(), Map.of("X-Careloop-Unknown-Types", "skip"));
        // Then
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        List<String> created = new ArrayList<>();
        int skipped = 0;
        for (JsonNode entry : answer.json().path("entry")) {
            if (entry.at("/response/status").asText().equals("201 Created")) {
                created.add(entry.at("/response/location").asText().split("/")[0]);
            } else {
                skipped++;
            }
        }
        assertThat(created).isEqualTo(bundle.made());
        assertThat(skipped).isEqualTo(bundle.claims());
        assertThat(patients()).hasSize(1);
        assertThat(everythingOf(answer.json().at("/entry/0/response/location").asText()))
                .containsExactlyInAnyOrderElementsOf(bundle.made());
    }

    private JsonNode patients() {
        Answer answer = users.get(EHR, "Patient?identifier=urn:history%7C" + bundle.identifier());
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return answer.json().path("entry");
    }

    private List<String> everythingOf(String location) {
        String patient = location.substring(0, location.indexOf("/_history"));
        Answer answer = users.get(EHR, patient + "/$everything?_count=500");
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        List<String> types = new ArrayList<>();
        answer.json()
                .path("entry")
                .forEach(entry -> types.add(entry.at("/resource/resourceType").asText()));
        return types;
    }
}
