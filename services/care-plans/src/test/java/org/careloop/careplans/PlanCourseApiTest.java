package org.careloop.careplans;

import static org.assertj.core.api.Assertions.assertThat;
import static org.careloop.careplans.DischargeScene.REPORTS;
import static org.careloop.careplans.DischargeScene.change;
import static org.careloop.careplans.DischargeScene.soon;
import static org.careloop.careplans.DischargeScene.tell;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.careloop.careplans.domain.PlanIds;
import org.careloop.eventcontracts.ResourceEvent;
import org.careloop.eventcontracts.SharedTerms;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.testkit.Fhir;
import org.careloop.testkit.RealParts;
import org.careloop.testkit.Tokens;
import org.hl7.fhir.r4.model.CarePlan;
import org.hl7.fhir.r4.model.CarePlan.CarePlanActivityComponent;
import org.hl7.fhir.r4.model.CarePlan.CarePlanStatus;
import org.hl7.fhir.r4.model.CareTeam;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Communication;
import org.hl7.fhir.r4.model.Encounter.EncounterStatus;
import org.hl7.fhir.r4.model.EpisodeOfCare.EpisodeOfCareStatus;
import org.hl7.fhir.r4.model.Goal;
import org.hl7.fhir.r4.model.Goal.GoalLifecycleStatus;
import org.hl7.fhir.r4.model.Provenance;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Resource;
import org.hl7.fhir.r4.model.Task;
import org.hl7.fhir.r4.model.Task.TaskStatus;
import org.junit.jupiter.api.Test;

/** How the plan of a stay goes on: facts change, discharges and admissions are taken back, the patient comes back. */
@QuarkusTest
@QuarkusTestResource(value = RealParts.class, initArgs = @ResourceArg(name = RealParts.DATABASE, value = "care_plans"))
class PlanCourseApiTest {

    private static final String BACK = "2026-03-19T10:00:00-04:00";
    private static final String LEFT = "2026-03-22T10:00:00-04:00";

    private final StayScene stay = new StayScene(DischargeScene.fresh());
    private final DischargeScene scene = stay.scene();

    @Test
    void otherDiagnosisAddsWithdrawsAndSaysWhyOnce() {
        // Given
        scene.planned();
        tell(task("heart-failure-teaching", TaskStatus.INPROGRESS, 1));
        soon().until(() -> activity("heart-failure-teaching").hasReference());
        change(
                        CarePlan.class,
                        scene.planId(),
                        plan -> find(plan, "outreach").orElseThrow().getDetail().setDescription("Call the daughter"))
                .then()
                .statusCode(200);
        // When
        ResourceEvent copd = stay.diagnosed(3, "J44.1");
        tell(copd);
        soon().until(() -> find(plan(), "copd-check").isPresent());
        String version = plan().getMeta().getVersionId();
        tell(copd);
        tell(stay.diagnosed(4, "J44.1"));
        afterAllThat();
        // Then
        CarePlan plan = plan();
        assertThat(plan.getMeta().getVersionId()).isEqualTo(version);
        assertThat(plan.getStatus()).isEqualTo(CarePlanStatus.ACTIVE);
        assertThat(isWithdrawn("heart-failure-check")).isTrue();
        assertThat(activity("heart-failure-check").getDetail().getStatus().toCode())
                .isEqualTo("cancelled");
        assertThat(isWithdrawn("heart-failure-teaching")).isFalse();
        assertThat(activity("outreach").getDetail().getDescription()).isEqualTo("Call the daughter");
        assertThat(plan.getInstantiatesCanonical().getLast().getValue()).contains("copd-discharge|");
        assertThat(plan.getAddresses()).extracting(Reference::getDisplay).containsExactly("Diagnosis J44.1");
        assertThat(goals())
                .filteredOn(goal -> goal.getDescription().getText().startsWith("Weighs"))
                .singleElement()
                .satisfies(goal -> {
                    assertThat(goal.getLifecycleStatus()).isEqualTo(GoalLifecycleStatus.CANCELLED);
                    assertThat(goal.getStatusReason()).isEqualTo("The diagnoses of the stay have changed");
                });
        List<Provenance> provenances = provenances("UPDATE");
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
        soon().until(() ->
                isWithdrawn("home-health") && find(plan(), "follow-up-visit").isPresent());
        assertThat(isWithdrawn("follow-up-visit-high-risk")).isTrue();
        assertThat(isWithdrawn("outreach")).isFalse();
    }

    @Test
    void cancelledDischargePausesThePlanWhichGoesOnWhenDischargedAgain() {
        // Given
        scene.planned();
        tell(task("outreach", TaskStatus.INPROGRESS, 1));
        soon().until(() -> activity("outreach").hasReference());
        // When
        stay.dischargeCancelled(3);
        stay.dischargeCancelled(3);
        // Then
        soon().until(() -> plan().getStatus() == CarePlanStatus.ONHOLD);
        assertThat(reason(plan())).isEqualTo("discharge-cancelled");
        assertThat(isWithdrawn("medication-reconciliation")).isTrue();
        assertThat(isWithdrawn("outreach")).isFalse();
        assertThat(notices()).isEmpty();
        // When
        tell(stay.episode(4, EpisodeOfCareStatus.ACTIVE));
        tell(stay.diagnosed(4, "J44.1"));
        // Then
        soon().until(() -> plan().getStatus() == CarePlanStatus.ACTIVE);
        CarePlan plan = plan();
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
        String team = plan().getCareTeamFirstRep().getReferenceElement().getIdPart();
        // When
        tell(stay.episode(3, EpisodeOfCareStatus.CANCELLED));
        tell(stay.encounter(3, EncounterStatus.CANCELLED, encounter -> {}));
        // Then
        soon().until(() -> plan().getStatus() == CarePlanStatus.ENTEREDINERROR);
        assertThat(reason(plan())).isEqualTo("admission-cancelled");
        assertThat(plan().getActivity())
                .allSatisfy(activity -> assertThat(activity.hasExtension(SharedTerms.ACTIVITY_WITHDRAWN_EXTENSION))
                        .isTrue());
        assertThat(goals())
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
        tell(task("outreach", TaskStatus.INPROGRESS, 1));
        soon().until(() -> activity("outreach").hasReference());
        // When
        tell(stay.encounter(3, EncounterStatus.CANCELLED, encounter -> {}));
        // Then
        soon().until(() -> plan().getStatus() == CarePlanStatus.REVOKED);
        assertThat(isWithdrawn("outreach")).isFalse();
    }

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
        soon().until(() -> plan().getStatus() == CarePlanStatus.ONHOLD);
        afterAllThat();
        assertThat(reason(plan())).isEqualTo("readmitted");
        assertThat(isWithdrawn("outreach")).isFalse();
        assertThat(notices()).singleElement().satisfies(notice -> {
            assertThat(notice.getRecipientFirstRep().getReference())
                    .isEqualTo(plan().getCareTeamFirstRep().getReference());
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
        soon().until(() -> plan().getStatus() == CarePlanStatus.ONHOLD);
        // When
        tell(again.encounter(2, EncounterStatus.CANCELLED, encounter -> {}));
        // Then
        soon().until(() -> plan().getStatus() == CarePlanStatus.ACTIVE);
        assertThat(notices())
                .singleElement()
                .satisfies(notice ->
                        assertThat(notice.getStatus()).isEqualTo(Communication.CommunicationStatus.ENTEREDINERROR));
        assertThat(plan().getActivity()).noneMatch(each -> each.hasExtension(SharedTerms.ACTIVITY_WITHDRAWN_EXTENSION));
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
        soon().until(() -> !notices().isEmpty());
        tell(again.encounter(2, EncounterStatus.CANCELLED, encounter -> {}));
        soon().until(() -> notices().getFirst().getStatus() == Communication.CommunicationStatus.ENTEREDINERROR);
        // Then
        assertThat(plan().getStatus()).isEqualTo(CarePlanStatus.ONHOLD);
    }

    @Test
    void planOfReadmissionTakesThePlaceAndTakesOverWhatPeopleSet() {
        // Given
        scene.planned();
        String goal = Fhir.create("""
                        {"resourceType":"Goal","lifecycleStatus":"active","description":{"text":"Dances at the wedding"},
                         "subject":{"reference":"Patient/%s"}}""".formatted(scene.patient()));
        tell(task("outreach", TaskStatus.INPROGRESS, 1));
        soon().until(() -> activity("outreach").hasReference());
        change(CarePlan.class, scene.planId(), plan -> plan.addGoal(new Reference("Goal/" + goal)))
                .then()
                .statusCode(200);
        StayScene again = stay.next();
        tell(again.admitted(1, BACK));
        soon().until(() -> plan().getStatus() == CarePlanStatus.ONHOLD);
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
                .isEqualTo(activity("outreach").getReference().getReference());
        assertThat(plan().getStatus()).isEqualTo(CarePlanStatus.REVOKED);
        assertThat(reason(plan())).isEqualTo("replaced");
        assertThat(isWithdrawn("medication-reconciliation")).isTrue();
        assertThat(read(Goal.class, goal).getLifecycleStatus()).isEqualTo(GoalLifecycleStatus.ACTIVE);
        assertThat(notices()).hasSize(1);
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

    private void afterAllThat() {
        // Events of one patient keep their order, so what was told before has had its effect once this has.
        StayScene other = stay.next();
        REPORTS.forEach(name -> tell(other.scene().event(name)));
        other.scene().awaitPlan();
    }

    private ResourceEvent task(String activity, TaskStatus status, int version) {
        Task task = scene.resource("task-requested", Task.class);
        task.setId(activity + "-" + scene.stay().substring(2, 20));
        task.setFocus(null).setStatus(status).setOutput(List.of());
        task.getMeta().setVersionId(Integer.toString(version));
        task.getIdentifierFirstRep().setValue(scene.planId() + "#" + activity);
        return scene.event(task);
    }

    private CarePlan plan() {
        return read(CarePlan.class, scene.planId());
    }

    private CarePlanActivityComponent activity(String id) {
        return find(plan(), id).orElseThrow();
    }

    private boolean isWithdrawn(String id) {
        return activity(id).hasExtension(SharedTerms.ACTIVITY_WITHDRAWN_EXTENSION);
    }

    private static Optional<CarePlanActivityComponent> find(CarePlan plan, String id) {
        return plan.getActivity().stream()
                .filter(activity -> id.equals(activity.getId()))
                .findFirst();
    }

    private static String reason(CarePlan plan) {
        return ((CodeableConcept) plan.getExtensionByUrl(SharedTerms.PLAN_STATUS_REASON_EXTENSION)
                        .getValue())
                .getCodingFirstRep()
                .getCode();
    }

    private List<Goal> goals() {
        return plan().getGoal().stream()
                .map(goal -> read(Goal.class, goal.getReferenceElement().getIdPart()))
                .toList();
    }

    private List<Communication> notices() {
        return found("Communication?subject=Patient/" + scene.patient()).stream()
                .map(id -> read(Communication.class, id))
                .filter(notice -> notice.getAboutFirstRep().getReference().equals("CarePlan/" + scene.planId()))
                .toList();
    }

    private List<Provenance> provenances(String operation) {
        return found("Provenance?target=CarePlan/" + scene.planId()).stream()
                .map(id -> read(Provenance.class, id))
                .filter(provenance -> operation.equals(
                        provenance.getActivity().getCodingFirstRep().getCode()))
                .toList();
    }

    /** As a service, which sees the patient when the team has ended too. */
    private static List<String> found(String url) {
        return Fhir.matches(Fhir.search(Tokens.service(), url));
    }

    private static <T extends Resource> T read(Class<T> type, String id) {
        return FhirJson.parse(
                type,
                Fhir.as(Tokens.service())
                        .get("/fhir/{type}/{id}", type.getSimpleName(), id)
                        .asByteArray());
    }
}
