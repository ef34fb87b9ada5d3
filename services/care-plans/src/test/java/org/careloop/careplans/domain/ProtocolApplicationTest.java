package org.careloop.careplans.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.careloop.careplans.domain.DischargeFacts.Diagnosis;
import org.careloop.careplans.protocols.ProtocolLibrary;
import org.careloop.fhirmodel.FhirId;
import org.careloop.fhirmodel.FhirJson;
import org.hl7.fhir.r4.model.CarePlan;
import org.hl7.fhir.r4.model.CarePlan.CarePlanActivityComponent;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Goal;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Resource;
import org.junit.jupiter.api.Test;

/** From a discharge and the protocols that come with the service to plan, goals and team. */
class ProtocolApplicationTest {

    private static final Instant NOW = Discharges.AT.plusSeconds(60);
    private static final ProtocolLibrary LIBRARY = ProtocolLibrary.bundled();

    @Test
    void plansForEverybodyWhoGoesHome() {
        // When
        CarePlan plan = apply(Discharges.home()).plan();
        // Then
        assertThat(plan.getActivity())
                .extracting(CarePlanActivityComponent::getId)
                .containsExactly("outreach", "medication-reconciliation", "follow-up-visit");
        assertThat(plan.getActivity())
                .extracting(activity -> activity.getDetail()
                        .getScheduledPeriod()
                        .getEndElement()
                        .getValueAsString())
                .containsExactly(
                        "2026-03-10T17:00:00.000-04:00",
                        "2026-04-06T16:00:00.000-04:00",
                        "2026-03-21T16:00:00.000-04:00");
        assertThat(plan.getActivity())
                .allSatisfy(activity ->
                        assertThat(activity.getDetail().getKind().toCode()).isEqualTo("Task"));
    }

    @Test
    void asksHomeHealthOnlyWhenDischargedToIt() {
        // When
        List<String> home = activities(Discharges.of("01", Optional.of("low")));
        List<String> homeHealth = activities(Discharges.of("06", Optional.of("low")));
        List<String> homeHealthAgain = activities(Discharges.of("86", Optional.of("low")));
        // Then
        assertThat(home).doesNotContain("home-health");
        assertThat(homeHealth).contains("home-health");
        assertThat(homeHealthAgain).contains("home-health");
    }

    @Test
    void visitsEarlierAtHighRisk() {
        // When
        List<String> high = activities(Discharges.of("01", Optional.of("high")));
        List<String> moderate = activities(Discharges.of("01", Optional.of("moderate")));
        List<String> unknown = activities(Discharges.of("01", Optional.empty()));
        // Then
        assertThat(high).contains("follow-up-visit-high-risk").doesNotContain("follow-up-visit");
        assertThat(moderate).contains("follow-up-visit").doesNotContain("follow-up-visit-high-risk");
        assertThat(unknown).contains("follow-up-visit").doesNotContain("follow-up-visit-high-risk");
    }

    @Test
    void addsTeachingAndGoalForHeartFailure() {
        // When
        PlanDraft draft = apply(Discharges.of("01", Optional.of("low"), "I50.9"));
        // Then
        assertThat(draft.plan().getActivity())
                .extracting(CarePlanActivityComponent::getId)
                .endsWith("heart-failure-teaching", "heart-failure-check");
        // 14 days by the clock of the place, over the change to summer time
        assertThat(draft.plan()
                        .getActivity()
                        .getLast()
                        .getDetail()
                        .getScheduledPeriod()
                        .getEndElement()
                        .getValueAsString())
                .isEqualTo("2026-03-21T15:00:00.000-04:00");
        assertThat(draft.goals())
                .extracting(goal -> goal.getDescription().getText())
                .containsExactly(
                        "Attends the follow-up visit",
                        "Medicines are reconciled and understood",
                        "Safe at home, no unplanned readmission in 30 days",
                        "Weighs daily and knows at what gain to call");
        assertThat(draft.plan().getInstantiatesCanonical())
                .extracting(canonical -> canonical.getValue())
                .containsExactly(
                        "https://careloop.org/fhir/PlanDefinition/general-adult-discharge|2026.1.0",
                        "https://careloop.org/fhir/PlanDefinition/heart-failure-discharge|2026.1.0");
    }

    @Test
    void writesActivityThatReferralsCanActOn() {
        // When
        CarePlan plan = apply(Discharges.of("06", Optional.of("low"))).plan();
        CarePlan only = new CarePlan();
        only.addActivity(plan.getActivity().getLast());
        // Then
        assertThat(json(only)).isEqualTo("""
                        {"resourceType":"CarePlan","activity":[{"id":"home-health",\
                        "extension":[{"url":"https://careloop.org/fhir/StructureDefinition/activity-goal","extension":[\
                        {"url":"goal","valueReference":{"reference":"Goal/%1$s"}},\
                        {"url":"effect","valueCode":"advances"}]}],\
                        "detail":{"extension":[\
                        {"url":"https://careloop.org/fhir/StructureDefinition/required-service-type",\
                        "valueCodeableConcept":{"coding":[{"system":"http://nucc.org/provider-taxonomy",\
                        "code":"251E00000X","display":"Home Health Agency"}]}},\
                        {"url":"https://careloop.org/fhir/StructureDefinition/activity-priority","valueCode":"urgent"}],\
                        "kind":"ServiceRequest","instantiatesCanonical":[\
                        "https://careloop.org/fhir/ActivityDefinition/home-health-referral|2026.1.0"],\
                        "code":{"coding":[{"system":"http://snomed.info/sct","code":"417511005",\
                        "display":"Referral to home health care service"},\
                        {"system":"https://careloop.org/fhir/CodeSystem/milestone","code":"home-health-start",\
                        "display":"Start of home health care"}],"text":"Home health referral"},\
                        "goal":[{"reference":"Goal/%1$s"}],"status":"not-started","doNotPerform":false,\
                        "scheduledPeriod":{"start":"2026-03-07T15:00:00.000-05:00",\
                        "end":"2026-03-09T16:00:00.000-04:00"},"description":"Home health care starts"}}]}""".formatted(FhirId.derivedFrom("stay-1", "Goal", "safe-at-home")));
    }

    @Test
    void writesUsCoreGoal() {
        // When
        Goal goal = apply(Discharges.home()).goals().getFirst();
        // Then
        assertThat(json(goal)).isEqualTo("""
                        {"resourceType":"Goal","id":"%s",\
                        "meta":{"profile":["http://hl7.org/fhir/us/core/StructureDefinition/us-core-goal"]},\
                        "lifecycleStatus":"active","achievementStatus":{"coding":[\
                        {"system":"http://terminology.hl7.org/CodeSystem/goal-achievement","code":"in-progress"}]},\
                        "category":[{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/goal-category",\
                        "code":"behavioral"}]}],"description":{"text":"Attends the follow-up visit"},\
                        "subject":{"reference":"Patient/ada"},"startDate":"2026-03-07",\
                        "target":[{"measure":{"coding":[{"system":"https://careloop.org/fhir/CodeSystem/goal-measure",\
                        "code":"visit-kept","display":"Follow-up visit"}],"text":"Follow-up visit"},\
                        "detailCodeableConcept":{"text":"Visit kept"},"dueDate":"2026-03-21"}],"statusDate":"2026-03-07",\
                        "addresses":[{"reference":"Condition/K8020","display":"Diagnosis K80.20"}]}""".formatted(FhirId.derivedFrom("stay-1", "Goal", "attend-follow-up")));
    }

    @Test
    void writesUsCorePlan() {
        // When
        PlanDraft draft = apply(Discharges.home());
        CarePlan plan = draft.plan();
        // Then
        assertThat(plan.getIdElement().getIdPart())
                .isEqualTo(ProtocolApplication.planIdOf("stay-1").value());
        assertThat(plan.getStatus().toCode()).isEqualTo("active");
        assertThat(plan.getIntent().toCode()).isEqualTo("plan");
        assertThat(plan.getCategoryFirstRep()
                        .hasCoding("http://hl7.org/fhir/us/core/CodeSystem/careplan-category", "assess-plan"))
                .isTrue();
        assertThat(plan.getText().getStatus().toCode()).isEqualTo("generated");
        assertThat(plan.getText().getDivAsString())
                .isEqualTo("<div xmlns=\"http://www.w3.org/1999/xhtml\"><p>Care after discharge</p><p>Goals</p><ul>"
                        + "<li>Attends the follow-up visit</li><li>Medicines are reconciled and understood</li>"
                        + "<li>Safe at home, no unplanned readmission in 30 days</li></ul><p>Activities</p><ul>"
                        + "<li>Outreach call within 2 business days</li><li>Medication reconciliation</li>"
                        + "<li>Follow-up visit within 14 days</li></ul></div>");
        assertThat(plan.getPeriod().getStartElement().getValueAsString()).isEqualTo("2026-03-07T15:00:00.000-05:00");
        assertThat(plan.getPeriod().getEndElement().getValueAsString()).isEqualTo("2026-04-06T15:00:00.000-04:00");
        assertThat(plan.getAuthor().getReference()).isEqualTo("Organization/riverside-clinic");
        assertThat(plan.getSupportingInfoFirstRep().getReference()).isEqualTo("EpisodeOfCare/episode-1");
        assertThat(plan.getGoal())
                .extracting(Reference::getReference)
                .isEqualTo(draft.goals().stream()
                        .map(goal -> "Goal/" + goal.getIdElement().getIdPart())
                        .toList());
        assertThat(plan.getCareTeamFirstRep().getReference())
                .isEqualTo("CareTeam/" + draft.team().getIdElement().getIdPart());
    }

    @Test
    void escapesTextOfNarrative() {
        // Given
        CarePlan plan = new CarePlan().setTitle("<script>&\"");
        Goal goal = new Goal();
        goal.getDescription().setText("</li><b>");
        // When
        plan.setText(PlanNarrative.of(plan, List.of(goal)));
        // Then
        assertThat(plan.getText().getDivAsString())
                .isEqualTo("<div xmlns=\"http://www.w3.org/1999/xhtml\"><p>&lt;script&gt;&amp;&quot;</p>"
                        + "<p>Goals</p><ul><li>&lt;/li&gt;&lt;b&gt;</li></ul></div>");
    }

    @Test
    void namesThoseWhomTheMessageNames() {
        // When
        PlanDraft draft = apply(Discharges.home());
        // Then
        assertThat(draft.team().getStatus().toCode()).isEqualTo("active");
        assertThat(draft.team().getParticipant())
                .extracting(participant ->
                        participant.getRoleFirstRep().getCodingFirstRep().getDisplay() + ": "
                                + (participant.getMember().hasReference()
                                        ? participant.getMember().getReference()
                                        : participant.getMember().getDisplay()))
                .containsExactly(
                        "Patient: Patient/ada",
                        "Primary care provider: Family doctor",
                        "Attending physician: Attending",
                        "Healthcare related organization: Organization/riverside-clinic");
    }

    @Test
    void makesTheSameWhenToldAgain() {
        // When
        PlanDraft once = apply(Discharges.of("06", Optional.of("high"), "I50.9"));
        PlanDraft again = apply(Discharges.of("06", Optional.of("high"), "I50.9"));
        // Then
        assertThat(json(again.plan())).isEqualTo(json(once.plan()));
        assertThat(json(again.team())).isEqualTo(json(once.team()));
        assertThat(again.goals().stream().map(ProtocolApplicationTest::json).toList())
                .isEqualTo(
                        once.goals().stream().map(ProtocolApplicationTest::json).toList());
    }

    @Test
    void makesWhatTheLifeCyclesTakeEvenWithoutDiagnoses() {
        // When
        PlanDraft draft = apply(Discharges.of("01", Optional.empty()));
        // Then
        assertThat(draft.plan().getAddressesFirstRep().getDisplay())
                .isEqualTo("Transition of care after a hospital stay");
        assertThatCode(() -> {
                    CarePlanLifecycle.check(Optional.empty(), draft.plan(), PlanActor.PLATFORM, draft.goals());
                    CareTeamLifecycle.check(Optional.empty(), draft.team(), PlanActor.PLATFORM);
                    draft.goals().forEach(goal -> GoalLifecycle.check(Optional.empty(), goal, PlanActor.PLATFORM));
                })
                .doesNotThrowAnyException();
    }

    @Test
    void addressesDiagnosisWithoutConditionInWords() {
        // Given
        DischargeFacts known = Discharges.home();
        Diagnosis diagnosis = new Diagnosis(new Coding("urn:x", "K80.20", "Gallstones"), Optional.empty());
        DischargeFacts facts = new DischargeFacts(
                known.patient(),
                known.encounter(),
                known.episode(),
                known.discharge(),
                List.of(diagnosis),
                known.riskBand(),
                known.milestones(),
                known.parties(),
                known.birthDate());
        // When
        Reference addresses = apply(facts).plan().getAddressesFirstRep();
        // Then
        assertThat(addresses.getDisplay()).isEqualTo("Gallstones");
        assertThat(addresses.getType()).isEqualTo("Condition");
    }

    /** To a nursing home there is no outreach and no visit by us: the transition has no milestones for them. */
    @Test
    void leavesOutWhatTransitionSetsNoTimeFor() {
        // Given
        DischargeFacts known = Discharges.of("03", Optional.of("low"), "I50.9");
        Map<String, Instant> milestones = new HashMap<>(known.milestones());
        milestones.keySet().removeAll(List.of("outreach", "follow-up-visit", "home-health-start"));
        DischargeFacts facts = Discharges.moved(known, Discharges.AT, "03", milestones);
        // When
        PlanDraft draft = apply(facts);
        // Then
        assertThat(activities(facts)).containsExactly("medication-reconciliation", "heart-failure-check");
        assertThat(draft.goals())
                .allSatisfy(
                        goal -> assertThat(goal.getTargetFirstRep().hasDue()).isTrue());
    }

    /** The corrected discharge is told before the times that follow from it. */
    @Test
    void isDueAtOnceWhereDischargeIsLaterThanItsMilestones() {
        // Given
        DischargeFacts known = Discharges.home();
        DischargeFacts facts = Discharges.moved(known, Instant.parse("2026-03-20T20:00:00Z"), "01", known.milestones());
        // When
        var outreach = apply(facts).plan().getActivityFirstRep().getDetail().getScheduledPeriod();
        // Then
        assertThat(outreach.getStart()).isEqualTo(outreach.getEnd());
    }

    @Test
    void lastsUntilLastActivityIsDue() {
        // When
        CarePlan plan = apply(Discharges.of("01", Optional.of("low"), "J44.1")).plan();
        // Then
        assertThat(plan.getPeriod().getEndElement().getValueAsString()).isEqualTo("2026-06-27T15:00:00.000-04:00");
        assertThat(plan.getActivity())
                .extracting(CarePlanActivityComponent::getId)
                .doesNotHaveDuplicates();
    }

    @Test
    void replacesActionsByThoseOfLaterProtocol() {
        // Given
        Protocol general = LIBRARY.protocolsFor(Discharges.home()).getFirst();
        Protocol.ProtocolAction outreach = general.actions().getFirst();
        Protocol special = new Protocol(
                "special",
                "urn:special|1",
                "Special",
                List.of(),
                List.of(new Protocol.ProtocolAction(
                        outreach.id(),
                        "Call at once",
                        outreach.definition(),
                        List.of(),
                        outreach.due(),
                        outreach.goals())));
        // When
        CarePlan plan = ProtocolApplication.apply(Discharges.home(), List.of(general, special), NOW)
                .plan();
        // Then
        assertThat(plan.getActivity())
                .extracting(activity -> activity.getDetail().getDescription())
                .containsExactly("Call at once", "Medication reconciliation", "Follow-up visit within 14 days");
    }

    @Test
    void refusesActionForGoalOfNoProtocol() {
        // Given the heart failure protocol alone, which serves a goal of the general one
        DischargeFacts facts = Discharges.of("01", Optional.of("low"), "I50.9");
        List<Protocol> alone = List.of(LIBRARY.protocolsFor(facts).getLast());
        // When, Then
        assertThatThrownBy(() -> ProtocolApplication.apply(facts, alone, NOW))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("goalId: unknown on heart-failure-teaching");
    }

    private static List<String> activities(DischargeFacts facts) {
        return apply(facts).plan().getActivity().stream()
                .map(CarePlanActivityComponent::getId)
                .toList();
    }

    private static PlanDraft apply(DischargeFacts facts) {
        return ProtocolApplication.apply(facts, LIBRARY.protocolsFor(facts), NOW);
    }

    private static String json(Resource resource) {
        return new String(FhirJson.write(resource), StandardCharsets.UTF_8);
    }
}
