package org.careloop.referrals.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.nio.charset.StandardCharsets;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.careloop.fhirmodel.FhirId;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.referrals.domain.AgencyChoice.Offer;
import org.careloop.referrals.domain.PlannedOrders.Offered;
import org.hl7.fhir.r4.model.Address.AddressUse;
import org.hl7.fhir.r4.model.CarePlan;
import org.hl7.fhir.r4.model.CarePlan.CarePlanActivityComponent;
import org.hl7.fhir.r4.model.CarePlan.CarePlanActivityKind;
import org.hl7.fhir.r4.model.CarePlan.CarePlanActivityStatus;
import org.hl7.fhir.r4.model.CarePlan.CarePlanStatus;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Patient;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Resource;
import org.hl7.fhir.r4.model.Task;
import org.hl7.fhir.r4.model.Timing;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** From an activity of a care plan to the referral or Task that it asks for. */
class PlannedOrdersTest {

    private static final Instant AT = Instant.parse("2026-03-02T15:00:00Z");
    private static final Reference REQUESTER = new Reference("Organization/general-hospital");
    private static final Offer HARBOR =
            new Offer("HealthcareService/hhs", "Organization/harbor-home-health", List.of());
    private static final String PLAN = """
            {"resourceType":"CarePlan","id":"plan-1","status":"active","intent":"plan",
             "subject":{"reference":"Patient/ada"},"encounter":{"reference":"Encounter/e-1"},
             "addresses":[{"reference":"Condition/c-1"},{"display":"Discharge from hospital"}],
             "activity":[
              {"id":"home-health","detail":{
                "extension":[
                 {"url":"https://careloop.org/fhir/StructureDefinition/required-service-type",
                  "valueCodeableConcept":{"coding":[{"system":"http://nucc.org/provider-taxonomy","code":"251E00000X"}]}},
                 {"url":"https://careloop.org/fhir/StructureDefinition/activity-priority","valueCode":"urgent"}],
                "kind":"ServiceRequest","status":"not-started","doNotPerform":false,
                "code":{"coding":[{"system":"http://snomed.info/sct","code":"417511005"}]},
                "goal":[{"reference":"Goal/g-1"}],
                "scheduledPeriod":{"start":"2026-03-02T15:00:00Z","end":"2026-03-04T15:00:00Z"},
                "description":"Home health agency starts care"}},
              {"id":"outreach","detail":{"kind":"Task","status":"not-started",
                "code":{"coding":[{"system":"http://snomed.info/sct","code":"185317003"}]},
                "scheduledPeriod":{"end":"2026-03-04T22:00:00Z"},"description":"Outreach call"}}]}
            """;

    @Test
    void makesServiceRequestForAgency() {
        // When
        Offered referral = asked(HARBOR);
        // Then
        assertThat(json(referral.request()))
                .isEqualTo("""
                        {"resourceType":"ServiceRequest","id":"%s",\
                        "meta":{"profile":["http://hl7.org/fhir/us/core/StructureDefinition/us-core-servicerequest"]},\
                        "extension":[{"url":"http://hl7.org/fhir/StructureDefinition/resource-pertainsToGoal",\
                        "valueReference":{"reference":"Goal/g-1"}}],\
                        "identifier":[{"system":"https://careloop.org/fhir/sid/plan-activity",\
                        "value":"plan-1#home-health"}],"basedOn":[{"reference":"CarePlan/plan-1"}],\
                        "status":"active","intent":"order","category":[{"coding":[{"system":"http://snomed.info/sct",\
                        "code":"3457005","display":"Patient referral"}]}],"priority":"urgent",\
                        "code":{"coding":[{"system":"http://snomed.info/sct","code":"417511005"}]},\
                        "subject":{"reference":"Patient/ada"},"encounter":{"reference":"Encounter/e-1"},\
                        "occurrencePeriod":{"start":"2026-03-02T15:00:00Z","end":"2026-03-04T15:00:00Z"},\
                        "authoredOn":"2026-03-02T15:00:00.000Z",\
                        "requester":{"reference":"Organization/general-hospital"},\
                        "performer":[{"reference":"Organization/harbor-home-health"},\
                        {"reference":"HealthcareService/hhs"}],"reasonReference":[{"reference":"Condition/c-1"}],\
                        "note":[{"text":"Home health agency starts care"}]}""".formatted(FhirId.derivedFrom("plan-1", "home-health", "ServiceRequest")));
    }

    @Test
    void makesTaskForAgency() {
        // When
        Offered referral = asked(HARBOR);
        // Then
        assertThat(json(referral.tasks().getFirst())).isEqualTo("""
                        {"resourceType":"Task","id":"%s","meta":{"profile":["http://hl7.org/fhir/us/sdoh-clinicalcare/\
                        StructureDefinition/SDOHCC-TaskForReferralManagement"]},\
                        "identifier":[{"system":"https://careloop.org/fhir/sid/plan-activity",\
                        "value":"plan-1#home-health"}],"basedOn":[{"reference":"CarePlan/plan-1"}],\
                        "status":"requested","intent":"order","priority":"urgent",\
                        "code":{"coding":[{"system":"http://hl7.org/fhir/CodeSystem/task-code","code":"fulfill",\
                        "display":"Fulfill the focal request"}]},"description":"Home health agency starts care",\
                        "focus":{"reference":"ServiceRequest/%s"},"for":{"reference":"Patient/ada"},\
                        "encounter":{"reference":"Encounter/e-1"},"authoredOn":"2026-03-02T15:00:00.000Z",\
                        "lastModified":"2026-03-02T15:00:00.000Z",\
                        "requester":{"reference":"Organization/general-hospital"},\
                        "owner":{"reference":"Organization/harbor-home-health"},\
                        "reasonCode":{"coding":[{"system":"http://snomed.info/sct","code":"417511005"}]},\
                        "restriction":{"period":{"start":"2026-03-02T15:00:00Z","end":"2026-03-04T15:00:00Z"}}}""".formatted(
                        FhirId.derivedFrom("plan-1", "home-health", "Task"),
                        FhirId.derivedFrom("plan-1", "home-health", "ServiceRequest")));
    }

    @Test
    void leavesTaskOpenWithoutAgency() {
        // When
        Offered referral = asked();
        // Then
        assertThat(referral.tasks()).singleElement().matches(task -> !task.hasOwner());
        assertThat(referral.request().hasPerformer()).isFalse();
    }

    @Test
    void asksSeveralByTasksOfWhichOneIsEnough() {
        // Given
        Offer bay = new Offer("HealthcareService/bay", "Organization/bay", List.of());
        // When
        Offered referral = asked(HARBOR, bay);
        // Then
        assertThat(referral.tasks())
                .extracting(task -> task.getOwner().getReference())
                .containsExactly(HARBOR.organization(), bay.organization());
        assertThat(referral.tasks()).allMatch(Offers::isAlternative);
        assertThat(referral.tasks())
                .extracting(task -> task.getGroupIdentifier().getValue())
                .containsOnly(referral.tasks().getFirst().getIdElement().getIdPart());
        assertThat(referral.tasks())
                .extracting(task -> task.getIdElement().getIdPart())
                .doesNotHaveDuplicates();
        assertThat(referral.request().hasPerformer()).isFalse();
        assertThat(asked(HARBOR).tasks()).noneMatch(Offers::isAlternative);
    }

    private static Offered asked(Offer... offers) {
        return PlannedOrders.address(PlannedOrders.refer(homeHealth(), REQUESTER, AT), List.of(offers));
    }

    @Test
    void makesFollowUpTaskOfOurOwn() {
        // When
        Task task = PlannedOrders.followUp(
                PlannedActivity.in(plan()).get(1), new Reference("Organization/riverside-clinic"), REQUESTER, AT);
        // Then
        assertThat(json(task)).isEqualTo("""
                        {"resourceType":"Task","id":"%s",\
                        "identifier":[{"system":"https://careloop.org/fhir/sid/plan-activity",\
                        "value":"plan-1#outreach"}],"basedOn":[{"reference":"CarePlan/plan-1"}],"status":"ready",\
                        "intent":"order","priority":"routine",\
                        "code":{"coding":[{"system":"http://snomed.info/sct","code":"185317003"}]},\
                        "description":"Outreach call","for":{"reference":"Patient/ada"},\
                        "encounter":{"reference":"Encounter/e-1"},"authoredOn":"2026-03-02T15:00:00.000Z",\
                        "lastModified":"2026-03-02T15:00:00.000Z",\
                        "requester":{"reference":"Organization/general-hospital"},\
                        "owner":{"reference":"Organization/riverside-clinic"},\
                        "restriction":{"period":{"end":"2026-03-04T22:00:00Z"}}}""".formatted(FhirId.derivedFrom("plan-1", "outreach", "Task")));
    }

    @Test
    void makesWhatTheLifeCyclesTake() {
        // When
        Offered referral = asked(HARBOR);
        Task followUp = PlannedOrders.followUp(PlannedActivity.in(plan()).get(1), REQUESTER, REQUESTER, AT);
        // Then
        assertThatCode(() -> {
                    TaskLifecycle.check(Optional.empty(), referral.tasks().getFirst(), Actor.PLATFORM);
                    TaskLifecycle.check(Optional.empty(), followUp, Actor.PLATFORM);
                    ServiceRequestLifecycle.check(Optional.empty(), referral.request(), Actor.PLATFORM, List.of());
                })
                .doesNotThrowAnyException();
    }

    @Test
    void makesTheSameFromThePlanToldAgain() {
        // When
        Offered once = asked(HARBOR);
        Offered again = asked(HARBOR);
        // Then
        assertThat(json(again.request())).isEqualTo(json(once.request()));
        assertThat(json(again.tasks().getFirst())).isEqualTo(json(once.tasks().getFirst()));
    }

    @Test
    void tellsReferralsFromOwnWork() {
        // When
        List<PlannedActivity> planned = PlannedActivity.in(plan());
        // Then
        assertThat(planned).extracting(PlannedActivity::key).containsExactly("plan-1#home-health", "plan-1#outreach");
        assertThat(planned).extracting(PlannedActivity::isReferral).containsExactly(true, false);
    }

    @ParameterizedTest
    @MethodSource
    void plansNothingFor(Consumer<CarePlan> change) {
        // Given
        CarePlan plan = plan();
        plan.setActivity(plan.getActivity().subList(0, 1));
        change.accept(plan);
        // When, Then
        assertThat(PlannedActivity.in(plan)).isEmpty();
    }

    static Stream<Consumer<CarePlan>> plansNothingFor() {
        return Stream.of(
                plan -> plan.setStatus(CarePlanStatus.DRAFT),
                plan -> plan.setStatus(CarePlanStatus.REVOKED),
                plan -> first(plan).setId(null),
                plan -> first(plan).setDetail(null).setReference(new Reference("ServiceRequest/1")),
                plan -> first(plan).getDetail().setDoNotPerform(true),
                plan -> first(plan).getDetail().setKind(CarePlanActivityKind.APPOINTMENT),
                plan -> first(plan).getDetail().setStatus(CarePlanActivityStatus.CANCELLED));
    }

    @Test
    void readsNeedFromActivityAndPatient() {
        // Given
        Patient patient = new Patient();
        patient.addAddress().setUse(AddressUse.OLD).setPostalCode("90210").setState("CA");
        patient.addAddress().setUse(AddressUse.TEMP).setPostalCode("10001").setState("NY");
        patient.addAddress().setUse(AddressUse.HOME).setPostalCode("02139-4307").setState("MA");
        patient.addCommunication().setLanguage(new CodeableConcept(new Coding("urn:ietf:bcp:47", "es-US", null)));
        // When
        ServiceNeed need = needOf(patient);
        // Then
        assertThat(need.key()).isEqualTo("plan-1#home-health");
        assertThat(need.serviceTypes()).extracting(Coding::getCode).containsExactly("251E00000X");
        assertThat(need.person().postalCode()).contains("021394307");
        assertThat(need.person().state()).contains("MA");
        assertThat(need.person().languages()).containsExactly("es");
    }

    private static ServiceNeed needOf(Patient patient) {
        return ServiceNeed.of(
                WaitingReferral.of(homeHealth(), ZoneOffset.UTC),
                PersonServed.of(patient),
                List.of(),
                Set.of(),
                AT.atZone(ZoneOffset.UTC));
    }

    @Test
    void keepsWhenItIsNeeded() {
        // Given
        CarePlan plan = plan();
        Timing mondays = new Timing();
        mondays.getRepeat().addDayOfWeek(Timing.DayOfWeek.MON);
        first(plan).getDetail().setScheduled(mondays);
        PlannedActivity rhythm = PlannedActivity.in(plan).getFirst();
        // Then
        assertThat(WaitingReferral.of(homeHealth(), ZoneOffset.UTC).when())
                .contains(new TimeNeeded(
                        Optional.of(AT), Optional.of(AT.plusSeconds(2 * 86400)), Set.of(), Set.of(), false));
        assertThat(WaitingReferral.of(rhythm, ZoneOffset.UTC).by("other").when())
                .contains(
                        new TimeNeeded(Optional.empty(), Optional.empty(), Set.of(DayOfWeek.MONDAY), Set.of(), false));
        assertThat(PlannedOrders.refer(rhythm, REQUESTER, AT)
                        .request()
                        .getOccurrence()
                        .equalsDeep(mondays))
                .isTrue();
    }

    @Test
    void readsNeedOfPatientWithoutAddress() {
        // When
        ServiceNeed need = needOf(new Patient());
        // Then
        assertThat(need.person().postalCode()).isEmpty();
        assertThat(need.person().state()).isEmpty();
        assertThat(need.person().languages()).isEmpty();
    }

    private static CarePlanActivityComponent first(CarePlan plan) {
        return plan.getActivityFirstRep();
    }

    private static PlannedActivity homeHealth() {
        return PlannedActivity.in(plan()).getFirst();
    }

    private static CarePlan plan() {
        return FhirJson.parse(CarePlan.class, PLAN.getBytes(StandardCharsets.UTF_8));
    }

    private static String json(Resource resource) {
        return new String(FhirJson.write(resource), StandardCharsets.UTF_8);
    }
}
