package org.careloop.referrals;

import static org.assertj.core.api.Assertions.assertThat;
import static org.careloop.referrals.Scene.coordinator;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.util.List;
import org.careloop.testkit.RealParts;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Extension;
import org.hl7.fhir.r4.model.HealthcareService;
import org.hl7.fhir.r4.model.HealthcareService.DaysOfWeek;
import org.hl7.fhir.r4.model.Location;
import org.hl7.fhir.r4.model.Organization;
import org.hl7.fhir.r4.model.Reference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Who offers what a person needs where they live, and has capacity, asked before a referral; nothing of the person is in
 * the question.
 *
 * @see <a href="https://hl7.org/fhir/us/sdoh-clinicalcare/">SDOHCC</a>
 */
@QuarkusTest
@QuarkusTestResource(value = RealParts.class, initArgs = @ResourceArg(name = RealParts.DATABASE, value = "referrals"))
class DirectorySearchApiTest {

    private static final String CAPACITY =
            "http://hl7.org/fhir/us/sdoh-clinicalcare/StructureDefinition/SDOHCC-ExtensionHealthcareServiceCapacityStatus";
    private static final String CODES =
            "http://hl7.org/fhir/us/sdoh-clinicalcare/CodeSystem/SDOHCC-CodeSystemTemporaryCodes";

    private Scene scene = Scene.ofNewService();
    private String near = "";
    private String agency = "";
    private String room = "";

    @BeforeEach
    void oneServiceNearAndOneFar() {
        scene = Scene.ofNewService();
        agency = Orders.created(new Organization().setActive(true).setName("Pantry"));
        room = Orders.created(new Location().setName("Front desk"));
        near = listed("021", "no-capacity", "es");
        listed("606", "capacity", "en");
    }

    @Test
    void aServiceIsFoundByNeedAndPlaceWithItsCapacityPlacesAndAgency() {
        // When
        Response answer = coordinator()
                .get(
                        "/fhir/HealthcareService?service-type={type}&coverage-area.address-postalcode:exact=02139,0213,021"
                                + "&active=true&_include=HealthcareService:location&_include=HealthcareService:organization",
                        "http://nucc.org/provider-taxonomy|" + scene.service());
        // Then
        answer.then()
                .statusCode(200)
                .body("entry.findAll { it.search.mode == 'match' }.resource.id", equalTo(List.of(near)))
                .body("entry.findAll { it.search.mode == 'include' }.resource.id", hasItem(room))
                .body("entry.findAll { it.search.mode == 'include' }.resource.id", hasItem(agency))
                .body("entry[0].resource.extension[0].url", equalTo(CAPACITY))
                .body(
                        "entry[0].resource.extension[0].extension[0].valueCodeableConcept.coding[0].code",
                        equalTo("no-capacity"));
    }

    @Test
    void aPlaceIsFoundByTheBeginningOfItsPostalCode() {
        assertThat(found("coverage-area.address-postalcode=021")).containsExactly(near);
        assertThat(found("coverage-area.address-postalcode=02139")).isEmpty();
        assertThat(found("coverage-area.address-postalcode:exact=02139,0213,021"))
                .containsExactly(near);
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            capacity=no-capacity
            capacity=http://hl7.org/fhir/us/sdoh-clinicalcare/CodeSystem/SDOHCC-CodeSystemTemporaryCodes|no-capacity
            capacity:not=capacity
            language=es
            language=urn:ietf:bcp:47|es
            eligibility=over-60
            day=sat
            program=snap
            service-category=food-insecurity
            characteristic=wheelchair
            organization.name=Pantry&language=es
            location.name=Front&language=es
            name=Food&language=es
            """)
    void aServiceIsFoundByWhatItOffers(String query) {
        assertThat(found(query)).containsExactly(near);
    }

    private List<String> found(String query) {
        Response answer = coordinator()
                .urlEncodingEnabled(false)
                .get("/fhir/HealthcareService?active=true&service-type=" + scene.service() + "&"
                        + query.replace("|", "%7C"));
        answer.then().statusCode(200);
        List<String> ids = answer.path("entry.resource.id");
        return ids == null ? List.of() : ids;
    }

    /** Those with {@code es} have all the rest, too. */
    private String listed(String postalCode, String capacity, String language) {
        Location area = new Location();
        area.getAddress().setPostalCode(postalCode);
        HealthcareService service = new HealthcareService()
                .setActive(true)
                .setName("Food for all")
                .setProvidedBy(new Reference("Organization/" + agency))
                .addLocation(new Reference("Location/" + room))
                .addCoverageArea(new Reference("Location/" + Orders.created(area)))
                .addType(code("http://nucc.org/provider-taxonomy", scene.service()))
                .addCommunication(code("urn:ietf:bcp:47", language));
        service.addExtension().setUrl(CAPACITY).addExtension(new Extension("capacityStatus", code(CODES, capacity)));
        if (language.equals("es")) {
            service.addCategory(code(CODES, "food-insecurity"))
                    .addProgram(code("urn:programs", "snap"))
                    .addCharacteristic(code("urn:access", "wheelchair"));
            service.addEligibility().setCode(code("urn:eligibility", "over-60"));
            service.addAvailableTime().addDaysOfWeek(DaysOfWeek.SAT);
            service.addNotAvailable().setDescription("Holidays");
        }
        return Orders.created(service);
    }

    private static CodeableConcept code(String system, String code) {
        return new CodeableConcept(new Coding(system, code, null));
    }
}
