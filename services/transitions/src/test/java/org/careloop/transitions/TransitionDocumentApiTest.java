package org.careloop.transitions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.careloop.testkit.Fhir.as;
import static org.careloop.testkit.Fhir.matches;
import static org.careloop.testkit.Fhir.problem;
import static org.careloop.testkit.Fhir.search;
import static org.careloop.transitions.Stay.soon;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import org.careloop.eventcontracts.Change;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.fhirmodel.ResourceKey;
import org.careloop.testkit.Events;
import org.careloop.testkit.RealParts;
import org.careloop.testkit.Tokens;
import org.careloop.transitions.domain.document.TransitionDocument;
import org.hl7.fhir.r4.model.AllergyIntolerance;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Composition;
import org.hl7.fhir.r4.model.Composition.CompositionStatus;
import org.hl7.fhir.r4.model.Encounter;
import org.hl7.fhir.r4.model.OperationOutcome;
import org.hl7.fhir.r4.model.OperationOutcome.IssueSeverity;
import org.hl7.fhir.r4.model.Parameters;
import org.hl7.fhir.r4.model.Reference;
import org.junit.jupiter.api.Test;

/** @see <a href="https://hl7.org/fhir/R4/documents.html">FHIR documents</a> */
@QuarkusTest
@QuarkusTestResource(value = RealParts.class, initArgs = @ResourceArg(name = RealParts.DATABASE, value = "transitions"))
class TransitionDocumentApiTest {

    @Inject
    InMemoryRecords records;

    private final Stay stay = Stay.fresh();

    @Test
    void aDischargeMakesItsDocumentOnceAndItIsFound() {
        // Given
        records.hold(allergy("Penicillin"));
        // When
        stay.discharged();
        // Then
        Bundle document = awaitDocument(1);
        assertThat(document.getEntryFirstRep().getResource()).isInstanceOf(Composition.class);
        assertThat(json(document)).contains("Penicillin");
        String id = id(1);
        assertThat(matches(search(Tokens.service(), "Bundle?composition=Composition/" + id)))
                .containsExactly(id);
        assertThat(matches(search(
                        Tokens.service(),
                        "Bundle?type=document&timestamp=ge2026-01-01&identifier=https://careloop.org/fhir/sid/transition-document%7C"
                                + stay.encounterId() + "/1")))
                .containsExactly(id);
        assertThat(matches(search(Tokens.service(), "Composition?encounter=Encounter/" + stay.encounterId())))
                .containsExactly(id);
        // And the product's own validation finds no error in it
        OperationOutcome outcome = FhirJson.parse(
                OperationOutcome.class,
                as(Tokens.service())
                        .body(json(document))
                        .post("/fhir/Bundle/$validate")
                        .asByteArray());
        assertThat(outcome.getIssue())
                .as(new String(FhirJson.write(outcome), StandardCharsets.UTF_8))
                .noneMatch(issue ->
                        issue.getSeverity() == IssueSeverity.ERROR || issue.getSeverity() == IssueSeverity.FATAL);
        // And it is in the patient's compartment
        as(Tokens.patient(InMemoryPatients.idOf(stay.number()).value()))
                .get("/fhir/Bundle/{id}", id)
                .then()
                .statusCode(200);
        problem(as(Tokens.patient("somebody-else")).get("/fhir/Bundle/{id}", id), ProblemCode.RESOURCE_NOT_FOUND);
        problem(
                as(Tokens.token("far-ehr", "coordinator", "far-clinic", "system/*.cruds"))
                        .get("/fhir/Bundle/{id}", id),
                ProblemCode.RESOURCE_NOT_FOUND);
    }

    @Test
    void aCorrectedDischargeHasANewVersionAndACancelledOneNone() {
        // Given
        stay.discharged();
        awaitDocument(1);
        // When
        Encounter corrected = stay.encounter();
        corrected.getHospitalization().setDischargeDisposition(new CodeableConcept().setText("To a sister"));
        as(Tokens.service())
                .body(json(corrected))
                .put("/fhir/Encounter/{id}", stay.encounterId())
                .then()
                .statusCode(200);
        // Then
        Bundle second = awaitDocument(2);
        assertThat(((Composition) second.getEntryFirstRep().getResource())
                        .getRelatesToFirstRep()
                        .getTargetReference()
                        .getReference())
                .isEqualTo("Composition/" + id(1));
        // When
        stay.tell(stay.event("A13", "20260307160000-0500"));
        stay.awaitStatus("in-progress");
        // Then
        for (int number = 1; number <= 2; number++) {
            assertThat(composition(number).getStatus()).isEqualTo(CompositionStatus.ENTEREDINERROR);
            assertThat(((Composition) document(number).getEntryFirstRep().getResource()).getStatus())
                    .isEqualTo(CompositionStatus.ENTEREDINERROR);
        }
    }

    @Test
    void whatCannotBeReadIsWaitedFor() {
        // Given
        records.shut(InMemoryPatients.idOf(stay.number()).value());
        stay.discharged();
        problem(operation(Tokens.coordinator()), ProblemCode.UNAVAILABLE);
        assertThat(matches(search(Tokens.service(), "Composition?encounter=Encounter/" + stay.encounterId())))
                .isEmpty();
        // When
        records.open(InMemoryPatients.idOf(stay.number()).value());
        // Then
        awaitDocument(1);
    }

    @Test
    void whoReadsTheStayHasTheDocumentMadeAsTheRecordIsNow() {
        // Given
        stay.discharged();
        awaitDocument(1);
        // When nothing is new
        Parameters answer = parameters(operation(Tokens.coordinator()));
        // Then
        assertThat(answer.getParameter("version").getValue().primitiveValue()).isEqualTo("1");
        assertThat(answer.getParameter("return").getResource()).isInstanceOf(Bundle.class);
        assertThat(answer.getParameters("missing").stream().map(Object::toString))
                .isNotEmpty();
        // When something is
        records.hold(allergy("Latex"));
        answer = parameters(operation(Tokens.supervisor()));
        // Then
        assertThat(answer.getParameter("version").getValue().primitiveValue()).isEqualTo("2");
        assertThat(json((Bundle) answer.getParameter("return").getResource())).contains("Latex");
        // Who reads the stay alone is not shown the document
        answer = parameters(
                operation(Tokens.token("general-hospital", "event-source", "general-hospital", "system/Encounter.rs")));
        assertThat(answer.getParameter("version").getValue().primitiveValue()).isEqualTo("2");
        assertThat(answer.hasParameter("return")).isFalse();
        // And nobody else
        problem(operation(Tokens.partner("harbor-home-health")), ProblemCode.FORBIDDEN);
        problem(
                operation(Tokens.token("far-ehr", "coordinator", "far-clinic", "system/*.cruds")),
                ProblemCode.RESOURCE_NOT_FOUND);
    }

    @Test
    void ofAStayThatLastsThereIsNone() {
        stay.tell(stay.admission());
        stay.awaitStatus("in-progress");
        problem(operation(Tokens.coordinator()), ProblemCode.RULE_VIOLATED);
    }

    @Test
    void whoIsSentItReadsItUntilItIsWithdrawn() {
        // Given
        stay.discharged();
        awaitDocument(1);
        String home = "home-" + UUID.randomUUID();
        String clinic = Tokens.token("ehr-of-" + home, "coordinator", home, "system/*.cruds");
        String agency = Tokens.token(home, "partner", home, "system/Bundle.rs system/Composition.rs");
        problem(as(clinic).get("/fhir/Bundle/{id}", id(1)), ProblemCode.RESOURCE_NOT_FOUND);
        problem(as(agency).get("/fhir/Bundle/{id}", id(1)), ProblemCode.RESOURCE_NOT_FOUND);
        // When
        sent(home, 1, "completed");
        // Then
        for (String token : List.of(clinic, agency)) {
            soon().untilAsserted(() ->
                    as(token).get("/fhir/Bundle/{id}", id(1)).then().statusCode(200));
            problem(as(token).get("/fhir/Composition/{id}", id(1)), ProblemCode.RESOURCE_NOT_FOUND);
        }
        problem(as(clinic).get("/fhir/Encounter/{id}", stay.encounterId()), ProblemCode.RESOURCE_NOT_FOUND);
        // When
        sent(home, 2, "entered-in-error");
        // Then
        for (String token : List.of(clinic, agency)) {
            soon().untilAsserted(() ->
                    as(token).get("/fhir/Bundle/{id}", id(1)).then().statusCode(404));
        }
    }

    @Test
    void aBundleIsInTheRecordOfWhomItIsAbout() {
        // Given
        stay.tell(stay.admission());
        stay.awaitStatus("in-progress");
        String about = """
                {"resourceType":"Bundle","type":"collection","entry":[{"fullUrl":"urn:uuid:%s","resource":{
                 "resourceType":"Composition","status":"final","type":{"text":"Letter"},"title":"Letter","date":"2026-03-04",
                 "author":[{"display":"Dr. Known"}],"subject":{"reference":"Patient/%s"}}}]}""".formatted(UUID.randomUUID(), InMemoryPatients.idOf(stay.number()));
        String far = Tokens.token("far-ehr", "coordinator", "far-clinic", "system/*.cruds");
        // Then
        problem(as(far).body(about).post("/fhir/Bundle"), ProblemCode.FORBIDDEN);
        String id = as(Tokens.coordinator())
                .body(about)
                .post("/fhir/Bundle")
                .then()
                .statusCode(201)
                .extract()
                .path("id");
        problem(as(far).get("/fhir/Bundle/{id}", id), ProblemCode.RESOURCE_NOT_FOUND);
        // And one about nobody is open to who made it
        String own = as(far).body("{\"resourceType\":\"Bundle\",\"type\":\"collection\"}")
                .post("/fhir/Bundle")
                .then()
                .statusCode(201)
                .extract()
                .path("id");
        as(far).get("/fhir/Bundle/{id}", own).then().statusCode(200);
        problem(as(Tokens.coordinator()).get("/fhir/Bundle/{id}", own), ProblemCode.RESOURCE_NOT_FOUND);
    }

    private void sent(String home, int version, String status) {
        String patient = "Patient/" + InMemoryPatients.idOf(stay.number());
        Events.tell(
                "care-plans",
                Events.event(
                        ResourceKey.of("Communication", "sent-to-" + home),
                        version == 1 ? Change.CREATED : Change.UPDATED,
                        version,
                        patient,
                        """
                {"resourceType":"Communication","id":"sent-to-%s","meta":{"versionId":"%d"},"status":"%s",
                 "category":[{"coding":[{"system":"https://careloop.org/fhir/CodeSystem/communication-category",
                  "code":"transition-document"}]}],"subject":{"reference":"%s"},
                 "recipient":[{"reference":"Organization/%s"}],
                 "payload":[{"contentReference":{"reference":"Bundle/%s"}}]}""".formatted(home, version, status, patient, home, id(1))));
    }

    private AllergyIntolerance allergy(String text) {
        AllergyIntolerance allergy = new AllergyIntolerance();
        allergy.setId("a-" + UUID.randomUUID());
        allergy.setPatient(new Reference("Patient/" + InMemoryPatients.idOf(stay.number())))
                .setCode(new CodeableConcept().setText(text));
        allergy.getClinicalStatus()
                .addCoding()
                .setSystem("http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical")
                .setCode("active");
        return allergy;
    }

    private io.restassured.response.Response operation(String token) {
        return as(token).post("/fhir/Encounter/{id}/$transition-document", stay.encounterId());
    }

    private static Parameters parameters(io.restassured.response.Response answer) {
        assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(200);
        return FhirJson.parse(Parameters.class, answer.asByteArray());
    }

    private String id(int number) {
        return TransitionDocument.idOf(stay.encounterId(), number).value();
    }

    private Bundle awaitDocument(int number) {
        soon().untilAsserted(() ->
                as(Tokens.service()).get("/fhir/Bundle/{id}", id(number)).then().statusCode(200));
        return document(number);
    }

    private Bundle document(int number) {
        return FhirJson.parse(
                Bundle.class,
                as(Tokens.service()).get("/fhir/Bundle/{id}", id(number)).asByteArray());
    }

    private Composition composition(int number) {
        return FhirJson.parse(
                Composition.class,
                as(Tokens.service()).get("/fhir/Composition/{id}", id(number)).asByteArray());
    }

    private static String json(org.hl7.fhir.r4.model.Resource resource) {
        return new String(FhirJson.write(resource), StandardCharsets.UTF_8);
    }
}
