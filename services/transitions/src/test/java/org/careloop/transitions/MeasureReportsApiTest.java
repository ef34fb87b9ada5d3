package org.careloop.transitions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.careloop.testkit.Fhir.problem;
import static org.careloop.testkit.Fhir.search;
import static org.careloop.transitions.Stay.soon;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import org.careloop.eventcontracts.Change;
import org.careloop.eventflow.LeaderLoop;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.fhirmodel.ResourceKey;
import org.careloop.testkit.Events;
import org.careloop.testkit.Fhir;
import org.careloop.testkit.RealParts;
import org.careloop.testkit.Tokens;
import org.careloop.transitions.app.ReportMonth;
import org.careloop.transitions.domain.TransitionMeasures;
import org.careloop.transitions.domain.TransitionMeasures.Definition;
import org.hl7.fhir.r4.model.MeasureReport;
import org.junit.jupiter.api.Test;

/** Reports count the discharges of one organisation, and are for nobody else. */
@QuarkusTest
@QuarkusTestResource(value = RealParts.class, initArgs = @ResourceArg(name = RealParts.DATABASE, value = "transitions"))
class MeasureReportsApiTest {

    @Inject
    ReportMonth reportMonth;

    @Inject
    TransitionMeasures measures;

    private final String hospital = "hospital-" + UUID.randomUUID();
    private final Instant discharged = Instant.now().minusSeconds(5_000).truncatedTo(ChronoUnit.SECONDS);
    private final YearMonth month = YearMonth.from(discharged.atZone(ZoneId.of("America/New_York")));

    @Test
    void aMonthHasOneReportThatFollowsEvidence() throws Exception {
        // Given
        String ada = discharged(UUID.randomUUID().toString());
        discharged(UUID.randomUUID().toString());
        String id = ReportMonth.idOf(trc(), month, hospital).value();
        // When
        report();
        report();
        // Then
        MeasureReport report = read(id);
        assertThat(report.getMeta().getVersionId()).isEqualTo("1");
        assertThat(report.getStatus().toCode()).isEqualTo("pending");
        assertThat(report.getMeasure()).isEqualTo("https://careloop.org/fhir/Measure/transitions-of-care|trc-2026-1");
        assertThat(report.getReporter().getReference()).isEqualTo("Organization/" + hospital);
        assertThat(count(report, "medication-reconciliation", "initial-population"))
                .isEqualTo(2);
        assertThat(count(report, "medication-reconciliation", "eligibility-unknown"))
                .isEqualTo(2);
        assertThat(count(report, "medication-reconciliation", "denominator")).isZero();
        assertThat(Fhir.matches(search(own("coordinator"), "Provenance?target=MeasureReport/" + id)))
                .containsExactly(Fhir.matches(search(Tokens.service(), "Provenance?target=MeasureReport/" + id))
                        .getFirst());
        assertThat(Fhir.matches(search(Tokens.coordinator(), "Provenance?target=MeasureReport/" + id)))
                .isEmpty();
        // When it is known who one of them is, and what was done
        tell("Patient", ada, "{\"resourceType\":\"Patient\",\"birthDate\":\"1950-05-01\"}", ada);
        tell("Coverage", UUID.randomUUID().toString(), """
                {"resourceType":"Coverage","status":"active","beneficiary":{"reference":"Patient/%s"},"payor":[{"display":"x"}],
                 "type":{"coding":[{"system":"https://nahdo.org/sopt","code":"1"}]}}""".formatted(ada), ada);
        tell("Procedure", UUID.randomUUID().toString(), """
                {"resourceType":"Procedure","status":"completed","subject":{"reference":"Patient/%s"},
                 "code":{"coding":[{"system":"http://www.ama-assn.org/go/cpt","code":"1111F"}]},
                 "performedDateTime":"%s"}""".formatted(ada, discharged.plusSeconds(60)), ada);
        // Then
        soon().untilAsserted(() -> {
            report();
            MeasureReport next = read(id);
            // After the first of December nobody is measured.
            boolean measured = month.getMonthValue() < 12;
            assertThat(count(next, "medication-reconciliation", "eligibility-unknown"))
                    .isEqualTo(1);
            assertThat(count(next, "medication-reconciliation", "numerator")).isEqualTo(measured ? 1 : 0);
        });
        String body = new String(FhirJson.write(read(id)), StandardCharsets.UTF_8);
        assertThat(body).doesNotContain(ada).doesNotContain("Patient/").doesNotContain("EpisodeOfCare/");
        assertThat(body).contains("MEDICARE", hospital);
    }

    @Test
    void nobodySeesTheCountsOfOthers() throws Exception {
        // Given
        discharged(UUID.randomUUID().toString());
        report();
        String id = ReportMonth.idOf(trc(), month, hospital).value();
        // Then
        assertThat(Fhir.as(own("supervisor"))
                        .get("/fhir/MeasureReport/{id}", id)
                        .statusCode())
                .isEqualTo(200);
        assertThat(Fhir.as(own("coordinator"))
                        .get("/fhir/MeasureReport/{id}", id)
                        .statusCode())
                .isEqualTo(200);
        problem(Fhir.as(Tokens.supervisor()).get("/fhir/MeasureReport/{id}", id), ProblemCode.RESOURCE_NOT_FOUND);
        problem(Fhir.as(Tokens.coordinator()).get("/fhir/MeasureReport/{id}", id), ProblemCode.RESOURCE_NOT_FOUND);
        assertThat(Fhir.matches(search(Tokens.supervisor(), "MeasureReport?reporter=Organization/" + hospital)))
                .isEmpty();
        assertThat(Fhir.matches(search(own("supervisor"), "MeasureReport?period=" + month)))
                .contains(id);
        // When one tries to delete it
        Fhir.as(own("coordinator")).delete("/fhir/MeasureReport/{id}", id);
        // Then it is there as before
        assertThat(read(id).getMeta().getVersionId()).isEqualTo("1");
    }

    @Test
    void nobodyReportsForAnother() {
        // Given
        String body = """
                {"resourceType":"MeasureReport","status":"complete","type":"summary","measure":"https://example.org/Measure/own",
                 "period":{"start":"2026-01-01","end":"2026-01-31"}%s}""";
        String ofAnother = body.formatted(",\"reporter\":{\"reference\":\"Organization/general-hospital\"}");
        // When, Then
        assertThat(problem(
                        Fhir.as(own("coordinator")).body(ofAnother).post("/fhir/MeasureReport"),
                        ProblemCode.RULE_VIOLATED))
                .startsWith("MeasureReport.reporter: not the organisation that writes it");
        String id = Fhir.as(own("coordinator"))
                .body(body.formatted(",\"reporter\":{\"reference\":\"Organization/" + hospital + "\"}"))
                .post("/fhir/MeasureReport")
                .then()
                .statusCode(201)
                .extract()
                .path("id");
        problem(
                Fhir.as(own("coordinator"))
                        .body(ofAnother.replaceFirst("\\{", "{\"id\":\"" + id + "\","))
                        .put("/fhir/MeasureReport/{id}", id),
                ProblemCode.RULE_VIOLATED);
        Fhir.as(own("coordinator"))
                .body(body.formatted(""))
                .post("/fhir/MeasureReport")
                .then()
                .statusCode(201);
        Fhir.as(Tokens.service())
                .body(ofAnother)
                .post("/fhir/MeasureReport")
                .then()
                .statusCode(201);
    }

    @Test
    void evaluatesOfTheCallersOrganisation() {
        // Given
        String ada = UUID.randomUUID().toString();
        discharged(ada);
        // When
        Response summary = evaluate(own("supervisor"), "summary");
        Response subjects = evaluate(own("supervisor"), "subject-list");
        Response others = evaluate(Tokens.token("s", "supervisor", "other-" + hospital, "user/*.rs"), "subject-list");
        // Then
        assertThat(summary.statusCode()).as(summary.asString()).isEqualTo(200);
        assertThat(summary.<Integer>path("group[0].population[0].count")).isEqualTo(1);
        assertThat(summary.asString()).doesNotContain("EpisodeOfCare/");
        assertThat(subjects.<String>path("type")).isEqualTo("subject-list");
        assertThat(subjects.<String>path("contained[0].entry[0].item.reference"))
                .startsWith("EpisodeOfCare/");
        assertThat(subjects.<String>path("group[0].population[0].subjectResults.reference"))
                .isEqualTo("#initial-population");
        assertThat(others.<Integer>path("group[0].population[0].count")).isZero();
    }

    @Test
    void refusesWhatItCannotEvaluate() {
        problem(evaluate(Tokens.partner("harbor-home-health"), "summary"), ProblemCode.FORBIDDEN);
        problem(evaluate(own("supervisor"), "patient-list"), ProblemCode.INVALID_PARAMETER);
        problem(
                Fhir.as(own("supervisor"))
                        .get(
                                "/fhir/Measure/transitions-of-care/$evaluate-measure?periodStart=2026-01-01&periodEnd=2025-01-01"),
                ProblemCode.INVALID_PARAMETER);
        problem(
                Fhir.as(own("supervisor"))
                        .get("/fhir/Measure/transitions-of-care/$evaluate-measure?periodStart=2026-01-01"),
                ProblemCode.INVALID_PARAMETER);
        problem(
                Fhir.as(own("supervisor"))
                        .get("/fhir/Measure/none/$evaluate-measure?periodStart=2026-01-01&periodEnd=2026-01-31"),
                ProblemCode.RESOURCE_NOT_FOUND);
    }

    @Test
    void measuresCanBeRead() {
        assertThat(Fhir.as(own("supervisor"))
                        .get("/fhir/Measure/transitions-of-care")
                        .<String>path("version"))
                .isEqualTo("trc-2026-1");
        assertThat(Fhir.matches(search(own("coordinator"), "Measure?status=active")))
                .contains("transitions-of-care", "transitional-care-management");
    }

    private Definition trc() {
        return measures.find(TransitionMeasures.TRC).orElseThrow();
    }

    private void report() throws Exception {
        LeaderLoop.await(() -> reportMonth.handle(trc(), month, hospital));
    }

    private static MeasureReport read(String id) {
        return FhirJson.parse(
                MeasureReport.class,
                Fhir.as(Tokens.service()).get("/fhir/MeasureReport/{id}", id).asByteArray());
    }

    private static int count(MeasureReport report, String group, String population) {
        return report.getGroup().stream()
                .filter(each -> each.getCode().getCodingFirstRep().getCode().equals(group))
                .flatMap(each -> each.getPopulation().stream())
                .filter(each -> each.getCode().getCodingFirstRep().getCode().equals(population))
                .findFirst()
                .orElseThrow()
                .getCount();
    }

    private Response evaluate(String token, String reportType) {
        return Fhir.as(token)
                .get(
                        "/fhir/Measure/transitions-of-care/$evaluate-measure?periodStart={first}&periodEnd={last}&reportType={type}",
                        month.atDay(1).toString(),
                        month.atEndOfMonth().toString(),
                        reportType);
    }

    private String own(String role) {
        return Tokens.token(role, role, hospital, role.equals("supervisor") ? "user/*.rs" : "system/*.cruds");
    }

    /** Returns the id of the patient. */
    private String discharged(String patient) {
        Fhir.as(Tokens.service())
                .body("""
                        {"resourceType":"Encounter","status":"finished","subject":{"reference":"Patient/%s"},
                         "class":{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"IMP"},
                         "serviceProvider":{"reference":"Organization/%s"},"period":{"start":"%s","end":"%s"}}""".formatted(patient, hospital, discharged.minusSeconds(100_000), discharged))
                .post("/fhir/Encounter")
                .then()
                .statusCode(201);
        return patient;
    }

    private static void tell(String type, String id, String body, String patient) {
        String named = body.strip().replaceFirst("\\{", "{\"id\":\"" + id + "\",");
        Events.tell("patients", Events.event(ResourceKey.of(type, id), Change.CREATED, 1, "Patient/" + patient, named));
    }
}
