package org.careloop.referrals;

import static io.restassured.RestAssured.given;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.CoreMatchers.either;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.is;

import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.UUID;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.awaitility.core.ConditionFactory;
import org.careloop.fhirmodel.FhirId;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.testkit.Tokens;
import org.hl7.fhir.r4.model.Address.AddressUse;
import org.hl7.fhir.r4.model.CarePlan;
import org.hl7.fhir.r4.model.CodeType;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Consent;
import org.hl7.fhir.r4.model.HealthcareService;
import org.hl7.fhir.r4.model.Location;
import org.hl7.fhir.r4.model.Organization;
import org.hl7.fhir.r4.model.Patient;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Resource;
import org.hl7.fhir.r4.model.Task;

/**
 * One discharge: a patient and a plan of their own, so that tests leave each other alone; and the directory that all
 * share.
 *
 * @param service the NUCC code of the service that the plan's referral requires
 */
record Scene(String patient, String plan, String service) {

    static final String HOME_HEALTH = "251E00000X";
    static final String HARBOR = "harbor-home-health";
    static final String RIDES = "safe-rides";

    /** A service that nobody offers yet. */
    static Scene ofNewService() {
        return of("code-" + UUID.randomUUID());
    }

    static Scene homeHealth() {
        return of(HOME_HEALTH);
    }

    private static Scene of(String service) {
        return new Scene("p-" + UUID.randomUUID(), UUID.randomUUID().toString(), service);
    }

    /** An agency of another area, one of another service, and the one to be chosen. */
    static void directory() {
        agency("inland-home-health", HOME_HEALTH, "606");
        agency(RIDES, "343900000X", "021");
        agency(HARBOR, HOME_HEALTH, "021");
    }

    static void agency(String id, String service, String postalCode) {
        Organization organization = new Organization().setActive(true).setName(id);
        organization.setId(id);
        Location area = new Location();
        area.setId(id + "-area");
        area.getAddress().setPostalCode(postalCode);
        HealthcareService offered = new HealthcareService().setActive(true);
        offered.setId(id + "-service");
        offered.setProvidedBy(new Reference("Organization/" + id));
        offered.addType(new CodeableConcept(new Coding("http://nucc.org/provider-taxonomy", service, null)));
        offered.addCoverageArea(new Reference("Location/" + id + "-area"));
        put(organization);
        put(area);
        put(offered);
    }

    /** A patient of the coordinating organisation, whose records it may write. */
    static void known(String patient) {
        Bus.tellFirst(new Scene(patient, "", "").person());
    }

    Patient person() {
        Patient person = new Patient();
        person.setId(patient);
        person.setManagingOrganization(new Reference("Organization/riverside-clinic"));
        person.addAddress().setUse(AddressUse.HOME).setPostalCode("02139-4307").setState("MA");
        return person;
    }

    CarePlan carePlan() {
        CarePlan carePlan = FhirJson.parse(CarePlan.class, golden("care-plan-activated"));
        carePlan.setId(plan);
        carePlan.getSubject().setReference("Patient/" + patient);
        carePlan.getActivity().stream()
                .flatMap(activity -> activity.getDetail().getExtension().stream())
                .filter(extension -> extension.getValue() instanceof CodeableConcept)
                .forEach(extension -> ((CodeableConcept) extension.getValue())
                        .getCodingFirstRep()
                        .setCode(service));
        return carePlan;
    }

    /** The same plan, whose referral has another {@code priority} and is not to be done by a day that is over. */
    CarePlan carePlan(String priority) {
        CarePlan carePlan = carePlan();
        carePlan.getActivity().stream()
                .map(CarePlan.CarePlanActivityComponent::getDetail)
                .filter(detail -> detail.getKind() == CarePlan.CarePlanActivityKind.SERVICEREQUEST)
                .forEach(detail -> detail.setScheduled(null)
                        .getExtensionByUrl("https://careloop.org/fhir/StructureDefinition/activity-priority")
                        .setValue(new CodeType(priority)));
        return carePlan;
    }

    /** Another plan of the same person; what is told of it comes after what was told before. */
    Scene next() {
        return new Scene(patient, UUID.randomUUID().toString(), service);
    }

    String referralTask() {
        return task("home-health");
    }

    String task(String activity) {
        return FhirId.derivedFrom(plan, activity, "Task").value();
    }

    String serviceRequest() {
        return FhirId.derivedFrom(plan, "home-health", "ServiceRequest").value();
    }

    /** Tells of patient and plan, and waits until the agency is asked. */
    Scene referred() {
        Bus.tellFirst(person());
        Bus.tell(carePlan());
        soon().untilAsserted(() -> coordinator()
                .get("/fhir/Task/{id}", referralTask())
                .then()
                .body("owner.reference", equalTo("Organization/" + HARBOR)));
        return this;
    }

    static ConditionFactory soon() {
        return await().atMost(Duration.ofSeconds(30)).pollInterval(Duration.ofMillis(100));
    }

    static RequestSpecification coordinator() {
        return as(Tokens.coordinator());
    }

    static RequestSpecification partner(String organization) {
        return as(Tokens.partner(organization));
    }

    static RequestSpecification as(String token) {
        return given().auth().oauth2(token).contentType(FhirJson.MEDIA_TYPE);
    }

    /** Reads a Task with {@code token}, changes it and puts it back with {@code If-Match}. */
    static Response change(String token, String id, Consumer<Task> change) {
        Response current = as(token).get("/fhir/Task/{id}", id);
        Task task = FhirJson.parse(Task.class, current.body().asByteArray());
        change.accept(task);
        return put(token, task, current.header("ETag"));
    }

    static Response put(String token, Resource resource, String ifMatch) {
        return put(as(token).header("If-Match", ifMatch), resource);
    }

    static Response put(String token, Resource resource) {
        return put(as(token), resource);
    }

    private static Response put(RequestSpecification request, Resource resource) {
        return request.body(FhirJson.write(resource))
                .put(
                        "/fhir/{type}/{id}",
                        resource.fhirType(),
                        resource.getIdElement().getIdPart());
    }

    /** The patient does not consent to {@code organization}; waits until what it is asked of {@code request} is shut to it. */
    static void shutOut(String organization, String patient, String request) {
        Bus.tell(denial(organization, patient));
        soon().until(() -> {
            String probe = Orders.created(
                    Orders.task(patient, request).setOwner(new Reference("Organization/" + organization)));
            return partner(organization).get("/fhir/Task/{id}", probe).statusCode() == 404;
        });
    }

    /** The patient takes back what {@link #shutOut} told. */
    static void letIn(String organization, String patient) {
        Bus.tell(Bus.event(denial(organization, patient).setStatus(Consent.ConsentState.INACTIVE), 2));
    }

    private static Consent denial(String organization, String patient) {
        return FhirJson.parse(
                Consent.class, """
                {"resourceType":"Consent","id":"consent-%s","status":"active","scope":{"coding":[{"code":"patient-privacy"}]},
                 "category":[{"coding":[{"code":"IDSCL"}]}],"patient":{"reference":"Patient/%s"},"policyRule":{"text":"x"},
                 "provision":{"type":"deny","actor":[{"role":{"text":"recipient"},
                  "reference":{"reference":"Organization/%s"}}]}}""".formatted(patient, patient, organization).getBytes(StandardCharsets.UTF_8));
    }

    /** Takes from the stored Task what it may not be stored without, so that whatever changes it fails. */
    static void spoil(DataSource database, String task) throws SQLException {
        replace(database, task, "\"intent\":\"order\",", "");
    }

    /** Undoes {@link #spoil}. */
    static void mend(DataSource database, String task) throws SQLException {
        replace(database, task, "\"status\":", "\"intent\":\"order\",\"status\":");
    }

    private static void replace(DataSource database, String task, String some, String other) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(
                        "update resource set body = convert_to(replace(convert_from(body, 'UTF8'), ?, ?), 'UTF8')"
                                + " where type = 'Task' and id = ? and position(?::bytea in body) > 0")) {
            statement.setString(1, some);
            statement.setString(2, other);
            statement.setString(3, task);
            statement.setBytes(4, some.getBytes(StandardCharsets.UTF_8));
            assertThat(statement.executeUpdate()).isEqualTo(1);
        }
    }

    static byte[] golden(String name) {
        try (InputStream file = Scene.class.getResourceAsStream("/golden/" + name + ".json")) {
            return requireNonNull(file, name).readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Consumer<Task> completed(String procedure) {
        return task -> {
            task.setStatus(Task.TaskStatus.COMPLETED);
            task.setOutput(new ArrayList<>());
            task.addOutput()
                    .setType(new CodeableConcept().setText("Resulting activity"))
                    .setValue(new Reference(procedure));
        };
    }

    private static void put(Resource resource) {
        put(coordinator(), resource).then().statusCode(either(is(200)).or(is(201)));
    }
}
