package org.careloop.careplans;

import static org.assertj.core.api.Assertions.assertThat;
import static org.careloop.careplans.DischargeScene.REPORTS;
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
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import org.careloop.eventcontracts.ResourceEvent;
import org.careloop.eventcontracts.SharedTerms;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.testkit.Fhir;
import org.careloop.testkit.RealParts;
import org.hl7.fhir.r4.model.CarePlan;
import org.hl7.fhir.r4.model.CarePlan.CarePlanStatus;
import org.hl7.fhir.r4.model.Communication;
import org.hl7.fhir.r4.model.Encounter.EncounterStatus;
import org.hl7.fhir.r4.model.EpisodeOfCare.EpisodeOfCareStatus;
import org.hl7.fhir.r4.model.Goal;
import org.hl7.fhir.r4.model.Goal.GoalLifecycleStatus;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Task.TaskStatus;
import org.junit.jupiter.api.Test;

/** How the plan of a stay goes on when the patient comes back, whatever is told first. */
@QuarkusTest
@QuarkusTestResource(value = RealParts.class, initArgs = @ResourceArg(name = RealParts.DATABASE, value = "care_plans"))
class ReadmittedPlanApiTest {

    private static final String BACK = "2026-03-19T10:00:00-04:00";
    private static final String LEFT = "2026-03-22T10:00:00-04:00";

    private final StayScene stay = new StayScene(DischargeScene.fresh());
    private final DischargeScene scene = stay.scene();
    private final FollowedPlan followed = new FollowedPlan(stay);

    @Test
    void readmissionPausesThePlanAndTellsTheTeamOnce() {
        // Given
        scene.planned();
        StayScene again = stay.next();
        // When
        tell(again.admitted(1, BACK));
        tell(again.admitted(2, BACK));
        tell(again.episode(1, EpisodeOfCareStatus.PLANNED));
        tell(scene.event("risk-assessment"));
        // Then
        soon().until(() -> followed.plan().getStatus() == CarePlanStatus.ONHOLD);
        followed.afterAllThat();
        assertThat(reason(followed.plan())).isEqualTo("readmitted");
        assertThat(followed.isWithdrawn("outreach")).isFalse();
        assertThat(followed.notices()).singleElement().satisfies(notice -> {
            assertThat(notice.getRecipientFirstRep().getReference())
                    .isEqualTo(followed.plan().getCareTeamFirstRep().getReference());
            assertThat(notice.getStatus()).isEqualTo(Communication.CommunicationStatus.COMPLETED);
            assertThat(new String(FhirJson.write(notice), StandardCharsets.UTF_8))
                    .doesNotContain(
                            "I50", "Encounter/", "hospital\"", again.scene().stay());
        });
    }

    @Test
    void readmissionThatWasAnErrorIsTakenBack() {
        // Given
        scene.planned();
        StayScene again = stay.next();
        tell(again.admitted(1, BACK));
        soon().until(() -> followed.plan().getStatus() == CarePlanStatus.ONHOLD);
        // When
        tell(again.encounter(2, EncounterStatus.CANCELLED, encounter -> {}));
        // Then
        soon().until(() -> followed.plan().getStatus() == CarePlanStatus.ACTIVE);
        assertThat(followed.notices())
                .singleElement()
                .satisfies(notice ->
                        assertThat(notice.getStatus()).isEqualTo(Communication.CommunicationStatus.ENTEREDINERROR));
        assertThat(followed.plan().getActivity())
                .noneMatch(each -> each.hasExtension(SharedTerms.ACTIVITY_WITHDRAWN_EXTENSION));
    }

    @Test
    void whatAPersonHasPausedIsNotResumed() {
        // Given
        scene.planned();
        change(CarePlan.class, scene.planId(), plan -> plan.setStatus(CarePlanStatus.ONHOLD))
                .then()
                .statusCode(200);
        StayScene again = stay.next();
        // When
        tell(again.admitted(1, BACK));
        soon().until(() -> !followed.notices().isEmpty());
        tell(again.encounter(2, EncounterStatus.CANCELLED, encounter -> {}));
        soon().until(() ->
                followed.notices().getFirst().getStatus() == Communication.CommunicationStatus.ENTEREDINERROR);
        // Then
        assertThat(followed.plan().getStatus()).isEqualTo(CarePlanStatus.ONHOLD);
    }

    @Test
    void planOfReadmissionTakesThePlaceAndTakesOverWhatPeopleSet() {
        // Given
        scene.planned();
        String goal = Fhir.create("""
                        {"resourceType":"Goal","lifecycleStatus":"active","description":{"text":"Dances at the wedding"},
                         "subject":{"reference":"Patient/%s"}}""".formatted(scene.patient()));
        tell(followed.task("outreach", TaskStatus.INPROGRESS, 1));
        soon().until(() -> followed.activity("outreach").hasReference());
        change(CarePlan.class, scene.planId(), plan -> plan.addGoal(new Reference("Goal/" + goal)))
                .then()
                .statusCode(200);
        StayScene again = stay.next();
        tell(again.admitted(1, BACK));
        soon().until(() -> followed.plan().getStatus() == CarePlanStatus.ONHOLD);
        // When
        tell(again.left(2, BACK, LEFT));
        tell(again.episode(2, EpisodeOfCareStatus.ACTIVE));
        tell(again.risk(1, "high"));
        // Then
        again.scene().awaitPlan();
        CarePlan next = again.scene().plan();
        assertThat(next.getReplacesFirstRep().getReference()).isEqualTo("CarePlan/" + scene.planId());
        assertThat(next.getStatus()).isEqualTo(CarePlanStatus.ACTIVE);
        assertThat(next.getGoal()).extracting(Reference::getReference).contains("Goal/" + goal);
        assertThat(find(next, "continued-outreach").orElseThrow().getReference().getReference())
                .isEqualTo(followed.activity("outreach").getReference().getReference());
        assertThat(followed.plan().getStatus()).isEqualTo(CarePlanStatus.REVOKED);
        assertThat(reason(followed.plan())).isEqualTo("replaced");
        assertThat(followed.isWithdrawn("medication-reconciliation")).isTrue();
        assertThat(read(Goal.class, goal).getLifecycleStatus()).isEqualTo(GoalLifecycleStatus.ACTIVE);
        assertThat(followed.notices()).hasSize(1);
    }

    /** The readmission is told in another order than it happened; the end is the same. */
    @Test
    void endsTheSameWhateverComesFirst() {
        for (boolean readmissionFirst : List.of(true, false)) {
            // Given
            StayScene first = new StayScene(DischargeScene.fresh());
            StayScene second = first.next();
            List<ResourceEvent> index =
                    REPORTS.stream().map(first.scene()::event).toList();
            List<ResourceEvent> back = List.of(
                    second.risk(1, "high"),
                    second.episode(2, EpisodeOfCareStatus.ACTIVE),
                    second.left(2, BACK, LEFT),
                    second.admitted(1, BACK));
            // When
            if (readmissionFirst) {
                back.reversed().forEach(DischargeScene::tell);
                index.forEach(DischargeScene::tell);
            } else {
                index.forEach(DischargeScene::tell);
                back.forEach(DischargeScene::tell);
            }
            second.scene().awaitPlan();
            // Then
            CarePlan plan = second.scene().plan();
            assertThat(plan.getStatus()).isEqualTo(CarePlanStatus.ACTIVE);
            soon().untilAsserted(() -> assertThat(found(
                            "CarePlan?status=active&patient=" + first.scene().patient()))
                    .containsExactly(second.scene().planId()));
        }
    }

    /** Topics have no order among each other: whatever comes between what, all is asked for once in the end. */
    @Test
    void endsTheSameHoweverTopicsMeet() {
        Random random = new Random(36);
        List<StayScene> stays = new ArrayList<>();
        // When
        for (int i = 0; i < 8; i++) {
            StayScene each = new StayScene(DischargeScene.fresh());
            stays.add(each);
            List<Deque<ResourceEvent>> topics = new ArrayList<>(List.of(
                    new ArrayDeque<>(List.of(each.scene().event("patient-created"))),
                    new ArrayDeque<>(List.of(each.risk(1, "high"), each.risk(2, "low"))),
                    new ArrayDeque<>(List.of(
                            each.scene().event("encounter-finished"),
                            each.admitted(3, "2026-03-03T08:15:00-05:00"),
                            each.diagnosed(4, "J44.1"))),
                    new ArrayDeque<>(List.of(
                            each.scene().event("episode-of-care-active"),
                            each.episode(3, EpisodeOfCareStatus.PLANNED),
                            each.episode(4, EpisodeOfCareStatus.ACTIVE)))));
            while (!topics.isEmpty()) {
                Deque<ResourceEvent> topic = topics.get(random.nextInt(topics.size()));
                tell(topic.remove());
                topics.removeIf(Deque::isEmpty);
            }
        }
        // Then
        for (StayScene each : stays) {
            soon().untilAsserted(() -> {
                CarePlan plan = read(CarePlan.class, each.scene().planId());
                assertThat(plan.getStatus()).isEqualTo(CarePlanStatus.ACTIVE);
                assertThat(plan.getActivity().stream()
                                .filter(activity -> !activity.hasExtension(SharedTerms.ACTIVITY_WITHDRAWN_EXTENSION))
                                .map(activity -> activity.getId().replaceFirst("[.][0-9]+$", ""))
                                .toList())
                        .containsExactlyInAnyOrder(
                                "outreach",
                                "medication-reconciliation",
                                "follow-up-visit",
                                "home-health",
                                "copd-teaching",
                                "copd-check",
                                "tobacco-cessation",
                                "copd-review-4-weeks",
                                "pulmonary-rehabilitation",
                                "copd-review-16-weeks");
            });
        }
    }
}
