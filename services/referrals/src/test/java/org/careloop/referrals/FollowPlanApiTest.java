package org.careloop.referrals;

import static org.assertj.core.api.Assertions.assertThat;
import static org.careloop.referrals.Scene.HARBOR;
import static org.careloop.referrals.Scene.coordinator;
import static org.careloop.referrals.Scene.soon;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Date;
import java.util.List;
import java.util.Map;
import org.careloop.eventcontracts.SharedTerms;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.fhirmodel.FhirTime;
import org.careloop.testkit.RealParts;
import org.careloop.testkit.Tokens;
import org.hl7.fhir.r4.model.CarePlan;
import org.hl7.fhir.r4.model.CarePlan.CarePlanActivityComponent;
import org.hl7.fhir.r4.model.CarePlan.CarePlanStatus;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Extension;
import org.hl7.fhir.r4.model.Period;
import org.hl7.fhir.r4.model.Task;
import org.hl7.fhir.r4.model.Task.TaskStatus;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What was handed out follows the plan: withdrawn, moved, paused and resumed; what somebody has begun stays. */
@QuarkusTest
@QuarkusTestResource(value = RealParts.class, initArgs = @ResourceArg(name = RealParts.DATABASE, value = "referrals"))
class FollowPlanApiTest {

    private final Scene scene = Scene.homeHealth();

    @BeforeEach
    void referred() {
        Scene.directory();
        scene.referred();
    }

    @Test
    void withdrawsWhatNobodyHasBegun() {
        // Given
        start("outreach");
        CarePlan plan = scene.carePlan();
        for (String activity : new String[] {"home-health", "outreach", "medication-reconciliation"}) {
            activity(plan, activity).addExtension(SharedTerms.ACTIVITY_WITHDRAWN_EXTENSION, why("discharge-cancelled"));
        }
        // When
        Bus.tell(Bus.event(plan, 2));
        // Then
        soon().untilAsserted(() -> coordinator()
                .get("/fhir/Task/{id}", scene.task("medication-reconciliation"))
                .then()
                .body("status", equalTo("cancelled"))
                .body("statusReason.text", equalTo("Because")));
        coordinator()
                .get("/fhir/ServiceRequest/{id}", scene.serviceRequest())
                .then()
                .body("status", equalTo("revoked"))
                .body(
                        "extension.valueCodeableConcept.coding.flatten().code.toString()",
                        containsString("discharge-cancelled"));
        coordinator().get("/fhir/Task/{id}", scene.referralTask()).then().body("status", equalTo("cancelled"));
        assertThat(status("outreach")).isEqualTo("in-progress");
        assertThat(status("follow-up-visit-high-risk")).isEqualTo("ready");
    }

    @Test
    void leavesReferralThatWasAccepted() {
        // Given
        accept();
        CarePlan plan = scene.carePlan();
        activity(plan, "home-health")
                .addExtension(SharedTerms.ACTIVITY_WITHDRAWN_EXTENSION, why("disposition-changed"));
        activity(plan, "outreach").addExtension(SharedTerms.ACTIVITY_WITHDRAWN_EXTENSION, why("disposition-changed"));
        // When
        Bus.tell(Bus.event(plan, 2));
        // Then
        soon().untilAsserted(() -> assertThat(status("outreach")).isEqualTo("cancelled"));
        assertThat(status("home-health")).isEqualTo("accepted");
        assertThat(request()).isEqualTo("active");
    }

    @Test
    void standsStillWhileThePlanIsOnHoldAndGoesOn() {
        // Given
        accept();
        // When
        CarePlan onHold = scene.carePlan().setStatus(CarePlanStatus.ONHOLD);
        onHold.addExtension(SharedTerms.PLAN_STATUS_REASON_EXTENSION, why("readmitted"));
        Bus.tell(Bus.event(onHold, 2));
        // Then
        soon().untilAsserted(
                        () -> assertThat(clocksOf("follow-up-visit-high-risk")).doesNotContain("valueDateTime"));
        assertThat(request()).isEqualTo("on-hold");
        assertThat(status("home-health")).isEqualTo("accepted");
        assertThat(status("outreach")).isEqualTo("ready");
        // When what was begun is done while the plan is on hold, and it goes on
        Scene.change(Tokens.partner(HARBOR), scene.referralTask(), task -> task.setStatus(TaskStatus.INPROGRESS));
        Scene.change(Tokens.partner(HARBOR), scene.referralTask(), Scene.completed("Procedure/start"))
                .then()
                .statusCode(200);
        assertThat(request()).isEqualTo("on-hold");
        CarePlan active = scene.carePlan();
        active.addExtension(SharedTerms.PLAN_STATUS_REASON_EXTENSION, why("readmission-cancelled"));
        Bus.tell(Bus.event(active, 3));
        // Then
        soon().untilAsserted(
                        () -> assertThat(clocksOf("follow-up-visit-high-risk")).contains("valueDateTime"));
        assertThat(request()).isEqualTo("completed");
    }

    /** The person is back in hospital: an agency that comes to be known meanwhile is asked when the plan goes on. */
    @Test
    void asksNobodyWhileThePlanIsOnHold() {
        // Given
        Scene waits = Scene.ofNewService();
        Scene other = waits.next();
        Bus.tellFirst(waits.person());
        for (Scene each : List.of(waits, other)) {
            Bus.tell(each.carePlan());
            soon().untilAsserted(() -> Scene.as(Tokens.service())
                    .get("/fhir/Task/{id}", each.referralTask())
                    .then()
                    .statusCode(200));
        }
        CarePlan onHold = waits.carePlan().setStatus(CarePlanStatus.ONHOLD);
        onHold.addExtension(SharedTerms.PLAN_STATUS_REASON_EXTENSION, why("readmitted"));
        Bus.tell(Bus.event(onHold, 2));
        soon().untilAsserted(() -> coordinator()
                .get("/fhir/ServiceRequest/{id}", waits.serviceRequest())
                .then()
                .body("status", equalTo("on-hold")));
        // When
        Scene.agency("late-" + waits.plan(), waits.service(), "021");
        soon().untilAsserted(() -> assertThat(owner(other)).isEqualTo("Organization/late-" + waits.plan()));
        // Then
        assertThat(owner(waits)).isNull();
        // When
        CarePlan active = waits.carePlan();
        active.addExtension(SharedTerms.PLAN_STATUS_REASON_EXTENSION, why("readmission-cancelled"));
        Bus.tell(Bus.event(active, 3));
        // Then
        soon().untilAsserted(() -> assertThat(owner(waits)).isEqualTo("Organization/late-" + waits.plan()));
    }

    private static String owner(Scene scene) {
        return Scene.as(Tokens.service())
                .get("/fhir/Task/{id}", scene.referralTask())
                .path("owner.reference");
    }

    @Test
    void tellsNothingTwice() {
        // Given
        CarePlan onHold = scene.carePlan().setStatus(CarePlanStatus.ONHOLD);
        onHold.addExtension(SharedTerms.PLAN_STATUS_REASON_EXTENSION, why("readmitted"));
        Bus.tell(Bus.event(onHold, 2));
        soon().untilAsserted(() -> assertThat(request()).isEqualTo("on-hold"));
        String version = coordinator()
                .get("/fhir/ServiceRequest/{id}", scene.serviceRequest())
                .header("ETag");
        String task =
                coordinator().get("/fhir/Task/{id}", scene.task("outreach")).header("ETag");
        // When
        Bus.tell(Bus.event(onHold, 2));
        Bus.tell(Bus.event(onHold, 3));
        afterAllThat();
        // Then
        assertThat(coordinator()
                        .get("/fhir/ServiceRequest/{id}", scene.serviceRequest())
                        .header("ETag"))
                .isEqualTo(version);
        assertThat(coordinator().get("/fhir/Task/{id}", scene.task("outreach")).header("ETag"))
                .isEqualTo(task);
    }

    @Test
    void movesTimesButForThoseThatPeopleHaveSet() {
        // Given
        Period own = FhirTime.period(
                Instant.parse("2026-03-07T20:00:00Z"), Instant.parse("2026-03-09T20:00:00Z"), ZoneId.of("UTC"));
        Scene.change(
                        Tokens.coordinator(),
                        scene.task("outreach"),
                        task -> task.getRestriction().setPeriod(own))
                .then()
                .statusCode(200);
        CarePlan plan = scene.carePlan();
        for (String activity : new String[] {"home-health", "outreach", "follow-up-visit-high-risk"}) {
            reschedule(activity(plan, activity));
        }
        // When
        Bus.tell(Bus.event(plan, 2));
        Bus.tell(Bus.event(plan, 3));
        afterAllThat();
        // Then
        assertThat(task("follow-up-visit-high-risk")
                        .getRestriction()
                        .getPeriod()
                        .getEnd())
                .isEqualTo(Date.from(Instant.parse("2026-04-20T20:00:00Z")));
        assertThat(task("home-health").getRestriction().getPeriod().getEnd())
                .isEqualTo(Date.from(Instant.parse("2026-04-20T20:00:00Z")));
        assertThat(task("outreach").getRestriction().getPeriod().getEnd()).isEqualTo(own.getEnd());
        coordinator()
                .get("/fhir/ServiceRequest/{id}", scene.serviceRequest())
                .then()
                .body("occurrencePeriod.end", containsString("2026-04-20"));
    }

    private static void reschedule(CarePlanActivityComponent activity) {
        Extension change = activity.addExtension().setUrl(SharedTerms.ACTIVITY_RESCHEDULED_EXTENSION);
        Period known = activity.getDetail().getScheduledPeriod();
        change.addExtension("from", known.copy());
        change.addExtension(
                "to",
                FhirTime.period(known.getStart().toInstant(), Instant.parse("2026-04-20T20:00:00Z"), ZoneId.of("UTC")));
    }

    private void accept() {
        Scene.change(Tokens.partner(HARBOR), scene.referralTask(), task -> task.setStatus(TaskStatus.ACCEPTED))
                .then()
                .statusCode(200);
    }

    private void start(String activity) {
        Scene.change(Tokens.coordinator(), scene.task(activity), task -> task.setStatus(TaskStatus.INPROGRESS))
                .then()
                .statusCode(200);
    }

    private static CodeableConcept why(String code) {
        return new CodeableConcept(new Coding(SharedTerms.PLAN_REASON_SYSTEM, code, null)).setText("Because");
    }

    private static CarePlanActivityComponent activity(CarePlan plan, String id) {
        return plan.getActivity().stream()
                .filter(each -> id.equals(each.getId()))
                .findFirst()
                .orElseThrow();
    }

    private Task task(String activity) {
        return FhirJson.parse(
                Task.class,
                coordinator().get("/fhir/Task/{id}", scene.task(activity)).asByteArray());
    }

    private String status(String activity) {
        return task(activity).getStatus().toCode();
    }

    private String clocksOf(String activity) {
        Map<String, Object> json = coordinator()
                .get("/fhir/Task/{id}", scene.task(activity))
                .jsonPath()
                .getMap("");
        return String.valueOf(json.get("extension"));
    }

    private String request() {
        return coordinator()
                .get("/fhir/ServiceRequest/{id}", scene.serviceRequest())
                .path("status");
    }

    /** Events of one patient keep their order. */
    private void afterAllThat() {
        Scene next = scene.next();
        Bus.tell(next.carePlan());
        soon().untilAsserted(() ->
                coordinator().get("/fhir/Task/{id}", next.referralTask()).then().statusCode(200));
    }
}
