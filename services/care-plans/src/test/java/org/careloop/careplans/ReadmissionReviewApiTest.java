package org.careloop.careplans;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.junit.QuarkusTest;
import java.nio.charset.StandardCharsets;
import org.careloop.eventcontracts.SharedTerms;
import org.careloop.fhirmodel.FhirJson;
import org.hl7.fhir.r4.model.CarePlan.CarePlanActivityComponent;
import org.hl7.fhir.r4.model.CodeType;
import org.hl7.fhir.r4.model.EpisodeOfCare;
import org.hl7.fhir.r4.model.Extension;
import org.junit.jupiter.api.Test;

/** A stay after which somebody came back without a plan to is to be reviewed, and no more when it turns out otherwise. */
@QuarkusTest
class ReadmissionReviewApiTest {

    private final DischargeScene scene = DischargeScene.fresh();

    @Test
    void asksForAReviewWhenTheStayWasAReadmission() {
        // Given
        scene.planned();
        assertThat(scene.plan().getActivity())
                .extracting(CarePlanActivityComponent::getId)
                .doesNotContain("readmission-review");
        // When
        related("readmission-unplanned", 8);
        // Then
        DischargeScene.soon()
                .untilAsserted(() -> assertThat(scene.plan().getActivity())
                        .extracting(CarePlanActivityComponent::getId)
                        .contains("readmission-review"));
        // When it is found to have been planned
        related("readmission-planned", 9);
        // Then
        DischargeScene.soon()
                .untilAsserted(() -> assertThat(scene.plan().getActivity())
                        .filteredOn(activity -> activity.getId().equals("readmission-review"))
                        .singleElement()
                        .satisfies(activity -> assertThat(
                                        activity.getExtensionByUrl(SharedTerms.ACTIVITY_WITHDRAWN_EXTENSION))
                                .isNotNull()));
    }

    private void related(String relation, int version) {
        EpisodeOfCare episode = scene.resource("episode-of-care-active", EpisodeOfCare.class);
        Extension stay = FhirJson.parse(
                        EpisodeOfCare.class,
                        DischargeScene.text("episode-of-care-readmission").getBytes(StandardCharsets.UTF_8))
                .getExtensionByUrl(SharedTerms.INDEX_STAY_EXTENSION);
        stay.getExtensionByUrl("relation").setValue(new CodeType(relation));
        episode.addExtension(stay);
        episode.getMeta().setVersionId(Integer.toString(version));
        DischargeScene.tell(scene.event(episode));
    }
}
