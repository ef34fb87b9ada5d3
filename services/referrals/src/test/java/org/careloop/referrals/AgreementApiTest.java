package org.careloop.referrals;

import static org.careloop.referrals.Scene.coordinator;
import static org.careloop.referrals.Scene.soon;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.time.LocalDate;
import java.time.ZoneOffset;
import org.careloop.testkit.RealParts;
import org.careloop.testkit.Tokens;
import org.hl7.fhir.r4.model.Task.TaskStatus;
import org.junit.jupiter.api.Test;

/** Agreements bind whom the platform asks, and stand beside what came of it. */
@QuarkusTest
@QuarkusTestResource(value = RealParts.class, initArgs = @ResourceArg(name = RealParts.DATABASE, value = "referrals"))
class AgreementApiTest {

    private static final String BENCHMARK = "{'url':'kind','valueCode':'benchmark'},"
            + "{'url':'figure','valueCode':'acceptance-rate'},{'url':'target','valueDecimal':0.5}";

    @Test
    void thePartnerIsAskedButNotForWhatWasExcluded() {
        // Given
        Scene scene = Scene.ofNewService();
        String near = "near-" + scene.plan();
        String partner = "partner-" + scene.plan();
        Scene.agency(near, scene.service(), "02139");
        Scene.agency(partner, scene.service(), "021");
        agree(partner, BENCHMARK).then().statusCode(201);
        Bus.tellFirst(scene.person());
        // When
        Bus.tell(scene.carePlan());
        // Then
        soon().untilAsserted(() -> asked(scene, partner));
        // When
        agree(
                        partner,
                        "{'url':'kind','valueCode':'restriction'},{'url':'service','valueCodeableConcept':{'coding':"
                                + "[{'system':'http://nucc.org/provider-taxonomy','code':'" + scene.service() + "'}]}}")
                .then()
                .statusCode(201);
        Scene next = scene.next();
        Bus.tell(next.carePlan());
        // Then
        soon().untilAsserted(() -> asked(next, near));
        // When
        Scene.change(Tokens.partner(partner), scene.referralTask(), task -> task.setStatus(TaskStatus.ACCEPTED))
                .then()
                .statusCode(200);
        // Then
        scorecard(Tokens.coordinator(), partner)
                .then()
                .body("benchmarks", hasSize(1))
                .body("benchmarks[0].figure", equalTo("acceptance-rate"))
                .body("benchmarks[0].met", equalTo(true));
        scorecard(Tokens.partner(partner), partner).then().body("benchmarks", hasSize(0));
    }

    @Test
    void termsThatCannotBeReadAreRefused() {
        agree("any", "{'url':'kind','valueCode':'benchmark'}")
                .then()
                .statusCode(422)
                .body("issue[0].diagnostics", containsString("acceptance-rate"));
    }

    private static Response agree(String agency, String term) {
        return coordinator()
                .body(("{'resourceType':'OrganizationAffiliation','active':true,"
                                + "'organization':{'reference':'Organization/riverside-clinic'},"
                                + "'participatingOrganization':{'reference':'Organization/" + agency + "'},"
                                + "'extension':[{'url':'https://careloop.org/fhir/StructureDefinition/agreement-term',"
                                + "'extension':[" + term + "]}]}")
                        .replace('\'', '"'))
                .post("/fhir/OrganizationAffiliation");
    }

    private static void asked(Scene scene, String agency) {
        coordinator()
                .get("/fhir/Task/{id}", scene.referralTask())
                .then()
                .body("owner.reference", equalTo("Organization/" + agency));
    }

    private static Response scorecard(String token, String agency) {
        LocalDate today = LocalDate.now(ZoneOffset.UTC);
        return Scene.as(token)
                .urlEncodingEnabled(false)
                .get("/fhir/Organization/" + agency + "/$scorecard?as=figures&start=" + today.minusDays(2) + "&end="
                        + today.plusDays(1));
    }
}
