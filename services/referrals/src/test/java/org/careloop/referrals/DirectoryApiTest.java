package org.careloop.referrals;

import static org.careloop.referrals.Scene.coordinator;
import static org.careloop.referrals.Scene.partner;
import static org.careloop.referrals.Scene.soon;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.util.ArrayList;
import java.util.UUID;
import java.util.function.Consumer;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.testkit.RealParts;
import org.careloop.testkit.Tokens;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Endpoint;
import org.hl7.fhir.r4.model.Endpoint.EndpointStatus;
import org.hl7.fhir.r4.model.Extension;
import org.hl7.fhir.r4.model.HealthcareService;
import org.hl7.fhir.r4.model.Location;
import org.hl7.fhir.r4.model.Practitioner;
import org.hl7.fhir.r4.model.PractitionerRole;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Resource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Agencies keep what the directory lists of them, and nothing else of it. */
@QuarkusTest
@QuarkusTestResource(value = RealParts.class, initArgs = @ResourceArg(name = RealParts.DATABASE, value = "referrals"))
class DirectoryApiTest {

    private static final String CAPACITY =
            "http://hl7.org/fhir/us/sdoh-clinicalcare/StructureDefinition/SDOHCC-ExtensionHealthcareServiceCapacityStatus";

    private Scene scene = Scene.ofNewService();
    private String own = "";
    private String other = "";

    @BeforeEach
    void twoAgencies() {
        scene = Scene.ofNewService();
        own = "own-" + scene.plan();
        other = "other-" + scene.plan();
        Scene.agency(own, scene.service(), "021");
        Scene.agency(other, "code-" + UUID.randomUUID(), "021");
    }

    @Test
    void anAgencyThatHasCapacityAgainGetsTheReferralsThatWait() {
        // Given
        change(own, service(own), each -> capacity(each, "no-capacity")).then().statusCode(200);
        Bus.tellFirst(scene.person());
        Bus.tell(scene.carePlan());
        soon().untilAsserted(() -> coordinator()
                .get("/fhir/Task/{id}", scene.referralTask())
                .then()
                .statusCode(200)
                .body("owner", nullValue()));
        // When
        change(own, service(own), each -> capacity(each, "capacity")).then().statusCode(200);
        // Then
        soon().untilAsserted(() -> coordinator()
                .get("/fhir/Task/{id}", scene.referralTask())
                .then()
                .body("owner.reference", equalTo("Organization/" + own)));
    }

    @Test
    void anAgencyKeepsItsPlacesEndpointsAndRoles() {
        // Given
        Reference agency = new Reference("Organization/" + own);
        String place = Orders.created(new Location().setManagingOrganization(agency));
        String endpoint = Orders.created(endpoint().setManagingOrganization(agency));
        String role = Orders.created(new PractitionerRole().setOrganization(agency));
        // Then
        change(own, read(Location.class, place), each -> each.setName("Front desk"))
                .then()
                .statusCode(200);
        change(own, read(Endpoint.class, endpoint), each -> each.setName("Front desk"))
                .then()
                .statusCode(200);
        change(own, read(PractitionerRole.class, role), each -> each.setActive(true))
                .then()
                .statusCode(200);
        change(other, read(Location.class, place), each -> each.setName("Ours"))
                .then()
                .statusCode(404);
        change(other, read(Endpoint.class, endpoint), each -> each.setName("Ours"))
                .then()
                .statusCode(404);
        change(other, read(PractitionerRole.class, role), each -> each.setActive(false))
                .then()
                .statusCode(404);
        change(
                        own,
                        read(Location.class, place),
                        each -> each.setManagingOrganization(new Reference("Organization/" + other)))
                .then()
                .statusCode(403);
    }

    @Test
    void whoKeepsTheDirectoryAloneSaysWhoWorksForWhom() {
        // Given
        Reference agency = new Reference("Organization/" + own);
        Reference doctor = new Reference("Practitioner/doctor");
        String role = Orders.created(new PractitionerRole().setOrganization(agency));
        String ehr = Tokens.token("other-ehr", "coordinator", own, "system/*.cruds");
        PractitionerRole placed = new PractitionerRole().setOrganization(agency).setPractitioner(doctor);
        Practitioner numbered = new Practitioner();
        numbered.addIdentifier().setSystem("http://hl7.org/fhir/sid/us-npi").setValue("1234567893");
        // Then
        change(own, read(PractitionerRole.class, role), each -> each.setPractitioner(doctor))
                .then()
                .statusCode(422)
                .body("issue[0].expression[0]", equalTo("PractitionerRole.practitioner"));
        Scene.as(ehr)
                .body(FhirJson.write(placed))
                .post("/fhir/PractitionerRole")
                .then()
                .statusCode(422);
        String known = Scene.as(ehr)
                .body(FhirJson.write(numbered))
                .post("/fhir/Practitioner")
                .then()
                .statusCode(201)
                .extract()
                .path("id");
        numbered.getIdentifierFirstRep().setValue("1999999984");
        numbered.setId(known);
        Scene.as(ehr)
                .body(FhirJson.write(numbered))
                .put("/fhir/Practitioner/{id}", known)
                .then()
                .statusCode(422)
                .body("issue[0].expression[0]", equalTo("Practitioner.identifier"));
        // But the keeper does
        Orders.created(numbered);
        Orders.created(placed);
        change(
                        own,
                        read(PractitionerRole.class, role),
                        each -> each.addAvailableTime().setAllDay(true))
                .then()
                .statusCode(200);
    }

    @Test
    void anAgencyChangesNoListingOfAnotherAndGivesNoneAway() {
        change(own, service(other), each -> each.setComment("Closed"))
                .then()
                .statusCode(404)
                .body("resourceType", equalTo("OperationOutcome"));
        change(own, service(own), each -> each.setProvidedBy(new Reference("Organization/" + other)))
                .then()
                .statusCode(403);
        change(own, service(own), each -> each.setProvidedBy(null)).then().statusCode(403);
        coordinator()
                .get("/fhir/HealthcareService/{id}-service", own)
                .then()
                .body("meta.versionId", equalTo("1"))
                .body("providedBy.reference", equalTo("Organization/" + own));
        coordinator().get("/fhir/HealthcareService/{id}-service", other).then().body("meta.versionId", equalTo("1"));
    }

    @Test
    void anAgencyListsNothingNewAndRemovesNothing() {
        HealthcareService listed = new HealthcareService().setProvidedBy(new Reference("Organization/" + own));
        partner(own)
                .body(FhirJson.write(listed))
                .post("/fhir/HealthcareService")
                .then()
                .statusCode(403);
        listed.setId("new-" + scene.plan());
        partner(own)
                .body(FhirJson.write(listed))
                .put("/fhir/HealthcareService/new-{id}", scene.plan())
                .then()
                .statusCode(403);
        partner(own).delete("/fhir/HealthcareService/{id}-service", own).then().statusCode(403);
    }

    private static Endpoint endpoint() {
        return new Endpoint()
                .setStatus(EndpointStatus.ACTIVE)
                .setConnectionType(new Coding(
                        "http://terminology.hl7.org/CodeSystem/endpoint-connection-type", "hl7-fhir-rest", null))
                .addPayloadType(new CodeableConcept().setText("Tasks"))
                .setAddress("https://agency.example.org/fhir");
    }

    private static void capacity(HealthcareService service, String code) {
        service.setExtension(new ArrayList<>());
        service.addExtension()
                .setUrl(CAPACITY)
                .addExtension(new Extension(
                        "capacityStatus",
                        new CodeableConcept(new Coding(
                                "http://hl7.org/fhir/us/sdoh-clinicalcare/CodeSystem/SDOHCC-CodeSystemTemporaryCodes",
                                code,
                                null))));
    }

    private static HealthcareService service(String agency) {
        return read(HealthcareService.class, agency + "-service");
    }

    private static <T extends Resource> T read(Class<T> type, String id) {
        return FhirJson.parse(
                type,
                coordinator().get("/fhir/{type}/{id}", type.getSimpleName(), id).asByteArray());
    }

    private static <T extends Resource> Response change(String agency, T resource, Consumer<T> change) {
        String version = "W/\"" + resource.getMeta().getVersionId() + "\"";
        change.accept(resource);
        return Scene.put(Tokens.partner(agency), resource, version);
    }
}
