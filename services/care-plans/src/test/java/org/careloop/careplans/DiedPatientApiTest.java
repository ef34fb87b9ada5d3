package org.careloop.careplans;

import static org.assertj.core.api.Assertions.assertThat;
import static org.careloop.careplans.DischargeScene.soon;
import static org.careloop.careplans.DischargeScene.tell;
import static org.careloop.careplans.FollowedPlan.found;
import static org.careloop.careplans.FollowedPlan.reason;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import org.careloop.eventcontracts.ResourceEvent;
import org.careloop.eventcontracts.SharedTerms;
import org.careloop.testkit.RealParts;
import org.hl7.fhir.r4.model.BooleanType;
import org.hl7.fhir.r4.model.CarePlan.CarePlanStatus;
import org.hl7.fhir.r4.model.DateTimeType;
import org.hl7.fhir.r4.model.Patient;
import org.hl7.fhir.r4.model.Type;
import org.junit.jupiter.api.Test;

/** Nobody calls, drives or visits who has died. */
@QuarkusTest
@QuarkusTestResource(value = RealParts.class, initArgs = @ResourceArg(name = RealParts.DATABASE, value = "care_plans"))
class DiedPatientApiTest {

    private final StayScene stay = new StayScene(DischargeScene.fresh());
    private final DischargeScene scene = stay.scene();
    private final FollowedPlan followed = new FollowedPlan(stay);

    @Test
    void planEndsWithItsWorkAndBeginsAnewWhenItWasAMistake() {
        // Given
        scene.planned();
        // When
        tell(patient(2, new DateTimeType("2026-03-20")));
        // Then
        soon().until(() -> followed.plan().getStatus() == CarePlanStatus.REVOKED);
        assertThat(reason(followed.plan())).isEqualTo("patient-died");
        assertThat(followed.plan().getActivity())
                .isNotEmpty()
                .allSatisfy(activity -> assertThat(activity.hasExtension(SharedTerms.ACTIVITY_WITHDRAWN_EXTENSION))
                        .isTrue());
        // When
        tell(patient(3, new BooleanType(false)));
        // Then
        soon().untilAsserted(() -> assertThat(found("CarePlan?status=active&subject=Patient/" + scene.patient()))
                .hasSize(1)
                .doesNotContain(scene.planId()));
    }

    private ResourceEvent patient(int version, Type deceased) {
        Patient patient = scene.resource("patient-created", Patient.class);
        patient.setDeceased(deceased).getMeta().setVersionId(Integer.toString(version));
        return scene.event(patient);
    }
}
