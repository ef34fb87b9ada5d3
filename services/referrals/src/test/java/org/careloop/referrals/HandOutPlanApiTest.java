package org.careloop.referrals;

import static org.assertj.core.api.Assertions.assertThat;
import static org.careloop.referrals.Scene.HARBOR;
import static org.careloop.referrals.Scene.as;
import static org.careloop.referrals.Scene.coordinator;
import static org.careloop.referrals.Scene.soon;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.careloop.eventcontracts.ResourceEvent;
import org.careloop.testkit.RealParts;
import org.careloop.testkit.Tokens;
import org.hl7.fhir.r4.model.CarePlan;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Task.TaskStatus;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** From a plan told over Kafka to referrals and follow-up Tasks, whatever comes first and however often. */
@QuarkusTest
@QuarkusTestResource(value = RealParts.class, initArgs = @ResourceArg(name = RealParts.DATABASE, value = "referrals"))
class HandOutPlanApiTest {

    @Inject
    DataSource database;

    @BeforeEach
    void directory() {
        Scene.directory();
    }

    @Test
    void oneThatCannotBeAddressedKeepsNoOtherWaiting() throws SQLException {
        // Given two that wait, and what is stored of the first is not what may be stored
        Scene broken = Scene.ofNewService();
        Scene scene = broken.next();
        Bus.tellFirst(broken.person());
        for (Scene each : List.of(broken, scene)) {
            Bus.tell(each.carePlan());
            soon().untilAsserted(() -> as(Tokens.service())
                    .get("/fhir/Task/{id}", each.referralTask())
                    .then()
                    .statusCode(200));
        }
        Scene.spoil(database, broken.referralTask());
        // When
        Scene.agency("late-" + scene.plan(), scene.service(), "021");
        // Then
        soon().untilAsserted(() -> coordinator()
                .get("/fhir/Task/{id}", scene.referralTask())
                .then()
                .body("owner.reference", equalTo("Organization/late-" + scene.plan())));
        coordinator().get("/fhir/Task/{id}", broken.referralTask()).then().body("owner", nullValue());
    }

    /** What the person is shown; an agency is not told of the others. */
    @Test
    void asksWhomThePersonChoseAndTellsWhoWasConsidered() {
        // Given
        Scene scene = Scene.ofNewService();
        String near = "near-" + scene.plan();
        String wished = "wished-" + scene.plan();
        Scene.agency(near, scene.service(), "02139");
        Scene.agency(wished, scene.service(), "021");
        Bus.tellFirst(scene.person());
        CarePlan plan = scene.carePlan();
        plan.getActivity()
                .forEach(activity -> activity.getDetail().addPerformer(new Reference("Organization/" + wished)));
        // When
        Bus.tell(plan);
        // Then
        soon().untilAsserted(() -> coordinator()
                .get("/fhir/Task/{id}", scene.referralTask())
                .then()
                .body("owner.reference", equalTo("Organization/" + wished)));
        String agency = "parameter.findAll { it.name == 'agency' }.part";
        for (String token : List.of(Tokens.coordinator(), Tokens.patient(scene.patient()))) {
            Scene.as(token)
                    .urlEncodingEnabled(false)
                    .get("/fhir/Task/" + scene.referralTask() + "/$choice-list")
                    .then()
                    .statusCode(200)
                    .body("parameter[0].valueDateTime", notNullValue())
                    .body(
                            agency + ".collect { it.find { it.name == 'organization' }.valueReference.reference }",
                            equalTo(List.of("Organization/" + wished, "Organization/" + near)))
                    .body(
                            agency + ".collect { it.find { it.name == 'asked' }.valueBoolean }",
                            equalTo(List.of(true, false)))
                    .body(agency + "[0].findAll { it.name == 'reason' }.valueCode", hasItem("wished"));
        }
        Scene.partner(wished)
                .urlEncodingEnabled(false)
                .get("/fhir/Task/" + scene.referralTask() + "/$choice-list")
                .then()
                .statusCode(403);
        Scene.as(Tokens.patient("somebody-else"))
                .urlEncodingEnabled(false)
                .get("/fhir/Task/" + scene.referralTask() + "/$choice-list")
                .then()
                .statusCode(404);
        coordinator()
                .urlEncodingEnabled(false)
                .get("/fhir/Task/" + scene.task("outreach") + "/$choice-list")
                .then()
                .statusCode(200)
                .body("parameter", nullValue());
    }

    @Test
    void asksAgencyOfServiceAndArea() {
        // When
        Scene scene = Scene.homeHealth().referred();
        // Then
        coordinator()
                .get("/fhir/Task/{id}", scene.referralTask())
                .then()
                .statusCode(200)
                .body("status", equalTo("requested"))
                .body("intent", equalTo("order"))
                .body("priority", equalTo("urgent"))
                .body("focus.reference", equalTo("ServiceRequest/" + scene.serviceRequest()))
                .body("for.reference", equalTo("Patient/" + scene.patient()))
                .body("requester.reference", equalTo("Organization/riverside-clinic"))
                .body("authoredOn", equalTo("2026-03-07T20:01:00.000Z"));
        coordinator()
                .get("/fhir/ServiceRequest/{id}", scene.serviceRequest())
                .then()
                .body("status", equalTo("active"))
                .body(
                        "performer.reference",
                        contains("Organization/" + HARBOR, "HealthcareService/" + HARBOR + "-service"));
    }

    @Test
    void keepsWhoWasConsideredAndWhy() {
        // When
        Scene scene = Scene.homeHealth().referred();
        // Then
        assertThat(rows("select place, organization, reasons from choice_offer where task = ? order by place", scene))
                .containsExactly(
                        "1 Organization/" + HARBOR
                                + " SERVICE_TYPE_MATCHES AREA_MATCHES CAPACITY_UNKNOWN LANGUAGE_NOT_LISTED",
                        "2 Organization/inland-home-health"
                                + " SERVICE_TYPE_MATCHES OUT_OF_AREA CAPACITY_UNKNOWN LANGUAGE_NOT_LISTED");
        assertThat(rows("select settled, chosen_organization, chosen_service from choice_list where task = ?", scene))
                .containsExactly("t Organization/" + HARBOR + " HealthcareService/" + HARBOR + "-service");
    }

    @Test
    void givesFollowUpsToCoordinatingOrganization() {
        // When
        Scene scene = Scene.homeHealth().referred();
        // Then
        for (String activity : List.of("outreach", "medication-reconciliation", "follow-up-visit-high-risk")) {
            coordinator()
                    .get("/fhir/Task/{id}", scene.task(activity))
                    .then()
                    .statusCode(200)
                    .body("status", equalTo("ready"))
                    .body("owner.reference", equalTo("Organization/riverside-clinic"))
                    .body("identifier[0].value", equalTo(scene.plan() + "#" + activity));
        }
        coordinator()
                .get("/fhir/Task/{id}", scene.task("outreach"))
                .then()
                .body("restriction.period.end", equalTo("2026-03-10T17:00:00.000-04:00"));
    }

    @Test
    void makesNothingTwiceWhenPlanIsToldAgain() {
        // Given
        Scene scene = Scene.homeHealth().referred();
        ResourceEvent again = Bus.event(scene.carePlan(), 1);
        // When the same event comes twice, and a later version of the plan that still describes the activities
        Bus.tell(again);
        Bus.tell(again);
        Bus.tell(Bus.event(scene.carePlan(), 2));
        Bus.tell(Bus.event(scene.person(), 2));
        afterAllThat(scene);
        // Then
        coordinator()
                .get("/fhir/Task?based-on=CarePlan/{plan}", scene.plan())
                .then()
                .body("entry.resource", hasSize(6))
                .body("entry.resource.findAll { it.meta.versionId != '1' }", hasSize(0));
        coordinator()
                .get("/fhir/ServiceRequest?based-on=CarePlan/{plan}", scene.plan())
                .then()
                .body("entry.resource.id", contains(scene.serviceRequest()))
                .body("entry.resource.meta.versionId", contains("1"));
    }

    @Test
    void leavesTaskThatMovedOnAsItIs() {
        // Given
        Scene scene = Scene.homeHealth().referred();
        Scene.change(Tokens.partner(HARBOR), scene.referralTask(), task -> task.setStatus(TaskStatus.ACCEPTED))
                .then()
                .statusCode(200);
        // When
        Bus.tell(Bus.event(scene.carePlan(), 2));
        afterAllThat(scene);
        // Then
        coordinator()
                .get("/fhir/Task/{id}", scene.referralTask())
                .then()
                .body("status", equalTo("accepted"))
                .body("meta.versionId", equalTo("2"));
    }

    @Test
    void doesNotBringBackWhatCoordinatorDeleted() {
        // Given
        Scene scene = Scene.homeHealth().referred();
        coordinator().delete("/fhir/Task/{id}", scene.task("outreach")).then().statusCode(204);
        // When
        Bus.tell(Bus.event(scene.carePlan(), 2));
        afterAllThat(scene);
        // Then
        coordinator().get("/fhir/Task/{id}", scene.task("outreach")).then().statusCode(410);
    }

    @Test
    void asksAgencyWhenPatientIsToldAfterPlan() {
        // Given
        Scene scene = Scene.homeHealth();
        Bus.tell(scene.carePlan());
        waitsWithoutAgency(scene);
        // When
        Bus.tell(scene.person());
        // Then
        asked(scene, HARBOR);
    }

    @Test
    void asksAgencyWhenDirectoryComesLast() {
        // Given
        Scene scene = Scene.ofNewService();
        String agency = "agency-of-" + scene.plan();
        Bus.tell(scene.person());
        Bus.tell(scene.carePlan());
        waitsWithoutAgency(scene);
        // When
        Scene.agency(agency, scene.service(), "021");
        // Then
        asked(scene, agency);
        assertThat(rows("select settled, chosen_organization from choice_list where task = ?", scene))
                .containsExactly("t Organization/" + agency);
    }

    @Test
    void asksNobodyForReferralThatWasCancelledMeanwhile() {
        // Given
        Scene scene = Scene.homeHealth();
        Bus.tell(scene.carePlan());
        waitsWithoutAgency(scene);
        Scene.change(Tokens.coordinator(), scene.referralTask(), task -> {
                    task.setStatus(TaskStatus.CANCELLED);
                    task.getStatusReason().setText("Family takes care");
                })
                .then()
                .statusCode(200);
        // When
        Bus.tell(scene.person());
        // Then
        soon().untilAsserted(() -> assertThat(rows("select settled from choice_list where task = ?", scene))
                .containsExactly("t"));
        coordinator()
                .get("/fhir/Task/{id}", scene.referralTask())
                .then()
                .body("status", equalTo("cancelled"))
                .body("owner", nullValue());
    }

    private static void waitsWithoutAgency(Scene scene) {
        soon().untilAsserted(() -> coordinator()
                .get("/fhir/Task/{id}", scene.referralTask())
                .then()
                .statusCode(200)
                .body("status", equalTo("requested"))
                .body("owner", nullValue()));
    }

    private static void asked(Scene scene, String organization) {
        soon().untilAsserted(() -> coordinator()
                .get("/fhir/Task/{id}", scene.referralTask())
                .then()
                .body("status", equalTo("requested"))
                .body("owner.reference", equalTo("Organization/" + organization)));
        coordinator()
                .get("/fhir/ServiceRequest/{id}", scene.serviceRequest())
                .then()
                .body("performer[0].reference", equalTo("Organization/" + organization));
    }

    /** Events of one patient keep their order, so what was told before the next plan has had its effect after it. */
    private static void afterAllThat(Scene scene) {
        Scene next = scene.next();
        Bus.tell(next.carePlan());
        soon().untilAsserted(() ->
                coordinator().get("/fhir/Task/{id}", next.referralTask()).then().statusCode(200));
    }

    private List<String> rows(String query, Scene scene) {
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(query)) {
            statement.setString(1, scene.referralTask());
            List<String> rows = new ArrayList<>();
            try (ResultSet result = statement.executeQuery()) {
                while (result.next()) {
                    List<String> row = new ArrayList<>();
                    for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
                        row.add(result.getString(i));
                    }
                    rows.add(String.join(" ", row));
                }
            }
            return rows;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
