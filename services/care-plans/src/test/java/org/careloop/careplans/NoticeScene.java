package org.careloop.careplans;

import static org.assertj.core.api.Assertions.assertThat;
import static org.careloop.careplans.DischargeScene.soon;
import static org.careloop.testkit.Fhir.as;
import static org.careloop.testkit.Fhir.matches;
import static org.careloop.testkit.Fhir.search;

import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.careloop.eventcontracts.Change;
import org.careloop.eventcontracts.ResourceEvent;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.fhirmodel.FhirTime;
import org.careloop.testkit.Events;
import org.careloop.testkit.Tokens;
import org.hl7.fhir.r4.model.Communication;
import org.hl7.fhir.r4.model.Composition;
import org.hl7.fhir.r4.model.Composition.CompositionStatus;
import org.hl7.fhir.r4.model.DateTimeType;
import org.hl7.fhir.r4.model.Patient;
import org.hl7.fhir.r4.model.PractitionerRole;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Resource;
import org.hl7.fhir.r4.model.Task;
import org.hl7.fhir.r4.model.Task.TaskStatus;

/** A stay of which a clinic and an agency of their own are told, and how they see it. */
abstract class NoticeScene {

    static final String SCOPES = "system/Communication.crus";
    static final String CATEGORY = "https://careloop.org/fhir/CodeSystem/communication-category%7C";

    final String home = "home-" + UUID.randomUUID();
    final String agency = "agency-" + UUID.randomUUID();
    final DischargeScene scene = DischargeScene.fresh();
    final StayScene stay = new StayScene(scene);
    final String since = ago(Duration.ofDays(4));
    final String until = ago(Duration.ofHours(2));

    @Inject
    DataSource database;

    int count(String table, String where) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select count(*) from " + table + " where " + where)) {
            return row.next() ? row.getInt(1) : -1;
        }
    }

    void run(String update) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.executeUpdate(update);
        }
    }

    static String kind(Communication sent) {
        return sent.getExtensionByUrl("https://careloop.org/fhir/StructureDefinition/recipient-kind")
                .getValue()
                .primitiveValue();
    }

    PractitionerRole role(String id, String organization, Reference practitioner) {
        PractitionerRole role = new PractitionerRole()
                .setPractitioner(practitioner)
                .setOrganization(new Reference("Organization/" + organization));
        role.setId(id + "-role-" + home);
        return role;
    }

    static ResourceEvent deleted(ResourceEvent event) {
        return Events.event(
                event.resource(),
                Change.DELETED,
                event.version(),
                event.key(),
                new String(event.payload(), StandardCharsets.UTF_8));
    }

    String communication(String category, String more) {
        return """
                {"resourceType":"Communication","status":"preparation","sent":"2020-01-01",
                 "category":[{"coding":[{"system":"https://careloop.org/fhir/CodeSystem/communication-category","code":"%s"}]}],
                 "subject":{"reference":"Patient/%s"},"recipient":[{"reference":"Organization/%s"}]%s}""".formatted(category, scene.patient(), home, more);
    }

    ResourceEvent patient(int version, Reference practitioner) {
        Patient patient = scene.resource("patient-created", Patient.class);
        patient.getMeta().setVersionId(Integer.toString(version));
        patient.setGeneralPractitioner(List.of(practitioner));
        return scene.event(patient);
    }

    ResourceEvent accepted(TaskStatus status, int version) {
        Task task = scene.resource("task-requested", Task.class);
        task.getMeta().setVersionId(Integer.toString(version));
        return scene.event(task.setStatus(status).setOwner(new Reference("Organization/" + agency)));
    }

    ResourceEvent document(int version, CompositionStatus status) {
        Composition composition = scene.resource("transition-document-final", Composition.class);
        composition.setId("document-of-" + scene.stay()).getMeta().setVersionId(Integer.toString(version));
        composition.setStatus(status);
        return scene.event(composition);
    }

    ResourceEvent event(Resource resource, int version) {
        resource.getMeta().setVersionId(Integer.toString(version));
        return scene.event(resource);
    }

    void awaitReasons(String... reasons) {
        soon().untilAsserted(() -> assertThat(reasons(home)).containsExactlyInAnyOrder(reasons));
    }

    List<String> reasons(String recipient) {
        return found(recipient, "stay-notice").stream()
                .map(each -> each.getReasonCodeFirstRep().getCodingFirstRep().getCode())
                .toList();
    }

    List<Communication> notices() {
        return found(home, "stay-notice");
    }

    Communication notice(String reason) {
        return notices().stream()
                .filter(each -> reason.equals(
                        each.getReasonCodeFirstRep().getCodingFirstRep().getCode()))
                .findFirst()
                .orElseThrow();
    }

    List<Communication> documents(String recipient) {
        return found(recipient, "transition-document");
    }

    /** As the recipient finds them. */
    static List<Communication> found(String recipient, String category) {
        return matches(search(
                        recipient.startsWith("agency") ? partner(recipient) : clinic(recipient),
                        "Communication?recipient=Organization/" + recipient + "&category=" + CATEGORY + category))
                .stream()
                .map(NoticesApiTest::read)
                .toList();
    }

    static Communication read(Communication communication) {
        return read(communication.getIdElement().getIdPart());
    }

    static Communication read(String id) {
        return FhirJson.parse(
                Communication.class,
                as(Tokens.service()).get("/fhir/Communication/{id}", id).asByteArray());
    }

    static Response put(String token, Communication communication) {
        return as(token)
                .body(new String(FhirJson.write(communication), StandardCharsets.UTF_8))
                .put("/fhir/Communication/{id}", communication.getIdElement().getIdPart());
    }

    static String clinic(String organization) {
        return Tokens.token("ehr-of-" + organization, "coordinator", organization, "system/*.cruds");
    }

    static String partner(String organization) {
        return Tokens.token(organization, "partner", organization, SCOPES);
    }

    static String ago(Duration duration) {
        return new DateTimeType(FhirTime.dateTime(Instant.now().minus(duration)).getValueAsString()).getValueAsString();
    }
}
