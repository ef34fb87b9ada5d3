package org.careloop.careplans;

import static org.assertj.core.api.Assertions.assertThat;
import static org.careloop.careplans.DischargeScene.change;
import static org.careloop.careplans.DischargeScene.soon;
import static org.careloop.careplans.DischargeScene.tell;
import static org.careloop.careplans.FollowedPlan.find;
import static org.careloop.careplans.FollowedPlan.found;
import static org.careloop.careplans.FollowedPlan.read;
import static org.careloop.careplans.FollowedPlan.reason;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import java.util.Set;
import org.careloop.careplans.domain.PlanIds;
import org.careloop.eventcontracts.ResourceEvent;
import org.careloop.eventcontracts.SharedTerms;
import org.careloop.testkit.Fhir;
import org.careloop.testkit.RealParts;
import org.careloop.testkit.Tokens;
import org.hl7.fhir.r4.model.CarePlan;
import org.hl7.fhir.r4.model.CarePlan.CarePlanStatus;
import org.hl7.fhir.r4.model.CareTeam;
import org.hl7.fhir.r4.model.Encounter.EncounterStatus;
import org.hl7.fhir.r4.model.EpisodeOfCare.EpisodeOfCareStatus;
import org.hl7.fhir.r4.model.Goal.GoalLifecycleStatus;
import org.hl7.fhir.r4.model.Provenance;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Task.TaskStatus;
import org.junit.jupiter.api.Test;

/** How the plan of a stay goes on: facts change, discharges and admissions are taken back. */
@QuarkusTest
@QuarkusTestResource(value = RealParts.class, initArgs = @ResourceArg(name = RealParts.DATABASE, value = "care_plans"))
class PlanCourseApiTest {

    private final StayScene stay = new StayScene(DischargeScene.fresh());
    private final DischargeScene scene = stay.scene();
    private final FollowedPlan followed = new FollowedPlan(stay);

    @Test
    void otherDiagnosisAddsWithdrawsAndSaysWhyOnce() {
        // Given
        scene.planned();
        tell(followed.task("heart-failure-teaching", TaskStatus.INPROGRESS, 1));
        soon().until(() -> followed.activity("heart-failure-teaching").hasReference());
        change(
                        CarePlan.class,
                        scene.planId(),
                        plan -> find(plan, "outreach").orElseThrow().getDetail().setDescription("Call the daughter"))
                .then()
                .statusCode(200);
        // When
        ResourceEvent copd = stay.diagnosed(3, "J44.1");
        tell(copd);
        soon().until(() -> find(followed.plan(), "copd-check").isPresent());
        String version = followed.plan().getMeta().getVersionId();
        tell(copd);
        tell(stay.diagnosed(4, "J44.1"));
        followed.afterAllThat();
        // Then
        CarePlan plan = followed.plan();
        assertThat(plan.getMeta().getVersionId()).isEqualTo(version);
        assertThat(plan.getStatus()).isEqualTo(CarePlanStatus.ACTIVE);
        assertThat(followed.isWithdrawn("heart-failure-check")).isTrue();
        assertThat(followed.activity("heart-failure-check")
                        .getDetail()
                        .getStatus()
                        .toCode())
                .isEqualTo("cancelled");
        assertThat(followed.isWithdrawn("heart-failure-teaching")).isFalse();
        assertThat(followed.activity("outreach").getDetail().getDescription()).isEqualTo("Call the daughter");
        assertThat(plan.getInstantiatesCanonical().getLast().getValue()).contains("copd-discharge|");
        assertThat(plan.getAddresses()).extracting(Reference::getDisplay).containsExactly("Diagnosis J44.1");
        assertThat(followed.goals())
                .filteredOn(goal -> goal.getDescription().getText().startsWith("Weighs"))
                .singleElement()
                .satisfies(goal -> {
                    assertThat(goal.getLifecycleStatus()).isEqualTo(GoalLifecycleStatus.CANCELLED);
                    assertThat(goal.getStatusReason()).isEqualTo("The diagnoses of the stay have changed");
                });
        List<Provenance> provenances = followed.provenances("UPDATE");
        assertThat(provenances).singleElement().satisfies(provenance -> {
            assertThat(provenance.getReasonFirstRep().hasCoding(SharedTerms.PLAN_REASON_SYSTEM, "diagnoses-changed"))
                    .isTrue();
            assertThat(provenance.getEntity())
                    .extracting(entity -> entity.getWhat().getIdentifier().getValue())
                    .anyMatch(protocol -> protocol.contains("PlanDefinition/copd-discharge|2026"));
        });
    }

    @Test
    void riskAndDispositionChangeWhatIsAsked() {
        // Given
        scene.planned();
        // When
        tell(stay.risk(2, "low"));
        tell(stay.encounter(
                3,
                EncounterStatus.FINISHED,
                encounter -> encounter
                        .getHospitalization()
                        .getDischargeDisposition()
                        .getCoding()
                        .getLast()
                        .setCode("01")));
        // Then
        soon().until(() -> followed.isWithdrawn("home-health")
                && find(followed.plan(), "follow-up-visit").isPresent());
        assertThat(followed.isWithdrawn("follow-up-visit-high-risk")).isTrue();
        assertThat(followed.isWithdrawn("outreach")).isFalse();
    }

    @Test
    void cancelledDischargePausesThePlanWhichGoesOnWhenDischargedAgain() {
        // Given
        scene.planned();
        tell(followed.task("outreach", TaskStatus.INPROGRESS, 1));
        soon().until(() -> followed.activity("outreach").hasReference());
        // When
        stay.dischargeCancelled(3);
        stay.dischargeCancelled(3);
        // Then
        soon().until(() -> followed.plan().getStatus() == CarePlanStatus.ONHOLD);
        assertThat(reason(followed.plan())).isEqualTo("discharge-cancelled");
        assertThat(followed.isWithdrawn("medication-reconciliation")).isTrue();
        assertThat(followed.isWithdrawn("outreach")).isFalse();
        assertThat(followed.notices()).isEmpty();
        // When
        tell(stay.episode(4, EpisodeOfCareStatus.ACTIVE));
        tell(stay.diagnosed(4, "J44.1"));
        // Then
        soon().until(() -> followed.plan().getStatus() == CarePlanStatus.ACTIVE);
        CarePlan plan = followed.plan();
        assertThat(reason(plan)).isEqualTo("discharged-again");
        assertThat(find(plan, "medication-reconciliation.2")).isPresent();
        assertThat(find(plan, "copd-check")).isPresent();
        assertThat(find(plan, "outreach.2")).isEmpty();
        assertThat(find(plan, "heart-failure-check.2")).isEmpty();
        assertThat(found("CarePlan?patient=" + scene.patient())).containsExactly(scene.planId());
    }

    @Test
    void cancelledAdmissionTakesThePlanBackAndItsHistoryStays() {
        // Given
        scene.planned();
        String team =
                followed.plan().getCareTeamFirstRep().getReferenceElement().getIdPart();
        // When
        tell(stay.episode(3, EpisodeOfCareStatus.CANCELLED));
        tell(stay.encounter(3, EncounterStatus.CANCELLED, encounter -> {}));
        // Then
        soon().until(() -> followed.plan().getStatus() == CarePlanStatus.ENTEREDINERROR);
        assertThat(reason(followed.plan())).isEqualTo("admission-cancelled");
        assertThat(followed.plan().getActivity())
                .allSatisfy(activity -> assertThat(activity.hasExtension(SharedTerms.ACTIVITY_WITHDRAWN_EXTENSION))
                        .isTrue());
        assertThat(followed.goals())
                .allSatisfy(goal -> assertThat(goal.getLifecycleStatus()).isEqualTo(GoalLifecycleStatus.CANCELLED));
        CareTeam ended = read(CareTeam.class, team);
        assertThat(ended.getStatus()).isEqualTo(CareTeam.CareTeamStatus.INACTIVE);
        assertThat(ended.getParticipant())
                .allSatisfy(member -> assertThat(member.getPeriod().hasEnd()).isTrue());
        Fhir.as(Tokens.service())
                .get("/fhir/CarePlan/{id}/_history/1", scene.planId())
                .then()
                .statusCode(200);
        // When admitted and discharged after all
        tell(stay.encounter(4, EncounterStatus.FINISHED, encounter -> {}));
        tell(stay.episode(4, EpisodeOfCareStatus.ACTIVE));
        // Then
        String second = new PlanIds(scene.stay(), 2, Set.of()).plan().value();
        soon().until(() ->
                found("CarePlan?status=active&patient=" + scene.patient()).equals(List.of(second)));
        assertThat(read(CarePlan.class, second).getReplacesFirstRep().getReference())
                .isEqualTo("CarePlan/" + scene.planId());
    }

    @Test
    void onWhichSomebodyWorkedIsRevoked() {
        // Given
        scene.planned();
        tell(followed.task("outreach", TaskStatus.INPROGRESS, 1));
        soon().until(() -> followed.activity("outreach").hasReference());
        // When
        tell(stay.encounter(3, EncounterStatus.CANCELLED, encounter -> {}));
        // Then
        soon().until(() -> followed.plan().getStatus() == CarePlanStatus.REVOKED);
        assertThat(followed.isWithdrawn("outreach")).isFalse();
    }
}
