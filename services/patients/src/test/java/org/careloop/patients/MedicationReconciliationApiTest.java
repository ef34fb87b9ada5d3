package org.careloop.patients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.careloop.patients.ReconciledStay.milligrams;
import static org.careloop.testkit.Fhir.as;
import static org.careloop.testkit.Fhir.coordinator;
import static org.careloop.testkit.Fhir.create;
import static org.careloop.testkit.Fhir.problem;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.util.List;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.testkit.Tokens;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The medicines before, during and after a stay: compared when the discharge is told and whenever they change, resolved by named people.
 *
 * @see <a href="https://hl7.org/fhir/R4/detectedissue.html">FHIR R4 DetectedIssue</a>
 */
@QuarkusTest
class MedicationReconciliationApiTest {

    private static final String WHY = ",\"reasonCode\":[{\"text\":\"why\"}]";
    private static final String DONE = """
            "status":"final","mitigation":[{"action":{"text":"agreed with the prescriber"},"author":{"reference":"Practitioner/rn"}}]""";

    private ReconciledStay stay;

    @BeforeEach
    void admitted() {
        stay = new ReconciledStay();
    }

    /** Lisinopril with another dose, warfarin that nobody stopped, oxycodone that nobody ordered for something. */
    private void discharged() {
        stay.prescribed("community", "314076", milligrams(10));
        stay.prescribed("community", "Coumadin 5 mg", milligrams(5));
        stay.prescribed("inpatient", "oxycodone", "");
        stay.prescribed("discharge", "lisinopril 20 mg tablet", WHY + milligrams(20));
        stay.prescribed("discharge", "oxycodone", milligrams(5));
        stay.tell("in-progress");
        stay.tell("finished");
        stay.awaitIssues("dose-changed preliminary", "inpatient-continued preliminary", "omitted preliminary");
    }

    private static Response resolve(String issue, String with) {
        String stored = coordinator().get("/fhir/DetectedIssue/" + issue).asString();
        return coordinator()
                .body(stored.replace("\"status\":\"preliminary\"", with))
                .put("/fhir/DetectedIssue/" + issue);
    }

    @Test
    void listsAreSideBySideWithTheirDifferences() {
        // Given
        discharged();
        // When
        Response lists = stay.lists(Tokens.coordinator());
        // Then
        lists.then()
                .statusCode(200)
                .body("resourceType", equalTo("Parameters"))
                .body("parameter.findAll { it.name == 'medicine' }.size()", equalTo(3))
                .body("parameter.find { it.name == 'open' }.valueInteger", equalTo(3))
                .body(
                        "parameter.findAll { it.name == 'burden' }.collect { it.part[1].valueInteger }",
                        equalTo(List.of(2, 1, 2)))
                .body(
                        "parameter.find { it.name == 'rules' }.valueString",
                        equalTo("reconciliation-2026.1 medicines-2026.1"));
        List<List<String>> rows = lists.path(
                "parameter.findAll { it.name == 'medicine' }.collect { row -> row.part.collect { it.name } }");
        assertThat(rows).anyMatch(row -> row.contains("pre-admission") && row.contains("discharge"));
        lists.then()
                .body(
                        "parameter.findAll { it.name == 'difference' }.collect { row -> row.part.find { it.name == 'severity' }.valueCode }",
                        hasItems("moderate", "high"));
    }

    @Test
    void postAnswersAsGetDoes() {
        stay.tell("in-progress");
        stay.prescribed("community", "314076", "");
        await().until(() -> stay.lists(Tokens.coordinator()).statusCode() == 200);
        coordinator()
                .urlEncodingEnabled(false)
                .body("{\"resourceType\":\"Parameters\",\"parameter\":[{\"name\":\"encounter\",\"valueReference\":"
                        + "{\"reference\":\"Encounter/" + stay.encounter + "\"}}]}")
                .post("/fhir/Patient/" + stay.patient + "/$medication-reconciliation")
                .then()
                .statusCode(200)
                .body("parameter.find { it.name == 'open' }.valueInteger", equalTo(0))
                .body("parameter.findAll { it.name == 'medicine' }.size()", equalTo(1))
                .body("parameter.find { it.name == 'difference' }", nullValue());
    }

    @Test
    void aNamedPersonResolvesAndItStaysUntilTheFactsChange() {
        // Given
        discharged();
        String issue = stay.issue("dose-changed");
        // Then
        assertThat(problem(resolve(issue, "\"status\":\"final\""), ProblemCode.RULE_VIOLATED))
                .startsWith("DetectedIssue.mitigation: missing");
        assertThat(problem(
                        resolve(issue, "\"status\":\"final\",\"mitigation\":[{\"action\":{\"text\":\"x\"}}]"),
                        ProblemCode.RULE_VIOLATED))
                .startsWith("DetectedIssue.mitigation.author: nobody named");
        problem(resolve(issue, "\"status\":\"cancelled\""), ProblemCode.RULE_VIOLATED);
        String stored = coordinator().get("/fhir/DetectedIssue/" + issue).asString();
        assertThat(problem(
                        coordinator()
                                .body(stored.replace("\"severity\":\"moderate\"", "\"severity\":\"low\""))
                                .put("/fhir/DetectedIssue/" + issue),
                        ProblemCode.RULE_VIOLATED))
                .startsWith("DetectedIssue.code: differs in what the platform found");
        resolve(issue, DONE).then().statusCode(200).body("mitigation[0].date.length() > 10", equalTo(true));
        stay.awaitIssues("dose-changed final", "inpatient-continued preliminary", "omitted preliminary");
        // What does not concern it changes nothing
        stay.prescribed("discharge", "warfarin", WHY + milligrams(5));
        stay.awaitIssues("dose-changed final", "inpatient-continued preliminary", "omitted cancelled");
        // Another dose is another question
        String home = stay.prescribed("community", "lisinopril", milligrams(40));
        stay.awaitIssues("dose-changed preliminary", "inpatient-continued preliminary", "omitted cancelled");
        as(Tokens.service()).delete("/fhir/MedicationRequest/" + home).then().statusCode(204);
        problem(coordinator().delete("/fhir/DetectedIssue/" + issue), ProblemCode.RULE_VIOLATED);
    }

    @Test
    void aDischargeThatIsTakenBackAsksNothing() {
        discharged();
        stay.tell("in-progress");
        stay.awaitIssues("dose-changed cancelled", "inpatient-continued cancelled", "omitted cancelled");
        stay.tell("finished");
        stay.awaitIssues("dose-changed preliminary", "inpatient-continued preliminary", "omitted preliminary");
        stay.tell("entered-in-error");
        stay.awaitIssues(
                "dose-changed entered-in-error", "inpatient-continued entered-in-error", "omitted entered-in-error");
    }

    @Test
    void nobodySaysThatAllIsReconciledWhileDifferencesAreOpen() {
        // Given
        discharged();
        // Then
        assertThat(problem(coordinator().body(stay.done("", "")).post("/fhir/Procedure"), ProblemCode.RULE_VIOLATED))
                .startsWith("Procedure.performer: nobody named");
        String byNurse = ",\"performer\":[{\"actor\":{\"reference\":\"Practitioner/rn\"}}]";
        assertThat(problem(
                        coordinator().body(stay.done(byNurse, "")).post("/fhir/Procedure"), ProblemCode.RULE_VIOLATED))
                .startsWith("Procedure.status: completed while 3 differences");
        coordinator()
                .body(stay.done(byNurse, ",\"statusReason\":{\"text\":\"prescriber not reached, asked by letter\"}"))
                .post("/fhir/Procedure")
                .then()
                .statusCode(201);
        List.of("dose-changed", "inpatient-continued", "omitted")
                .forEach(kind -> resolve(stay.issue(kind), DONE).then().statusCode(200));
        coordinator()
                .body(stay.done(byNurse, ""))
                .post("/fhir/Procedure")
                .then()
                .statusCode(201);
        // Of a visit after the stay it is about the stay, too.
        stay.prescribed("discharge", "frobnicol", "");
        problem(
                coordinator()
                        .body(stay.done(byNurse, "").replace(stay.encounter, "visit"))
                        .post("/fhir/Procedure"),
                ProblemCode.RULE_VIOLATED);
    }

    @Test
    void allergiesAndMedicationsThatChangeAreComparedAgain() {
        // Given
        String medication = create("{\"resourceType\":\"Medication\",\"code\":{\"coding\":[{\"system\":\""
                + ReconciledStay.RXNORM + "\",\"code\":\"308182\"}]}}");
        stay.prescribed("community", "314076", milligrams(10));
        stay.prescribed("discharge", "314076", milligrams(10));
        create(stay.request("discharge", "x", WHY)
                .replace(
                        ReconciledStay.medicine("x"),
                        "\"medicationReference\":{\"reference\":\"Medication/" + medication + "\"}"));
        stay.tell("finished");
        stay.awaitIssues();
        // When
        create("""
                {"resourceType":"AllergyIntolerance","patient":{"reference":"Patient/%s"},"code":{"text":"Penicillin"},
                 "clinicalStatus":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical","code":"active"}]}}""".formatted(stay.patient));
        // Then
        stay.awaitIssues("allergy preliminary");
        coordinator()
                .body("{\"resourceType\":\"Medication\",\"id\":\"" + medication
                        + "\",\"code\":{\"text\":\"naproxen\"}}")
                .put("/fhir/Medication/" + medication)
                .then()
                .statusCode(200);
        stay.awaitIssues("allergy cancelled");
    }

    @Test
    void whoMayNotSeeThePatientLearnsNothing() {
        // Given
        discharged();
        String issue = stay.issue("omitted");
        String other = Tokens.token("other-ehr", "coordinator", "other-clinic", "system/*.cruds");
        String agency = Tokens.token("harbor", "partner", "harbor", "system/*.cruds");
        String narrow = Tokens.token(
                "riverside-ehr", "coordinator", "riverside-clinic", "system/Patient.rs system/MedicationRequest.rs");
        // Then
        problem(stay.lists(other), ProblemCode.RESOURCE_NOT_FOUND);
        problem(stay.lists(agency), ProblemCode.FORBIDDEN);
        problem(stay.lists(narrow), ProblemCode.FORBIDDEN);
        problem(as(other).get("/fhir/DetectedIssue/" + issue), ProblemCode.RESOURCE_NOT_FOUND);
        problem(as(agency).get("/fhir/DetectedIssue/" + issue), ProblemCode.RESOURCE_NOT_FOUND);
        AgencyTasks harbor = new AgencyTasks("harbor");
        AgencyTasks.tellTask(
                stay.patient, harbor.taskThatNames(stay.patient, "requested", "DetectedIssue/" + issue), 1);
        await().atMost(AgencyTasks.PATIENCE)
                .until(() -> as(agency).get("/fhir/DetectedIssue/" + issue).statusCode() == 200);
        problem(as(agency).get("/fhir/DetectedIssue/" + stay.issue("dose-changed")), ProblemCode.RESOURCE_NOT_FOUND);
        problem(stay.lists(agency), ProblemCode.FORBIDDEN);
        stay.lists(Tokens.patient(stay.patient)).then().statusCode(200);
        stay.lists(Tokens.supervisor()).then().statusCode(200);
        problem(stay.lists(Tokens.patient(create(Persons.patient("male")))), ProblemCode.RESOURCE_NOT_FOUND);
        String someoneElse = create(Persons.patient("male"));
        problem(
                coordinator()
                        .urlEncodingEnabled(false)
                        .get("/fhir/Patient/" + someoneElse + "/$medication-reconciliation?encounter=Encounter/"
                                + stay.encounter),
                ProblemCode.RESOURCE_NOT_FOUND);
        problem(
                coordinator()
                        .urlEncodingEnabled(false)
                        .get("/fhir/Patient/" + stay.patient + "/$medication-reconciliation"),
                ProblemCode.INVALID_PARAMETER);
    }

    @Test
    void clientsKeepDetectedIssuesOfTheirOwn() {
        String own =
                create("{\"resourceType\":\"DetectedIssue\",\"status\":\"final\",\"patient\":{\"reference\":\"Patient/"
                        + stay.patient + "\"}}");
        coordinator().get("/fhir/DetectedIssue?patient=" + stay.patient).then().body("entry.resource.id", hasItem(own));
        coordinator().delete("/fhir/DetectedIssue/" + own).then().statusCode(204);
        problem(
                coordinator()
                        .body(
                                "{\"resourceType\":\"DetectedIssue\",\"status\":\"final\",\"patient\":{\"reference\":\"Patient/"
                                        + stay.patient
                                        + "\"},\"identifier\":[{\"system\":\"https://careloop.org/fhir/sid/medication-reconciliation\","
                                        + "\"value\":\"x\"}]}")
                        .post("/fhir/DetectedIssue"),
                ProblemCode.RULE_VIOLATED);
    }
}
