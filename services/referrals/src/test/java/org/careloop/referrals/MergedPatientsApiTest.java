package org.careloop.referrals;

import static org.assertj.core.api.Assertions.assertThat;
import static org.careloop.referrals.Scene.soon;
import static org.careloop.testkit.Fhir.as;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import java.util.Date;
import java.util.UUID;
import org.careloop.fhirsearch.Compartment;
import org.careloop.testkit.RealParts;
import org.careloop.testkit.Tokens;
import org.hl7.fhir.r4.model.InstantType;
import org.hl7.fhir.r4.model.Patient;
import org.hl7.fhir.r4.model.Patient.LinkType;
import org.hl7.fhir.r4.model.Reference;
import org.junit.jupiter.api.Test;

/** Referrals of a patient who turns out to be somebody known. */
@QuarkusTest
@QuarkusTestResource(value = RealParts.class, initArgs = @ResourceArg(name = RealParts.DATABASE, value = "referrals"))
class MergedPatientsApiTest {

    @Test
    void aReferralThatWaitsFollowsItsPatientAndIsAddressedWhereThatOneLives() {
        // Given: nobody knows where the first Patient lives
        Scene scene = Scene.ofNewService();
        String survivor = "p-" + UUID.randomUUID();
        String agency = "agency-of-" + scene.plan();
        Scene.agency(agency, scene.service(), "021");
        Bus.tell(scene.carePlan());
        soon().untilAsserted(() ->
                task(scene).statusCode(200).body("status", equalTo("requested")).body("owner", nullValue()));
        // When
        Bus.tellFirst(new Scene(survivor, "", "").person());
        Bus.tell(Bus.event(replaced(scene, survivor), 2));
        soon().untilAsserted(() -> task(scene).body("for.reference", equalTo("Patient/" + survivor)));
        soon().untilAsserted(() -> as(Tokens.service())
                .get("/fhir/ServiceRequest/{id}", scene.serviceRequest())
                .then()
                .body("subject.reference", equalTo("Patient/" + survivor)));
        // Then
        soon().untilAsserted(() -> task(scene).body("owner.reference", equalTo("Organization/" + agency)));
        // When
        Bus.tell(Bus.event(scene.person(), 3));
        // Then
        soon().untilAsserted(() -> task(scene).body("for.reference", equalTo("Patient/" + scene.patient())));
        task(scene).body("owner.reference", equalTo("Organization/" + agency));
        assertThat(as(Tokens.service()).get("/fhir/Task?patient={id}", survivor).<Object>path("entry"))
                .isNull();
    }

    private static ValidatableResponse task(Scene scene) {
        return as(Tokens.service()).get("/fhir/Task/{id}", scene.referralTask()).then();
    }

    private static Patient replaced(Scene scene, String survivor) {
        Patient patient = new Patient();
        patient.setId(scene.patient());
        patient.setActive(false);
        patient.addLink()
                .setOther(new Reference("Patient/" + survivor))
                .setType(LinkType.REPLACEDBY)
                .addExtension(Compartment.MERGED, new InstantType(new Date()));
        return patient;
    }
}
