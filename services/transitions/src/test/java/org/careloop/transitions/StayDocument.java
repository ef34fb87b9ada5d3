package org.careloop.transitions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.careloop.testkit.Fhir.as;
import static org.careloop.transitions.Stay.soon;

import io.restassured.response.Response;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.careloop.eventflow.LeaderLoop;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.fhirstore.ResourceStore;
import org.careloop.testkit.Tokens;
import org.careloop.transitions.domain.document.TransitionDocument;
import org.hl7.fhir.r4.model.AllergyIntolerance;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Composition;
import org.hl7.fhir.r4.model.Parameters;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Resource;

/** The versions of the document of a stay, as the platform itself reads them. */
record StayDocument(Stay stay) {

    private static final String ROW = "select wanted, asked, attempts from transition_document where encounter_id = $1";

    /** What is noted of it besides. */
    record Noted(boolean wanted, int asked, int attempts) {}

    String patient() {
        return InMemoryPatients.idOf(stay.number()).value();
    }

    String id(int version) {
        return TransitionDocument.idOf(stay.encounterId(), version).value();
    }

    /** The version {@code version}, as JSON, as soon as there is one. */
    String await(int version) {
        soon().untilAsserted(() -> assertThat(status(version)).isEqualTo(200));
        return as(Tokens.service()).get("/fhir/Bundle/{id}", id(version)).asString();
    }

    int status(int version) {
        return status(id(version));
    }

    static int status(String id) {
        return as(Tokens.service()).get("/fhir/Bundle/{id}", id).statusCode();
    }

    Composition composition(int version) {
        return composition(id(version));
    }

    static Composition composition(String id) {
        return FhirJson.parse(
                Composition.class,
                as(Tokens.service()).get("/fhir/Composition/{id}", id).asByteArray());
    }

    /** Asks for it. */
    Response make() {
        return as(Tokens.coordinator()).post("/fhir/Encounter/{id}/$transition-document", stay.encounterId());
    }

    /** Asks for it when the record is open to who does, and returns the number of the version that stands. */
    String made() {
        soon().untilAsserted(() -> assertThat(make().statusCode()).isEqualTo(200));
        return FhirJson.parse(Parameters.class, make().asByteArray())
                .getParameter("version")
                .getValue()
                .primitiveValue();
    }

    /** What is noted now. */
    Noted noted(ResourceStore store) throws Exception {
        String encounter = stay.encounterId();
        return LeaderLoop.await(() -> store.inUnit(unit -> unit.sql(ROW, encounter)
                .map(rows -> new Noted(
                        (Boolean) rows.getFirst()[0],
                        ((Number) rows.getFirst()[1]).intValue(),
                        ((Number) rows.getFirst()[2]).intValue()))));
    }

    /** What is noted when nothing is left to be made. */
    Noted settled(ResourceStore store) {
        soon().untilAsserted(() -> assertThat(noted(store).wanted()).isFalse());
        try {
            return noted(store);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** Something that the document lists. */
    AllergyIntolerance allergy(String text) {
        AllergyIntolerance allergy = new AllergyIntolerance();
        allergy.setId("a-" + UUID.randomUUID());
        allergy.setPatient(new Reference("Patient/" + patient())).setCode(new CodeableConcept().setText(text));
        allergy.getClinicalStatus()
                .addCoding()
                .setSystem("http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical")
                .setCode("active");
        return allergy;
    }

    static String json(Resource resource) {
        return new String(FhirJson.write(resource), StandardCharsets.UTF_8);
    }
}
