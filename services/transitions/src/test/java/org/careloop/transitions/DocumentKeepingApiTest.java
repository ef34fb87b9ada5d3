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
import org.careloop.calleraccess.Caller;
import org.careloop.eventcontracts.Change;
import org.careloop.eventflow.LeaderLoop;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.fhirmodel.ResourceKey;
import org.careloop.fhirsearch.Condition;
import org.careloop.fhirstore.ResourceStore;
import org.careloop.testkit.Events;
import org.careloop.testkit.RealParts;
import org.careloop.testkit.Tokens;
import org.careloop.transitions.domain.document.TransitionDocument;
import org.careloop.transitions.store.TransitionDocuments;
import org.hl7.fhir.r4.model.AllergyIntolerance;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.Bundle.BundleEntryComponent;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Composition;
import org.hl7.fhir.r4.model.Composition.CompositionStatus;
import org.hl7.fhir.r4.model.Consent;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Resource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What becomes of documents after they were made. */
@QuarkusTest
@QuarkusTestResource(value = RealParts.class, initArgs = @ResourceArg(name = RealParts.DATABASE, value = "transitions"))
class DocumentKeepingApiTest {

    @Inject
    InMemoryRecords records;

    @Inject
    ResourceStore store;

    @Inject
    TransitionDocuments documents;

    private final Stay stay = Stay.fresh();
    private final String patient = InMemoryPatients.idOf(stay.number()).value();

    @BeforeEach
    void hasADocument() {
        stay.discharged();
        awaitDocument(1);
        // The record is open to who follows the stay when that is heard of
        soon().untilAsserted(() ->
                as(Tokens.coordinator()).get("/fhir/Bundle/{id}", id(1)).then().statusCode(200));
    }

    @Test
    void thePlatformAloneWritesDocuments() {
        Composition composition = composition(1);
        Bundle bundle = document(1);
        String token = Tokens.coordinator();
        problem(as(token).delete("/fhir/Bundle/{id}", id(1)), ProblemCode.RULE_VIOLATED);
        problem(as(token).delete("/fhir/Composition/{id}", id(1)), ProblemCode.RULE_VIOLATED);
        // What would no longer be known as one is no less one
        Composition changed = composition.copy();
        changed.setIdentifier(null);
        problem(as(token).body(json(changed)).put("/fhir/Composition/{id}", id(1)), ProblemCode.RULE_VIOLATED);
        Bundle cut = bundle.copy();
        cut.getIdentifier().setSystem("https://elsewhere.example.org");
        problem(as(token).body(json(cut)).put("/fhir/Bundle/{id}", id(1)), ProblemCode.RULE_VIOLATED);
        // Nor does anybody else make one
        Composition further = composition.copy();
        further.setId("further-" + UUID.randomUUID());
        further.getIdentifier().setValue(stay.encounterId() + "/999");
        problem(as(token).body(json(further)).post("/fhir/Composition"), ProblemCode.RULE_VIOLATED);
        problem(
                as(token)
                        .body(json(further))
                        .put("/fhir/Composition/{id}", further.getIdElement().getIdPart()),
                ProblemCode.RULE_VIOLATED);
        problem(as(token).body(json(bundle)).post("/fhir/Bundle"), ProblemCode.RULE_VIOLATED);
    }

    @Test
    void aCancelledDischargeWithdrawsWhatIsLeft() throws Exception {
        // Given a Bundle that is gone, as it could be before it was guarded
        ResourceKey bundle = ResourceKey.of("Bundle", id(1));
        LeaderLoop.await(() -> store.inUnit(unit -> unit.find(bundle, Condition.EVERYTHING)
                .chain(found -> unit.delete(Caller.PLATFORM, found.orElseThrow()))
                .replaceWithVoid()));
        // When
        stay.tell(stay.event("A13", "20260307160000-0500"));
        stay.awaitStatus("in-progress");
        // Then
        assertThat(composition(1).getStatus()).isEqualTo(CompositionStatus.ENTEREDINERROR);
    }

    @Test
    void aMergeMakesItAnewAndTheFormerStaysInOnePiece() {
        // When
        String survivor = "survivor-" + stay.number();
        person(patient, 2, survivor);
        // Then
        soon().untilAsserted(() -> {
            assertThat(document(1).getEntry())
                    .extracting(BundleEntryComponent::getFullUrl)
                    .anyMatch(url -> url.endsWith("/Patient/" + survivor))
                    .noneMatch(url -> url.endsWith("/Patient/" + patient));
            assertThat(json(document(1))).doesNotContain("Patient/" + patient + "\"");
        });
        Bundle second = awaitDocument(2);
        assertThat(json(second)).contains("Patient/" + survivor).doesNotContain("Patient/" + patient + "\"");
        // When they are told apart: what was made meanwhile may be of two
        person(patient, 3, null);
        // Then
        soon().untilAsserted(() -> {
            List<Bundle> standing = matches(search(
                            Tokens.service(),
                            "Composition?encounter=Encounter/" + stay.encounterId() + "&status=final"))
                    .stream()
                    .map(DocumentKeepingApiTest::bundle)
                    .toList();
            assertThat(standing).hasSize(1);
            assertThat(json(standing.getFirst()))
                    .contains("Patient/" + patient + "\"")
                    .doesNotContain("Patient/" + survivor);
        });
        assertThat(composition(2).getStatus()).isEqualTo(CompositionStatus.ENTEREDINERROR);
        assertThat(((Composition) document(2).getEntryFirstRep().getResource()).getStatus())
                .isEqualTo(CompositionStatus.ENTEREDINERROR);
    }

    @Test
    void aConsentThatComesLaterKeepsItFromBeingSentOn() {
        // When
        Consent consent = (Consent) FhirJson.parse("""
                {"resourceType":"Consent","id":"c-%1$s","meta":{"versionId":"1"},"status":"active",
                 "scope":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/consentscope","code":"patient-privacy"}]},
                 "category":[{"coding":[{"code":"59284-0","system":"http://loinc.org"}]}],"patient":{"reference":"Patient/%1$s"},
                 "policyRule":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"OPTIN"}]},
                 "provision":{"type":"deny","class":[{"system":"http://hl7.org/fhir/resource-types","code":"Observation"}],
                  "actor":[{"role":{"text":"agency"},"reference":{"reference":"Organization/safe-rides"}}]}}""".formatted(patient).getBytes(StandardCharsets.UTF_8));
        records.hold(consent);
        tell(consent, Change.CREATED, 1);
        // Then it is noted without a new version
        soon().untilAsserted(() -> assertThat(composition(1).getMeta().getTag())
                .extracting(Coding::getCode)
                .contains("safe-rides"));
        as(Tokens.service()).get("/fhir/Bundle/{id}", id(2)).then().statusCode(404);
    }

    @Test
    void whatIsLabelledLaterIsTakenOut() {
        // Given
        AllergyIntolerance allergy = new AllergyIntolerance();
        allergy.setId("a-" + stay.number());
        allergy.setPatient(new Reference("Patient/" + patient)).setCode(new CodeableConcept().setText("Penicillin"));
        allergy.getClinicalStatus()
                .addCoding()
                .setSystem("http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical")
                .setCode("active");
        records.hold(allergy);
        as(Tokens.coordinator())
                .post("/fhir/Encounter/{id}/$transition-document", stay.encounterId())
                .then()
                .statusCode(200);
        assertThat(json(awaitDocument(2))).contains("Penicillin");
        // When
        allergy.getMeta().addSecurity("http://terminology.hl7.org/CodeSystem/v3-Confidentiality", "R", null);
        records.hold(allergy);
        tell(allergy, Change.UPDATED, 2);
        // Then
        assertThat(json(awaitDocument(3))).doesNotContain("Penicillin");
    }

    @Test
    void whatIsAskedForWhileAnswersAreMadeIsNotForgotten() throws Exception {
        // Given
        String encounter = "asked-" + UUID.randomUUID();
        var at = java.time.Instant.parse("2999-01-01T00:00:00Z");
        LeaderLoop.await(() -> store.inUnit(unit -> documents.want(encounter, "a", at, unit)));
        // When
        LeaderLoop.await(() -> store.inUnit(unit -> documents
                .read(encounter, unit)
                .chain(before -> documents
                        .want(encounter, "b", at, unit)
                        .chain(() ->
                                documents.unwanted(encounter, before.heard().asked(), unit)))));
        // Then
        LeaderLoop.await(() -> store.inUnit(
                unit -> unit.sql("select wanted from transition_document where encounter_id = $1", encounter)
                        .invoke(rows -> assertThat(rows.getFirst()[0]).isEqualTo(true))
                        .replaceWithVoid()));
    }

    private void person(String id, int version, String survivor) {
        String link = survivor == null
                ? ""
                : ",\"link\":[{\"extension\":[{\"url\":\"https://careloop.org/fhir/StructureDefinition/merged\",\"valueInstant\":\"2026-11-28T10:00:00Z\"}],\"type\":\"replaced-by\",\"other\":{\"reference\":\"Patient/"
                        + survivor + "\"}}]";
        Events.tell(
                "patients",
                Events.event(
                        ResourceKey.of("Patient", id),
                        Change.UPDATED,
                        version,
                        "Patient/" + id,
                        "{\"resourceType\":\"Patient\",\"id\":\"" + id + "\",\"meta\":{\"versionId\":\"" + version
                                + "\"},\"active\":" + (survivor == null) + link + "}"));
    }

    private void tell(Resource resource, Change change, int version) {
        Events.tell(
                "patients",
                Events.event(
                        ResourceKey.of(
                                resource.fhirType(), resource.getIdElement().getIdPart()),
                        change,
                        version,
                        "Patient/" + patient,
                        json(resource)));
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
        return bundle(id(number));
    }

    private static Bundle bundle(String id) {
        return FhirJson.parse(
                Bundle.class, as(Tokens.service()).get("/fhir/Bundle/{id}", id).asByteArray());
    }

    private Composition composition(int number) {
        return FhirJson.parse(
                Composition.class,
                as(Tokens.service()).get("/fhir/Composition/{id}", id(number)).asByteArray());
    }

    private static String json(Resource resource) {
        return new String(FhirJson.write(resource), StandardCharsets.UTF_8);
    }
}
