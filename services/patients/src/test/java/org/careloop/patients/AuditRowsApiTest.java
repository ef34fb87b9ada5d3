package org.careloop.patients;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.careloop.patients.Persons.patient;
import static org.careloop.testkit.Fhir.as;
import static org.careloop.testkit.Fhir.create;
import static org.careloop.testkit.Fhir.problem;
import static org.careloop.testkit.Fhir.search;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.sql.DataSource;
import org.careloop.calleraccess.PlatformSignature;
import org.careloop.calleraccess.RefusalReport;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.testkit.Tokens;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What each answer and each change leave in the audit trail. */
@QuarkusTest
class AuditRowsApiTest {

    private final String correlation = "audit-" + UUID.randomUUID();

    @Inject
    DataSource database;

    @Inject
    RefusalReport refusals;

    @Test
    void aChangeLeavesOneRowThatTellsWhoAndWhat() {
        // When
        String id = audited(Tokens.coordinator())
                .body(patient("female"))
                .post("/fhir/Patient")
                .then()
                .statusCode(201)
                .extract()
                .path("id");
        audited(Tokens.coordinator())
                .body(patient("male", id))
                .put("/fhir/Patient/" + id)
                .then()
                .statusCode(200);
        audited(Tokens.coordinator()).delete("/fhir/Patient/" + id).then().statusCode(204);
        // Then
        String by = " riverside-ehr/riverside-ehr coordinator riverside-clinic {" + id + "} Patient/" + id;
        assertThat(rows())
                .containsExactly(
                        "create 201" + by + "/1 TREAT", "update 200" + by + "/2 TREAT", "delete 200" + by + "/3 TREAT");
    }

    @Test
    void everyWayToReadLeavesOneRowWithThePatientsItShowed() {
        // Given
        String id = create(patient("female", "urn:audit|" + correlation, ""));
        String observation = create("""
                {"resourceType":"Observation","status":"final","code":{"text":"pulse"},"subject":{"reference":"Patient/%s"}}""".formatted(id));
        String search = "/fhir/Observation?subject=Patient/" + id + "&_include=Observation:subject";
        // When
        audited(Tokens.supervisor()).get("/fhir/Patient/" + id).then().statusCode(200);
        audited(Tokens.supervisor())
                .get("/fhir/Observation/" + observation + "/_history/1")
                .then()
                .statusCode(200);
        audited(Tokens.supervisor())
                .get("/fhir/Patient/" + id + "/_history")
                .then()
                .statusCode(200);
        audited(Tokens.supervisor())
                .urlEncodingEnabled(false)
                .get(search)
                .then()
                .statusCode(200);
        audited(Tokens.supervisor())
                .contentType("application/x-www-form-urlencoded")
                .body("identifier=urn:audit%7C" + correlation)
                .post("/fhir/Patient/_search")
                .then()
                .statusCode(200);
        audited(Tokens.supervisor())
                .get("/fhir/Patient/" + id + "/$meta")
                .then()
                .statusCode(200);
        audited(Tokens.patient(id)).get("/fhir/Patient/" + id).then().statusCode(200);
        // Then
        String by = " 200 supervisor/supervisor supervisor riverside-clinic {" + id + "} ";
        assertThat(rows())
                .containsExactly(
                        "read" + by + "Patient/" + id + "/1 HOPERAT",
                        "vread" + by + "Observation/" + observation + "/1 HOPERAT",
                        "history-instance" + by + "Patient/" + id + " HOPERAT",
                        "search-type" + by + "Observation HOPERAT ?subject=Patient/" + id
                                + "&_include=Observation:subject",
                        "search-type" + by + "Patient HOPERAT ?identifier=urn:audit%7C" + correlation,
                        "operation" + by + "Patient/" + id + "/$meta/1 HOPERAT",
                        "read 200 patient/patient patient {" + id + "} Patient/" + id + "/1 PATRQT");
    }

    @Test
    void everyPageLeavesItsRow() {
        // Given
        for (int i = 0; i < 3; i++) {
            create(patient("female", "urn:audit|" + correlation, ""));
        }
        // When
        String next = audited(Tokens.supervisor())
                .urlEncodingEnabled(false)
                .get("/fhir/Patient?_count=2&identifier=urn:audit%7C" + correlation)
                .path("link.find { it.relation == 'next' }.url");
        audited(Tokens.supervisor())
                .urlEncodingEnabled(false)
                .get(next.substring(next.indexOf("/fhir/")))
                .then()
                .statusCode(200);
        // Then
        assertThat(column("cardinality(patients) || ' of ' || results || ' ' || query"))
                .containsExactly(
                        "2 of 2 _count=2&identifier=urn:audit%7C" + correlation,
                        column("'1 of 1 ' || query").getLast());
        assertThat(column("query").getLast()).startsWith("_count=2&identifier=urn:audit%7C" + correlation);
    }

    @Test
    void everyRefusalLeavesItsRow() {
        // Given
        String id = create(patient("female"));
        // When
        problem(
                given().header("X-Correlation-Id", correlation).get("/fhir/Patient/" + id),
                ProblemCode.UNAUTHENTICATED);
        problem(audited(Tokens.expired()).get("/fhir/Patient/" + id), ProblemCode.UNAUTHENTICATED);
        problem(audited(Tokens.eventSource()).get("/fhir/Patient/" + id), ProblemCode.FORBIDDEN);
        problem(audited(Tokens.token("x", "king", "x", "system/*.cruds")).get("/fhir/Patient"), ProblemCode.FORBIDDEN);
        problem(audited(Tokens.partner("harbor")).get("/fhir/Patient/" + id), ProblemCode.RESOURCE_NOT_FOUND);
        problem(
                audited(Tokens.coordinator())
                        .header("If-Match", "W/\"7\"")
                        .body(patient("male", id))
                        .put("/fhir/Patient/" + id),
                ProblemCode.VERSION_CONFLICT);
        problem(audited(Tokens.coordinator()).get("/fhir/Nonsense"), ProblemCode.UNKNOWN_TYPE);
        problem(audited(Tokens.coordinator()).body("{").post("/fhir/Patient"), ProblemCode.MALFORMED_BODY);
        // Then
        assertThat(rows())
                .containsExactly(
                        "read 401 {} Patient/" + id + " 1011",
                        "read 401 {} Patient/" + id + " 1011",
                        "read 403 general-hospital/general-hospital event-source general-hospital {} Patient/" + id
                                + " TREAT 1012",
                        "search-type 403 x/x {} Patient 1012",
                        "read 404 harbor/harbor partner harbor {} Patient/" + id + " TREAT 1006",
                        "update 412 riverside-ehr/riverside-ehr coordinator riverside-clinic {} Patient/" + id
                                + " TREAT 1009",
                        "search-type 404 riverside-ehr/riverside-ehr coordinator riverside-clinic {} Nonsense TREAT 1007",
                        "create 400 riverside-ehr/riverside-ehr coordinator riverside-clinic {} Patient TREAT 1001");
        assertThat(column("address")).containsOnly("127.0.0.1");
    }

    /** What the gateway refuses by itself comes signed; from nobody else. */
    @Test
    void refusalsOfTheGatewayAreTakenFromTheGatewayAlone() {
        // Given
        byte[] body = refusals.write(List.of(new RefusalReport.Refusal(
                "GET",
                "/fhir/Patient/1",
                429,
                1027,
                7,
                new RefusalReport.Origin("192.0.2.1", correlation, null),
                new RefusalReport.Claims("flooder", "flooder", "partner", "harbor"))));
        // When
        given().header(PlatformSignature.HEADER, refusals.sign(body))
                .body(body)
                .post("/federation/refusals")
                .then()
                .statusCode(204);
        for (String signature : List.of("", "1.00", refusals.sign(new byte[1]))) {
            problem(
                    given().header(PlatformSignature.HEADER, signature)
                            .body(body)
                            .post("/federation/refusals"),
                    ProblemCode.UNAUTHENTICATED);
        }
        // Then
        assertThat(rows()).containsExactly("read 429 flooder/flooder partner harbor {} Patient/1 1027");
        assertThat(column("results || ' ' || address || ' ' || on_behalf"))
                .containsExactly("7 192.0.2.1 careloop-gateway");
    }

    @Test
    void aTransactionThatFailsLeavesItsRefusalAndNoChange() {
        // When
        audited(Tokens.coordinator()).body("""
                        {"resourceType":"Bundle","type":"transaction","entry":[
                          {"resource":{"resourceType":"Patient"},"request":{"method":"POST","url":"Patient"}},
                          {"request":{"method":"PATCH","url":"Patient/none"},
                            "resource":{"resourceType":"Parameters"}}]}""").post("/fhir").then().statusCode(404);
        // Then
        assertThat(rows())
                .containsExactly(
                        "transaction 404 riverside-ehr/riverside-ehr coordinator riverside-clinic {} TREAT 1006");
    }

    @Test
    void whatCannotBeRecordedIsNotAnsweredAndNotDone() throws Exception {
        // Given
        String id = create(patient("female"));
        execute("alter table audit_event add constraint unwritable check (answers::text not like '%" + correlation
                + "%' and correlation <> '" + correlation + "') not valid");
        try {
            // Then
            for (int status : parallel(() ->
                    audited(Tokens.supervisor()).get("/fhir/Patient/" + id).statusCode())) {
                assertThat(status).isEqualTo(503);
            }
            problem(audited(Tokens.supervisor()).get("/fhir/Patient/" + id), ProblemCode.UNAVAILABLE);
            problem(audited(Tokens.eventSource()).get("/fhir/Patient/" + id), ProblemCode.UNAVAILABLE);
            assertThat(audited(Tokens.coordinator())
                            .body(patient("male", id))
                            .put("/fhir/Patient/" + id)
                            .statusCode())
                    .isGreaterThanOrEqualTo(500);
        } finally {
            execute("alter table audit_event drop constraint unwritable");
        }
        as(Tokens.supervisor()).get("/fhir/Patient/" + id).then().body("meta.versionId", org.hamcrest.Matchers.is("1"));
        assertThat(rows()).isEmpty();
    }

    /** They share a commit and a row of the table; who searches does not notice. */
    @Test
    void answersThatWaitTogetherAreFoundEachByItself() throws Exception {
        // Given
        String client = "crowd-" + UUID.randomUUID();
        String token = Tokens.token(client, "supervisor", "riverside-clinic", "system/*.cruds");
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            ids.add(create(patient("female")));
        }
        // When
        try (ExecutorService clients = Executors.newFixedThreadPool(32)) {
            List<Callable<Integer>> reads = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                ids.forEach(id -> reads.add(
                        () -> audited(token).get("/fhir/Patient/" + id).statusCode()));
            }
            assertThat(clients.invokeAll(reads)).extracting(Future::resultNow).containsOnly(200);
        }
        // Then
        assertThat(column("id")).hasSize(12 * ids.size());
        assertThat(column("seq::text")).doesNotHaveDuplicates();
        assertThat(column("row::text").stream().distinct()).hasSizeLessThan(12 * ids.size());
        for (String id : ids) {
            Response found = search(
                    Tokens.privacyOfficer(),
                    "AuditEvent?altid=" + client + "&patient=" + id + "&_total=accurate&_count=5");
            assertThat(found.<Integer>path("total")).isEqualTo(12);
        }
        List<String> paged = new ArrayList<>();
        Optional<String> next = Optional.of("AuditEvent?altid=" + client + "&_count=7");
        while (next.isPresent()) {
            Response page = search(Tokens.privacyOfficer(), next.get());
            paged.addAll(page.path("entry.resource.id"));
            next = Optional.ofNullable(page.<String>path("link.find { it.relation == 'next' }?.url"))
                    .map(url -> url.substring(url.indexOf("AuditEvent")));
        }
        assertThat(paged).containsExactlyElementsOf(column("'patients.' || seq").reversed());
        String inTheMiddle = column("seq || ' ' || id || ' ' || (seq > row)").stream()
                .filter(row -> row.endsWith("true"))
                .findFirst()
                .orElseThrow();
        as(Tokens.privacyOfficer())
                .get("/fhir/AuditEvent/patients." + inTheMiddle.split(" ")[0])
                .then()
                .statusCode(200)
                .body(
                        "entity[0].what.reference",
                        equalTo("Patient/" + inTheMiddle.split(" ")[1]));
    }

    /** One whose row the database refuses does not take the others' with it. */
    @Test
    void whoAnswersTogetherIsNotHarmedByOneThatCannotBeRecorded() throws Exception {
        // Given
        String id = create(patient("female"));
        execute("alter table audit_event add constraint unwritable check (answers::text not like '%" + correlation
                + "%' and correlation <> '" + correlation + "') not valid");
        try (ExecutorService others = Executors.newFixedThreadPool(2)) {
            // When
            var blocked = others.submit(() -> parallel(() ->
                    audited(Tokens.supervisor()).get("/fhir/Patient/" + id).statusCode()));
            var open = others.submit(() -> parallel(
                    () -> as(Tokens.supervisor()).get("/fhir/Patient/" + id).statusCode()));
            // Then
            assertThat(blocked.get()).containsOnly(503);
            assertThat(open.get()).containsOnly(200);
        } finally {
            execute("alter table audit_event drop constraint unwritable");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "update audit_event set client = 'nobody'",
                "delete from audit_event",
                "truncate audit_event",
                "update audit_seal set digest = ''",
                "delete from audit_seal"
            })
    void theServiceItselfCanAddRowsAndNothingElse(String change) {
        assertThatThrownBy(() -> execute(change))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("audit_");
    }

    private static List<Integer> parallel(Callable<Integer> request) throws InterruptedException {
        try (ExecutorService clients = Executors.newFixedThreadPool(4)) {
            return clients.invokeAll(Collections.nCopies(40, request)).stream()
                    .map(Future::resultNow)
                    .toList();
        }
    }

    private RequestSpecification audited(String token) {
        return as(token).header("X-Correlation-Id", correlation);
    }

    /** What this test left, in its order. */
    private List<String> rows() {
        return column("""
                concat_ws(' ', interaction, status, client || '/' || person, role, organization, patients,
                  type || coalesce('/' || id, '') || coalesce('/' || version, ''), purpose, '?' || query, problem)""");
    }

    private List<String> column(String expression) {
        try (Connection connection = database.getConnection();
                PreparedStatement query = connection.prepareStatement(
                        "select " + expression + " from audit_answer where correlation = ? order by seq")) {
            query.setString(1, correlation);
            ResultSet found = query.executeQuery();
            List<String> rows = new ArrayList<>();
            while (found.next()) {
                rows.add(found.getString(1));
            }
            return rows;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
