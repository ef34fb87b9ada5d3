package org.careloop.patients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.careloop.patients.Persons.patient;
import static org.careloop.testkit.Fhir.as;
import static org.careloop.testkit.Fhir.create;
import static org.careloop.testkit.Fhir.problem;
import static org.careloop.testkit.Fhir.search;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.testkit.Tokens;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The audit trail as FHIR.
 *
 * @see <a href="https://hl7.org/fhir/R4/auditevent.html">FHIR R4 AuditEvent</a>
 */
@QuarkusTest
class AuditEventApiTest {

    private final String client = "viewer-" + UUID.randomUUID();
    private final String viewer = Tokens.token(client, "coordinator", "lakeside", "system/*.cruds");

    @Test
    void anEventTellsWhoAndWhatAndWhy() {
        // Given
        String id = create(keptByLakeside(patient("female")));
        as(viewer)
                .header("X-Correlation-Id", "seen-1")
                .get("/fhir/Patient?_id=" + id)
                .then()
                .statusCode(200);
        // When
        Response found = search(Tokens.privacyOfficer(), "AuditEvent?altid=" + client);
        // Then
        assertThat(found.<List<Object>>path("entry")).hasSize(1);
        String event = "entry[0].resource.";
        assertThat(found.<String>path(event + "type.code")).isEqualTo("rest");
        assertThat(found.<List<String>>path(event + "subtype.code")).containsExactly("search-type", "search");
        assertThat(found.<String>path(event + "action")).isEqualTo("E");
        assertThat(found.<String>path(event + "outcome")).isEqualTo("0");
        assertThat(found.<String>path(event + "purposeOfEvent[0].coding[0].code"))
                .isEqualTo("TREAT");
        assertThat(found.<String>path(event + "agent[0].altId")).isEqualTo(client);
        assertThat(found.<Boolean>path(event + "agent[0].requestor")).isTrue();
        assertThat(found.<String>path(event + "agent[2].who.reference")).isEqualTo("Organization/lakeside");
        assertThat(found.<String>path(event + "source.site")).isEqualTo("patients");
        assertThat(found.<String>path(event + "entity[0].what.reference")).isEqualTo("Patient/" + id);
        String query = found.path(event + "entity.find { it.query != null }.query");
        assertThat(new String(Base64.getDecoder().decode(query), StandardCharsets.UTF_8))
                .isEqualTo("_id=" + id);
        assertThat(found.<String>path(event + "entity[-1].what.identifier.value"))
                .isEqualTo("seen-1");
        // The same by its id.
        Response read = as(Tokens.privacyOfficer()).get("/fhir/AuditEvent/" + found.<String>path(event + "id"));
        assertThat(read.statusCode()).isEqualTo(200);
        assertThat(read.<String>path("recorded")).isEqualTo(found.<String>path(event + "recorded"));
    }

    @Test
    void eachParameterNarrows() {
        // Given
        String id = create(keptByLakeside(patient("female")));
        as(viewer).get("/fhir/Patient/" + id).then().statusCode(200);
        as(viewer).get("/fhir/Patient/none").then().statusCode(404);
        as(viewer)
                .body(keptByLakeside(patient("male", id)))
                .put("/fhir/Patient/" + id)
                .then()
                .statusCode(200);
        // Then
        assertThat(interactions("")).containsExactly("update", "read", "read");
        assertThat(interactions("&patient=Patient/" + id)).containsExactly("update", "read");
        assertThat(interactions("&patient=" + id)).containsExactly("update", "read");
        assertThat(interactions("&entity=Patient/none")).containsExactly("read");
        assertThat(interactions("&action=U")).containsExactly("update");
        assertThat(interactions("&action=R,U")).hasSize(3);
        assertThat(interactions("&outcome=4")).containsExactly("read");
        assertThat(interactions("&outcome=8")).isEmpty();
        assertThat(interactions("&subtype=http://hl7.org/fhir/restful-interaction%7Cupdate"))
                .containsExactly("update");
        assertThat(interactions("&type=rest")).hasSize(3);
        assertThat(interactions("&type=110101")).isEmpty();
        assertThat(interactions("&agent=Organization/lakeside")).hasSize(3);
        assertThat(interactions("&agent=Organization/riverside-clinic")).isEmpty();
        assertThat(interactions("&agent-name=VIEWER")).hasSize(3);
        assertThat(interactions("&agent-role=coordinator")).hasSize(3);
        assertThat(interactions("&agent-role=partner")).isEmpty();
        assertThat(interactions("&entity-type=Patient")).hasSize(3);
        assertThat(interactions("&entity-type=Task")).isEmpty();
        assertThat(interactions("&site=patients")).hasSize(3);
        assertThat(interactions("&site=referrals")).isEmpty();
        assertThat(interactions("&date=ge2026-01-01&_lastUpdated=lt2999")).hasSize(3);
        assertThat(interactions("&date=lt2026-01-01")).isEmpty();
        assertThat(interactions("&_sort=-date&_count=1")).containsExactly("update");
        assertThat(interactions("&_id=referrals.1")).isEmpty();
        assertThat(search(Tokens.privacyOfficer(), "AuditEvent?altid=" + client + "&_count=0&_total=accurate")
                        .<Integer>path("total"))
                .isEqualTo(3);
    }

    @Test
    void pagesHoldEachEventOnce() {
        // Given
        for (int i = 0; i < 5; i++) {
            as(viewer).get("/fhir/Patient/none-" + i).then().statusCode(404);
        }
        // When
        List<String> ids = new ArrayList<>();
        String url = "AuditEvent?altid=" + client + "&_count=2";
        while (url != null) {
            Response page = search(Tokens.privacyOfficer(), url);
            ids.addAll(page.path("entry.resource.id"));
            String next = page.path("link.find { it.relation == 'next' }?.url");
            url = next == null ? null : next.substring(next.indexOf("AuditEvent"));
        }
        // Then
        assertThat(ids).hasSize(5).doesNotHaveDuplicates();
    }

    @Test
    void aPatientSeesWhoLookedAtTheirRecordAndNothingOfOthers() {
        // Given
        String mark = "mark-" + UUID.randomUUID();
        String own = create(keptByLakeside(patient("female", "urn:audit|" + mark, "")));
        String other = create(keptByLakeside(patient("male", "urn:audit|" + mark, "")));
        as(viewer)
                .urlEncodingEnabled(false)
                .get("/fhir/Patient?identifier=urn:audit%7C" + mark)
                .then()
                .statusCode(200);
        as(viewer).get("/fhir/Patient/" + other).then().statusCode(200);
        // When
        Response seen = search(Tokens.patient(own), "AuditEvent?altid=" + client);
        // Then
        assertThat(seen.<List<Object>>path("entry")).hasSize(1);
        assertThat(seen.asString())
                .contains("Patient/" + own)
                .doesNotContain(other)
                .doesNotContain(mark);
        String others = search(
                        Tokens.privacyOfficer(),
                        "AuditEvent?altid=" + client + "&entity=Patient/" + other + "&subtype=read")
                .path("entry[0].resource.id");
        problem(as(Tokens.patient(own)).get("/fhir/AuditEvent/" + others), ProblemCode.RESOURCE_NOT_FOUND);
        assertThat(search(Tokens.patient(own), "AuditEvent?patient=" + other).<Object>path("entry"))
                .isNull();
    }

    @Test
    void nobodyElseSeesTheTrail() {
        for (String token : List.of(
                Tokens.coordinator(),
                Tokens.partner("harbor"),
                Tokens.eventSource(),
                Tokens.service(),
                Tokens.token("s", "supervisor", "x", "user/Patient.rs"))) {
            problem(as(token).get("/fhir/AuditEvent"), ProblemCode.FORBIDDEN);
            problem(as(token).get("/fhir/AuditEvent/patients.1"), ProblemCode.FORBIDDEN);
        }
        assertThat(as(Tokens.privacyOfficer())
                        .body("{}")
                        .post("/fhir/AuditEvent")
                        .statusCode())
                .isEqualTo(405);
        assertThat(as(Tokens.privacyOfficer())
                        .delete("/fhir/AuditEvent/patients.1")
                        .statusCode())
                .isEqualTo(405);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"nonsense=1", "_sort=date", "date=yesterday", "_disclosures=true", "_cursor=1~a~1", "_include=*"
            })
    void whatIsNotUnderstoodIsRefused(String query) {
        assertThat(as(Tokens.privacyOfficer())
                        .urlEncodingEnabled(false)
                        .get("/fhir/AuditEvent?" + query)
                        .statusCode())
                .isEqualTo(400);
    }

    private List<String> interactions(String more) {
        List<String> found = search(Tokens.privacyOfficer(), "AuditEvent?altid=" + client + more)
                .path("entry.resource.subtype.collect { it[0].code }");
        return found == null ? List.of() : found;
    }

    private static String keptByLakeside(String patient) {
        return patient.replaceFirst("\\{", "{\"managingOrganization\":{\"reference\":\"Organization/lakeside\"},");
    }
}
