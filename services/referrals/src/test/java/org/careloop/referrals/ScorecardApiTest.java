package org.careloop.referrals;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.careloop.referrals.Scene.coordinator;
import static org.careloop.referrals.Scene.soon;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.careloop.fhirmodel.FhirId;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.fhirsearch.Condition;
import org.careloop.fhirsearch.SearchRequest;
import org.careloop.fhirstore.ResourceStore;
import org.careloop.referrals.domain.EndReasons;
import org.careloop.testkit.RealParts;
import org.careloop.testkit.Tokens;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.MeasureReport;
import org.hl7.fhir.r4.model.MeasureReport.MeasureReportGroupComponent;
import org.hl7.fhir.r4.model.ServiceRequest;
import org.hl7.fhir.r4.model.Task;
import org.hl7.fhir.r4.model.Task.TaskStatus;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Figures over the conversations of two agencies, and over those that found none. */
@QuarkusTest
@QuarkusTestResource(value = RealParts.class, initArgs = @ResourceArg(name = RealParts.DATABASE, value = "referrals"))
class ScorecardApiTest {

    private static final LocalDate TODAY = LocalDate.now(ZoneOffset.UTC);
    private static final String PERIOD = "start=" + TODAY.minusDays(2) + "&end=" + TODAY.plusDays(1);

    @Inject
    DataSource database;

    @Inject
    ResourceStore store;

    private Scene scene = Scene.ofNewService();
    private Scene second = scene;
    private String near = "";
    private String far = "";

    /** The nearer one has done one referral after 5 hours, and is asked for a second one; the other is asked for none. */
    @BeforeEach
    void oneReferralIsDone() throws SQLException {
        scene = Scene.ofNewService();
        near = "near-" + scene.plan();
        far = "far-" + scene.plan();
        Scene.agency(near, scene.service(), "02139");
        Scene.agency(far, scene.service(), "021");
        Bus.tellFirst(scene.person());
        Bus.tell(scene.carePlan());
        soon().untilAsserted(() -> asked(scene.referralTask(), near));
        changed(near, scene.referralTask(), task -> task.setStatus(TaskStatus.ACCEPTED));
        backdate("resource_history", "changed", "5 hours", scene.referralTask());
        changed(near, scene.referralTask(), Scene.completed("Procedure/none-" + scene.plan()));
        second = scene.next();
        Bus.tell(second.carePlan());
        soon().untilAsserted(() -> asked(second.referralTask(), near));
    }

    @Test
    void tellsTheFiguresOfEachAgencyAsAMeasureReport() {
        // Given
        changed(near, second.referralTask(), task -> end(task, TaskStatus.REJECTED, "no-capacity"));
        // When
        MeasureReport report = report(Tokens.coordinator(), near, "");
        // Then
        assertThat(report.getMeasure()).isEqualTo("https://careloop.org/fhir/Measure/referral-scorecard");
        assertThat(report.getReporter().getReference()).isEqualTo("Organization/" + near);
        assertThat(report.getPeriod().getStartElement().getValueAsString())
                .isEqualTo(TODAY.minusDays(2).toString());
        assertThat(counts(report, "volume"))
                .containsEntry("asked", 2)
                .containsEntry("accepted", 1)
                .containsEntry("completed", 1)
                .containsEntry("rejected", 1)
                .containsEntry("open", 0);
        assertThat(counts(report, "acceptance-rate")).isEqualTo(Map.of("denominator", 2, "numerator", 1));
        assertThat(score(report, "acceptance-rate")).isEqualTo(0.5);
        assertThat(score(report, "loop-closure-rate")).isEqualTo(1.0);
        assertThat(group(report, "time-to-accept-p90").getMeasureScore().getCode())
                .isEqualTo("h");
        assertThat(score(report, "time-to-accept-median")).isBetween(5.0, 5.1);
        assertThat(score(report, "time-to-complete-p90")).isBetween(5.0, 5.1);
        assertThat(group(report, "time-to-start-median").hasMeasureScore()).isFalse();
        assertThat(group(report, "not-done").getStratifierFirstRep().getStratum())
                .singleElement()
                .satisfies(reason -> {
                    assertThat(reason.getValue().getCodingFirstRep().getCode()).isEqualTo("no-capacity");
                    assertThat(reason.getPopulationFirstRep().getCount()).isEqualTo(1);
                });
        // And of the one that is asked instead
        MeasureReport other = report(Tokens.coordinator(), far, "");
        assertThat(counts(other, "volume")).containsEntry("asked", 1).containsEntry("open", 1);
        assertThat(group(other, "acceptance-rate").hasMeasureScore()).isFalse();
        assertThat(group(other, "open")
                        .getStratifierFirstRep()
                        .getStratumFirstRep()
                        .getPopulationFirstRep()
                        .getCount())
                .isEqualTo(1);
    }

    @Test
    void tellsTheSameAsPlainJson() {
        // Given
        changed(near, second.referralTask(), task -> task.setStatus(TaskStatus.ACCEPTED));
        changed(near, second.referralTask(), task -> end(task, TaskStatus.CANCELLED, "could-not-contact"));
        // When
        Response answer = ask(Tokens.partner(near), near, "&as=figures");
        // Then
        answer.then()
                .statusCode(200)
                .contentType("application/json")
                .body("agency", equalTo("Organization/" + near))
                .body("asked", equalTo(2))
                .body("outcomes.cancelled", equalTo(1))
                .body("outcomes.withdrawn", equalTo(0))
                .body("acceptanceRate", equalTo(1))
                .body("hours.to-accept.count", equalTo(2))
                .body("hours.to-start.median", nullValue())
                .body("reasons", equalTo(Map.of("could-not-contact", 1)))
                .body("openByAge.under-2-days", equalTo(0));
        ask(Tokens.partner(near), near, "&as=table").then().statusCode(400);
    }

    @Test
    void whatTheRequesterCancelsIsWithdrawn() {
        // Given
        Scene.change(
                        Tokens.coordinator(),
                        second.referralTask(),
                        task -> end(task, TaskStatus.CANCELLED, "no-longer-interested"))
                .then()
                .statusCode(200);
        // Then
        figures(Tokens.coordinator(), near)
                .then()
                .body("outcomes.withdrawn", equalTo(1))
                .body("outcomes.cancelled", equalTo(0))
                .body("reasons", equalTo(Map.of()));
    }

    @Test
    void countsWhatWasAskedInThePeriodForTheService() {
        assertThat(ask(Tokens.coordinator(), near, "&as=figures&service=urn:x%7Cnone")
                        .path("asked")
                        .toString())
                .isEqualTo("0");
        Coding code = FhirJson.parse(
                        ServiceRequest.class,
                        coordinator()
                                .get("/fhir/ServiceRequest/{id}", scene.serviceRequest())
                                .asByteArray())
                .getCode()
                .getCodingFirstRep();
        ask(Tokens.coordinator(), near, "&as=figures&service=" + code.getSystem() + "%7C" + code.getCode())
                .then()
                .body("asked", equalTo(2))
                .body("service", equalTo(code.getSystem() + "|" + code.getCode()));
        coordinator()
                .urlEncodingEnabled(false)
                .get("/fhir/Organization/" + near + "/$scorecard?as=figures&start=2020-01-01&end=2020-12-31")
                .then()
                .statusCode(200)
                .body("asked", equalTo(0));
    }

    @Test
    void whoSeesNoneOfTheReferralsIsToldOfNone() {
        assertThat(figures(Tokens.partner(far), near).<Integer>path("asked")).isZero();
        assertThat(figures(Tokens.token("c", "coordinator", "elsewhere", "system/*.rs"), near)
                        .<Integer>path("asked"))
                .isZero();
        assertThat(figures(Tokens.supervisor(), near).<Integer>path("asked")).isEqualTo(2);
        ask(Tokens.patient(scene.patient()), near, "").then().statusCode(403);
        ask(Tokens.privacyOfficer(), near, "").then().statusCode(403);
        ask(Tokens.token("c", "coordinator", "riverside-clinic", "system/Organization.rs"), near, "")
                .then()
                .statusCode(403);
    }

    @Test
    void refusesWhatItCannotAnswer() {
        ask(Tokens.coordinator(), "nobody-" + scene.plan(), "").then().statusCode(404);
        ask(Tokens.coordinator(), near, "&colour=red")
                .then()
                .statusCode(400)
                .body("issue[0].details.coding[0].code", equalTo("1004"));
        coordinator()
                .urlEncodingEnabled(false)
                .get("/fhir/Organization/" + near + "/$scorecard?start=2026-01-01")
                .then()
                .statusCode(400)
                .body("issue[0].details.coding[0].code", equalTo("1003"));
        coordinator()
                .urlEncodingEnabled(false)
                .get("/fhir/HealthcareService/$unmet-needs")
                .then()
                .statusCode(400);
    }

    @Test
    void takesParametersAndNamesNobodyInTheAuditTrail() throws SQLException {
        // When
        coordinator()
                .urlEncodingEnabled(false)
                .body("{\"resourceType\":\"Parameters\",\"parameter\":[{\"name\":\"start\",\"valueDate\":\""
                        + TODAY.minusDays(2) + "\"},{\"name\":\"end\",\"valueDate\":\"" + TODAY.plusDays(1)
                        + "\"},{\"name\":\"as\",\"valueCode\":\"figures\"}]}")
                .post("/fhir/Organization/" + near + "/$scorecard")
                .then()
                .statusCode(200)
                .body("asked", equalTo(2));
        // Then
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(
                        "select query, cardinality(patients) from audit_answer where type = 'Organization' and id = ?")) {
            statement.setString(1, near + "/$scorecard");
            ResultSet row = statement.executeQuery();
            assertThat(row.next()).isTrue();
            assertThat(row.getString(1)).contains("start=" + TODAY.minusDays(2)).contains("as=figures");
            assertThat(row.getInt(2)).isZero();
        }
    }

    @Test
    void tellsWhichNeedsNobodyMet() throws SQLException {
        // Given one that both agencies refuse, the second for want of capacity
        changed(near, second.referralTask(), task -> end(task, TaskStatus.REJECTED, "not-eligible"));
        String askedAgain =
                FhirId.derivedFrom(second.referralTask(), "asked again").value();
        changed(far, askedAgain, task -> end(task, TaskStatus.REJECTED, "no-capacity"));
        String waiting = FhirId.derivedFrom(askedAgain, "asked again").value();
        String type = "http://nucc.org/provider-taxonomy|" + scene.service();
        // Then what waits for a moment lacks nothing yet
        assertThat(need(Tokens.coordinator(), type))
                .isEqualTo(Map.of(
                        "serviceType", type, "state", "MA", "postalCode", "021", "no-agency", 0, "no-capacity", 1));
        // When
        backdate("choice_list", "waited_since", "2 hours", waiting);
        // Then
        assertThat(need(Tokens.supervisor(), type))
                .containsEntry("no-agency", 1)
                .containsEntry("no-capacity", 1);
        MeasureReport report = FhirJson.parse(
                MeasureReport.class, unmet(Tokens.coordinator(), "").asByteArray());
        assertThat(report.getMeasure()).isEqualTo("https://careloop.org/fhir/Measure/unmet-needs");
        assertThat(report.getReporter().getReference()).isEqualTo("Organization/riverside-clinic");
        assertThat(report.getGroup())
                .filteredOn(
                        group -> group.getCode().getCodingFirstRep().getCode().equals(scene.service()))
                .singleElement()
                .satisfies(group -> assertThat(group.getStratifierFirstRep()
                                .getStratumFirstRep()
                                .getPopulation())
                        .extracting(population ->
                                population.getCode().getCodingFirstRep().getCode() + " " + population.getCount())
                        .containsExactly("no-agency 1", "no-capacity 1"));
        // When an agency comes
        String late = "late-" + scene.plan();
        Scene.agency(late, scene.service(), "021");
        soon().untilAsserted(() -> asked(waiting, late));
        // Then it had lacked one all the same
        assertThat(need(Tokens.coordinator(), type)).containsEntry("no-agency", 1);
        // And who sees none of these referrals is told of none
        assertThat(needs(Tokens.token("c", "coordinator", "elsewhere", "system/*.rs")))
                .isEmpty();
        unmet(Tokens.partner(far), "").then().statusCode(403);
        unmet(Tokens.patient(scene.patient()), "").then().statusCode(403);
    }

    @Test
    void tooManyVersionsAreRefusedAndNotCutOff() {
        SearchRequest two = SearchRequest.all(Set.of("Task"), new Condition.HasId(Set.of(scene.referralTask())), 2);
        assertThatThrownBy(() -> store.versions(two, type -> Condition.EVERYTHING, Set.of("status"), Instant.EPOCH)
                        .await()
                        .indefinitely())
                .isInstanceOfSatisfying(
                        FhirProblem.class, problem -> assertThat(problem.code()).isEqualTo(ProblemCode.TOO_COSTLY));
        assertThat(store.versions(two.withCount(3), type -> Condition.EVERYTHING, Set.of("status"), Instant.EPOCH)
                        .await()
                        .indefinitely())
                .extracting(version -> version.version() + " " + version.body())
                .containsExactly(
                        "1 { \"resourceType\" : \"Task\", \"status\" : \"requested\" }",
                        "2 { \"resourceType\" : \"Task\", \"status\" : \"accepted\" }",
                        "3 { \"resourceType\" : \"Task\", \"status\" : \"completed\" }");
    }

    @Test
    void theCapabilityStatementListsBoth() {
        JsonPath statement = coordinator().get("/fhir/metadata").jsonPath();
        assertThat(statement.<List<String>>get("rest[0].resource.operation.name.flatten()"))
                .contains("scorecard", "unmet-needs");
    }

    /** Lets the first of what was stored of {@code task} lie back. */
    private void backdate(String table, String column, String interval, String task) throws SQLException {
        String which = table.equals("choice_list") ? "task = ?" : "type = 'Task' and version = 1 and id = ?";
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement("update " + table + " set " + column + " = "
                        + column + " - interval '" + interval + "' where " + which)) {
            statement.setString(1, task);
            assertThat(statement.executeUpdate()).isEqualTo(1);
        }
    }

    private static void changed(String agency, String task, Consumer<Task> change) {
        Scene.change(Tokens.partner(agency), task, change).then().statusCode(200);
    }

    private static void end(Task task, TaskStatus status, String reason) {
        task.setStatus(status)
                .setStatusReason(new CodeableConcept(new Coding(EndReasons.SYSTEM, reason, null)).setText("Because"));
    }

    private static void asked(String task, String agency) {
        coordinator()
                .get("/fhir/Task/{id}", task)
                .then()
                .statusCode(200)
                .body("owner.reference", equalTo("Organization/" + agency));
    }

    private static Response ask(String token, String agency, String more) {
        return Scene.as(token)
                .urlEncodingEnabled(false)
                .get("/fhir/Organization/" + agency + "/$scorecard?" + PERIOD + more);
    }

    private static Response figures(String token, String agency) {
        return ask(token, agency, "&as=figures");
    }

    private static MeasureReport report(String token, String agency, String more) {
        Response answer = ask(token, agency, more);
        answer.then().statusCode(200).contentType(FhirJson.MEDIA_TYPE);
        return FhirJson.parse(MeasureReport.class, answer.asByteArray());
    }

    private static MeasureReportGroupComponent group(MeasureReport report, String code) {
        return report.getGroup().stream()
                .filter(group -> group.getCode().getCodingFirstRep().getCode().equals(code))
                .findFirst()
                .orElseThrow();
    }

    private static double score(MeasureReport report, String code) {
        return group(report, code).getMeasureScore().getValue().doubleValue();
    }

    private static Map<String, Integer> counts(MeasureReport report, String code) {
        return group(report, code).getPopulation().stream()
                .collect(Collectors.toMap(
                        population -> population.getCode().getCodingFirstRep().getCode(),
                        MeasureReport.MeasureReportGroupPopulationComponent::getCount));
    }

    private static Response unmet(String token, String more) {
        return Scene.as(token).urlEncodingEnabled(false).get("/fhir/HealthcareService/$unmet-needs?" + PERIOD + more);
    }

    private static List<Map<String, Object>> needs(String token) {
        return unmet(token, "&as=figures").path("needs");
    }

    private static Map<String, Object> need(String token, String type) {
        return needs(token).stream()
                .filter(need -> need.get("serviceType").equals(type))
                .findFirst()
                .orElseThrow();
    }
}
