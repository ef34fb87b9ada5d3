package org.careloop.referrals;

import static org.assertj.core.api.Assertions.assertThat;
import static org.careloop.referrals.Scene.coordinator;
import static org.careloop.referrals.Scene.soon;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.fhirmodel.FhirTime;
import org.careloop.referrals.app.WatchStandings;
import org.careloop.referrals.domain.Capacity;
import org.careloop.referrals.domain.Eligibility;
import org.careloop.testkit.RealParts;
import org.careloop.testkit.Tokens;
import org.hl7.fhir.r4.model.CarePlan;
import org.hl7.fhir.r4.model.DateTimeType;
import org.hl7.fhir.r4.model.DateType;
import org.hl7.fhir.r4.model.Extension;
import org.hl7.fhir.r4.model.HealthcareService;
import org.hl7.fhir.r4.model.Patient;
import org.hl7.fhir.r4.model.Period;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.ServiceRequest;
import org.hl7.fhir.r4.model.StringType;
import org.hl7.fhir.r4.model.Task;
import org.hl7.fhir.r4.model.Task.TaskStatus;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Of two agencies that serve the area, the nearer one would be asked: unless it is not for the person, not open, or does not answer. */
@QuarkusTest
@QuarkusTestResource(value = RealParts.class, initArgs = @ResourceArg(name = RealParts.DATABASE, value = "referrals"))
class RankingApiTest {

    @Inject
    DataSource database;

    @Inject
    WatchStandings watch;

    @Inject
    TestClock clock;

    private Scene scene = Scene.ofNewService();
    private String near = "";
    private String far = "";

    @BeforeEach
    void twoAgencies() {
        scene = Scene.ofNewService();
        near = "near-" + scene.plan();
        far = "far-" + scene.plan();
        Scene.agency(near, scene.service(), "02139");
        Scene.agency(far, scene.service(), "021");
    }

    @AfterEach
    void itIsNowAgain() {
        clock.isAheadBy(Duration.ZERO);
    }

    @Test
    void whoIsTooYoungIsNotSentToAServiceForTheOld() {
        // Given
        change(near, service -> Eligibility.addAges(service.addEligibility(), Optional.of(60), Optional.empty()));
        Patient old = scene.person();
        old.setBirthDateElement(new DateType("1950-06"));
        Scene another = Scene.ofNewService();
        Scene young = new Scene(another.patient(), another.plan(), scene.service());
        Patient person = young.person();
        person.setBirthDateElement(new DateType("2000-01-01"));
        Bus.tellFirst(old);
        Bus.tellFirst(person);
        // When
        Bus.tell(scene.carePlan());
        Bus.tell(young.carePlan());
        // Then
        asked(scene, near);
        asked(young, far);
        assertThat(reasons(scene, near)).contains("eligible");
        assertThat(reasons(young, near)).contains("not-eligible");
        assertThat(reasons(young, far)).doesNotContain("eligible", "not-eligible", "eligibility-to-check");
    }

    @Test
    void whatThePatientIsToldToBeLaterLetsAWaitingReferralGoOut() {
        // Given
        change(near, service -> Eligibility.addAges(service.addEligibility(), Optional.of(60), Optional.empty()));
        change(far, service -> service.setActive(false));
        Patient person = scene.person();
        person.setBirthDateElement(new DateType("2000-01-01"));
        Bus.tellFirst(person);
        Bus.tell(scene.carePlan());
        waits(scene);
        // When
        person.setBirthDateElement(new DateType("1950-01-01"));
        Bus.tell(Bus.event(person, 2));
        // Then
        asked(scene, near);
    }

    @Test
    void criteriaThatCannotBeReadAreRefused() {
        HealthcareService service = service(far);
        service.addEligibility().addExtension(new Extension(Eligibility.CRITERION, new StringType("old people")));
        for (String token : List.of(Tokens.coordinator(), Tokens.partner(far))) {
            Scene.put(token, service, "W/\"1\"")
                    .then()
                    .statusCode(422)
                    .body("issue[0].details.coding[0].code", equalTo("1010"))
                    .body("issue[0].diagnostics", containsString("valueUsageContext"));
        }
        service.setId((String) null);
        coordinator()
                .body(FhirJson.write(service))
                .post("/fhir/HealthcareService")
                .then()
                .statusCode(422);
    }

    @Test
    void aServiceThatIsClosedThenIsNotAsked() {
        // Given
        LocalDate today = LocalDate.now(ZoneOffset.UTC);
        change(
                near,
                service -> service.addNotAvailable()
                        .setDescription("Holidays")
                        .setDuring(days(today.minusDays(2), today.plusDays(2))));
        Bus.tellFirst(scene.person());
        // When it is needed as soon as possible
        Bus.tell(scene.carePlan("asap"));
        // Then
        asked(scene, far);
        assertThat(reasons(scene, near)).contains("closed-then");
        // And when it is needed some day
        Scene next = scene.next();
        Bus.tell(next.carePlan("routine"));
        asked(next, near);
    }

    @Test
    void hoursThatFitComeFirst() {
        // Given
        LocalDate day = LocalDate.now(ZoneOffset.UTC).plusDays(30);
        change(near, service -> open(service, day.plusDays(2)));
        change(far, service -> open(service, day));
        Bus.tellFirst(scene.person());
        // When
        Bus.tell(neededOn(day));
        // Then
        asked(scene, far);
        assertThat(reasons(scene, far)).contains("open-then");
        assertThat(reasons(scene, near)).contains("hours-differ");
    }

    @Test
    void aReferralThatWaitsKeepsWhenItIsNeeded() {
        // Given
        LocalDate day = LocalDate.now(ZoneOffset.UTC).plusDays(30);
        change(near, service -> service.setActive(false));
        change(far, service -> service.setActive(false));
        Bus.tellFirst(scene.person());
        Bus.tell(neededOn(day));
        waits(scene);
        // When one comes that is closed then
        change(
                near,
                service -> service.setActive(true)
                        .addNotAvailable()
                        .setDescription("Moving")
                        .setDuring(days(day, day.plusDays(10))));
        // Then
        soon().untilAsserted(() -> assertThat(reasons(scene, near)).contains("closed-then"));
        waits(scene);
        // When it is not closed after all
        change(near, service -> service.setNotAvailable(null));
        // Then
        asked(scene, near);
    }

    @Test
    void aReferralThatWaitsIsNeededWhenItsRequestSaysNow() {
        // Given
        LocalDate day = LocalDate.now(ZoneOffset.UTC).plusDays(30);
        change(far, service -> service.setActive(false));
        change(
                near,
                service -> service.addNotAvailable().setDescription("Moving").setDuring(days(day, day.plusDays(10))));
        Bus.tellFirst(scene.person());
        Bus.tell(neededOn(day));
        waits(scene);
        // When
        Response current = coordinator().get("/fhir/ServiceRequest/{id}", scene.serviceRequest());
        ServiceRequest request =
                FhirJson.parse(ServiceRequest.class, current.body().asByteArray());
        request.setOccurrence(days(day.plusDays(20), day.plusDays(21)));
        Scene.put(Tokens.coordinator(), request, current.header("ETag")).then().statusCode(200);
        watch.hint();
        // Then
        asked(scene, near);
    }

    @Test
    void whoAnswersWellComesBeforeWhoDoesNotAndCapacityBeforeBoth() throws SQLException {
        // Given
        Bus.tellFirst(scene.person());
        for (int i = 0; i < 10; i++) {
            end(near, task -> {
                task.setStatus(TaskStatus.REJECTED);
                task.getStatusReason().setText("No");
            });
            end(far, task -> task.setStatus(TaskStatus.ACCEPTED), Scene.completed("Procedure/none-" + scene.plan()));
        }
        // When
        watch.hint();
        // Then
        soon().untilAsserted(() -> {
            assertThat(standing(near)).isEqualTo("10 0/10 10/10");
            assertThat(standing(far)).isEqualTo("10 10/10 10/10");
        });
        // When
        Bus.tell(scene.carePlan());
        // Then
        asked(scene, far);
        assertThat(reasons(scene, far)).contains("answers-well");
        assertThat(reasons(scene, near)).contains("answers-poorly");
        // When
        change(near, service -> Capacity.mark(service, true));
        Scene next = scene.next();
        Bus.tell(next.carePlan());
        // Then
        asked(next, near);
    }

    @Test
    void aServiceThatOpensAgainIsAskedWithoutAnyChange() {
        // Given
        Instant opens = Instant.now().plus(Duration.ofHours(1));
        change(far, service -> service.setActive(false));
        change(
                near,
                service -> service.addNotAvailable()
                        .setDescription("Staff meeting")
                        .setDuring(new Period().setEndElement(FhirTime.dateTime(opens))));
        Bus.tellFirst(scene.person());
        Bus.tell(scene.carePlan("asap"));
        waits(scene);
        assertThat(reasons(scene, near)).contains("closed-then");
        // When
        clock.isAheadBy(Duration.ofHours(2));
        watch.hint();
        // Then
        asked(scene, near);
    }

    private CarePlan neededOn(LocalDate day) {
        CarePlan plan = scene.carePlan();
        plan.getActivity().stream()
                .map(CarePlan.CarePlanActivityComponent::getDetail)
                .filter(detail -> detail.getKind() == CarePlan.CarePlanActivityKind.SERVICEREQUEST)
                .forEach(detail -> detail.setScheduled(days(day, day)));
        return plan;
    }

    private static void open(HealthcareService service, LocalDate day) {
        String code = day.getDayOfWeek().name().substring(0, 3).toLowerCase(Locale.ROOT);
        service.addAvailableTime()
                .addDaysOfWeek(HealthcareService.DaysOfWeek.fromCode(code))
                .setAvailableStartTime("09:00:00")
                .setAvailableEndTime("17:00:00");
    }

    private static Period days(LocalDate first, LocalDate last) {
        return new Period()
                .setStartElement(new DateTimeType(first.toString()))
                .setEndElement(new DateTimeType(last.toString()));
    }

    /** Somebody else's choice: the platform ranks nobody for it. */
    @SafeVarargs
    private void end(String agency, Consumer<Task>... steps) {
        String request = Orders.created(Orders.request(scene.patient()));
        String task =
                Orders.created(Orders.task(scene.patient(), request).setOwner(new Reference("Organization/" + agency)));
        for (Consumer<Task> step : steps) {
            Scene.change(Tokens.partner(agency), task, step).then().statusCode(200);
        }
    }

    private static HealthcareService service(String agency) {
        return FhirJson.parse(
                HealthcareService.class,
                coordinator()
                        .get("/fhir/HealthcareService/{id}", agency + "-service")
                        .asByteArray());
    }

    private static void change(String agency, Consumer<HealthcareService> change) {
        HealthcareService service = service(agency);
        change.accept(service);
        Scene.put(Tokens.coordinator(), service, "W/\"" + service.getMeta().getVersionId() + "\"")
                .then()
                .statusCode(200);
    }

    private static void asked(Scene scene, String agency) {
        soon().untilAsserted(() -> coordinator()
                .get("/fhir/Task/{id}", scene.referralTask())
                .then()
                .statusCode(200)
                .body("owner.reference", equalTo("Organization/" + agency)));
    }

    private static void waits(Scene scene) {
        soon().untilAsserted(() -> coordinator()
                .get("/fhir/Task/{id}", scene.referralTask())
                .then()
                .statusCode(200)
                .body("owner", nullValue()));
    }

    private static List<String> reasons(Scene scene, String agency) {
        return coordinator()
                .urlEncodingEnabled(false)
                .get("/fhir/Task/" + scene.referralTask() + "/$choice-list")
                .jsonPath()
                .getList("parameter.findAll { it.name == 'agency' }.part.find { it.any { it.name == 'organization' &&"
                        + " it.valueReference.reference == 'Organization/" + agency
                        + "' } }.findAll { it.name == 'reason' }.valueCode");
    }

    private String standing(String agency) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(
                        "select asked || ' ' || acceptance_part || '/' || acceptance_whole || ' ' || closure_part || '/'"
                                + " || closure_whole from agency_standing where organization = ?")) {
            statement.setString(1, "Organization/" + agency);
            ResultSet row = statement.executeQuery();
            return row.next() ? row.getString(1) : "";
        }
    }
}
