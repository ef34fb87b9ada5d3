package org.careloop.careplans;

import static org.assertj.core.api.Assertions.assertThat;
import static org.careloop.careplans.DischargeScene.change;
import static org.careloop.careplans.DischargeScene.soon;
import static org.careloop.careplans.DischargeScene.tell;
import static org.careloop.careplans.FollowedPlan.find;
import static org.careloop.careplans.FollowedPlan.reason;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import org.careloop.eventcontracts.SharedTerms;
import org.careloop.testkit.RealParts;
import org.hl7.fhir.r4.model.CarePlan;
import org.hl7.fhir.r4.model.CarePlan.CarePlanStatus;
import org.hl7.fhir.r4.model.EpisodeOfCare.EpisodeOfCareStatus;
import org.junit.jupiter.api.Test;

/** The plan of who is not enrolled in coordination is on hold, and goes on when they are. */
@QuarkusTest
@QuarkusTestResource(value = RealParts.class, initArgs = @ResourceArg(name = RealParts.DATABASE, value = "care_plans"))
class SuspendedPlanApiTest {

    private final StayScene stay = new StayScene(DischargeScene.fresh());
    private final DischargeScene scene = stay.scene();
    private final FollowedPlan followed = new FollowedPlan(stay);

    @Test
    void isOnHoldWhileTheEpisodeIsAndThenGoesOn() {
        // Given
        scene.planned();
        int activities = followed.plan().getActivity().size();
        // When
        tell(stay.episode(3, EpisodeOfCareStatus.ONHOLD));
        // Then
        soon().until(() -> followed.plan().getStatus() == CarePlanStatus.ONHOLD);
        assertThat(reason(followed.plan())).isEqualTo("coordination-suspended");
        assertThat(SharedTerms.PLAN_PAUSE_REASONS).contains(reason(followed.plan()));
        assertThat(followed.plan().getActivity())
                .allSatisfy(activity -> assertThat(activity.hasExtension(SharedTerms.ACTIVITY_WITHDRAWN_EXTENSION))
                        .isFalse());
        String version = followed.plan().getMeta().getVersionId();
        // When it is told again, and then that they are enrolled again
        tell(stay.episode(3, EpisodeOfCareStatus.ONHOLD));
        tell(stay.episode(4, EpisodeOfCareStatus.ACTIVE));
        // Then
        soon().until(() -> followed.plan().getStatus() == CarePlanStatus.ACTIVE);
        assertThat(reason(followed.plan())).isEqualTo("coordination-resumed");
        assertThat(followed.plan().getActivity()).hasSize(activities);
        assertThat(Integer.parseInt(followed.plan().getMeta().getVersionId())).isEqualTo(Integer.parseInt(version) + 1);
    }

    @Test
    void whatAPersonHasPutOnHoldIsNotResumed() {
        // Given
        scene.planned();
        change(CarePlan.class, scene.planId(), plan -> plan.setStatus(CarePlanStatus.ONHOLD))
                .then()
                .statusCode(200);
        // When
        tell(stay.episode(3, EpisodeOfCareStatus.ONHOLD));
        tell(stay.episode(4, EpisodeOfCareStatus.ACTIVE));
        tell(stay.diagnosed(4, "J44.1"));
        // Then
        soon().until(() -> find(followed.plan(), "copd-check").isPresent());
        assertThat(followed.plan().getStatus()).isEqualTo(CarePlanStatus.ONHOLD);
        assertThat(followed.plan().getExtensionByUrl(SharedTerms.PLAN_STATUS_REASON_EXTENSION))
                .isNull();
    }
}
