package org.careloop.referrals;

import static org.assertj.core.api.Assertions.assertThat;
import static org.careloop.referrals.Scene.as;
import static org.careloop.referrals.Scene.coordinator;
import static org.careloop.referrals.Scene.soon;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.testkit.RealParts;
import org.careloop.testkit.Tokens;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.DateTimeType;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Task;
import org.hl7.fhir.r4.model.Task.TaskStatus;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An agency whose system polls badly: its clock is wrong, answers get lost, it says everything twice and keeps old tags. */
@QuarkusTest
@QuarkusTestResource(value = RealParts.class, initArgs = @ResourceArg(name = RealParts.DATABASE, value = "referrals"))
class PoorPollingApiTest {

    private final String mark = UUID.randomUUID().toString().substring(0, 8);
    private final String agency = "agency-" + mark;
    private final String other = "other-" + mark;
    private final String patient = "p-" + mark;
    private final String token = Tokens.partner(agency);

    private String request = "";
    private String task = "";

    @BeforeEach
    void anAgencyIsAsked() {
        Stream.of(agency, other).forEach(each -> Scene.agency(each, "code-" + mark, "021"));
        Scene.known(patient);
        request = Orders.created(Orders.request(patient));
        task = Orders.created(asked(agency));
    }

    /** Its answer was lost, so it says the same again: nothing follows twice, and it was not modified. */
    @ParameterizedTest
    @ValueSource(strings = {"accepted", "rejected"})
    void whatIsSaidTwiceIsHeardOnce(String status) {
        // Given
        Task said = read().setStatus(TaskStatus.fromCode(status));
        said.setStatusReason(
                status.equals("rejected") ? new CodeableConcept().setText("Who asked has to call first") : null);
        Response first = Scene.put(token, said);
        first.then().statusCode(200);
        String clocks = first.jsonPath().getString("extension");
        // When
        Response again = Scene.put(token, said);
        // Then
        again.then()
                .statusCode(200)
                .body("status", equalTo(status))
                .body("lastModified", equalTo(first.path("lastModified")));
        assertThat(again.jsonPath().getString("extension")).isEqualTo(clocks);
        // When it names the version that it knew
        Response stale = Scene.put(token, said, "W/\"1\"");
        // Then
        stale.then().statusCode(412).body("issue[0].details.coding[0].code", equalTo("1009"));
    }

    @Test
    void aReportThatIsSentTwiceIsThereOnce() {
        // Given
        Scene.change(token, task, each -> each.setStatus(TaskStatus.ACCEPTED))
                .then()
                .statusCode(200);
        Task done = read();
        Scene.completed("Procedure/visit-1").accept(done);
        Response first = Scene.put(token, done);
        first.then().statusCode(200);
        // When
        Response again = Scene.put(token, done);
        // Then
        again.then()
                .statusCode(200)
                .body("output.size()", equalTo(1))
                .body("lastModified", equalTo(first.path("lastModified")));
        coordinator().get("/fhir/ServiceRequest/{id}", request).then().body("status", equalTo("completed"));
    }

    /** It knows the Task as it was before somebody else changed it, and names no version. */
    @Test
    void whatTheRequesterChangedMeanwhileIsNotUndone() {
        // Given
        Task known = read();
        Scene.change(Tokens.coordinator(), task, each -> each.setDescription("Bring oxygen"))
                .then()
                .statusCode(200);
        // When
        Response late = Scene.put(token, known.setStatus(TaskStatus.ACCEPTED));
        // Then
        late.then().statusCode(200).body("description", equalTo("Bring oxygen")).body("status", equalTo("accepted"));
        // When it puts back what it had read of that
        Task read = read();
        Scene.change(Tokens.coordinator(), task, each -> each.setDescription("Bring oxygen and a chair"))
                .then()
                .statusCode(200);
        late = Scene.put(token, read.setStatus(TaskStatus.INPROGRESS));
        // Then
        late.then().statusCode(422).body("issue[0].expression[0]", equalTo("Task.description"));
        coordinator()
                .get("/fhir/Task/{id}", task)
                .then()
                .body("description", equalTo("Bring oxygen and a chair"))
                .body("status", equalTo("accepted"));
    }

    /** Its clock is a year ahead, or a day behind: what it says of times neither hides a Task nor breaks one. */
    @Test
    void aWrongClockHidesNothingForGood() {
        // Given
        String ahead = Instant.now().plus(Duration.ofDays(365)).toString();
        String behind = Instant.now().minus(Duration.ofDays(1)).toString();
        // When
        Response nothing = poll(token, ahead, null);
        // Then
        nothing.then().statusCode(200).body("total", equalTo(null));
        assertThat(nothing.<Object>path("entry")).isNull();
        assertThat(poll(token, ahead, nothing.header("ETag")).statusCode()).isEqualTo(304);
        // As soon as nothing older can come any more
        soon().untilAsserted(() -> poll(token, behind, nothing.header("ETag"))
                .then()
                .statusCode(200)
                .body("entry.resource.id", equalTo(List.of(task))));
        // When it tells times of its own
        Scene.change(token, task, each -> {
                    each.setStatus(TaskStatus.ACCEPTED);
                    each.setLastModifiedElement(new DateTimeType(ahead));
                    each.getMeta().setLastUpdated(new DateTimeType(ahead).getValue());
                })
                .then()
                .statusCode(200);
        // Then
        assertThat(read().getLastModified().toInstant()).isBefore(Instant.now().plusSeconds(60));
        assertThat(read().getMeta().getLastUpdated().toInstant())
                .isBefore(Instant.now().plusSeconds(60));
    }

    /** A tag of before, of another question, of another agency or of no server at all is none of this page's. */
    @Test
    void onlyTheTagOfThePageSavesItsBody() {
        // Given
        String since = "2020-01-01";
        String tag = polled(token, since).header("ETag");
        Orders.created(asked(other));
        String ofOther = polled(Tokens.partner(other), since).header("ETag");
        // When, Then
        assertThat(poll(token, since, tag).statusCode()).isEqualTo(304);
        assertThat(ofOther).isNotEqualTo(tag);
        assertThat(poll(token, since, ofOther).statusCode()).isEqualTo(200);
        assertThat(poll(Tokens.partner(other), since, tag).statusCode()).isEqualTo(200);
        assertThat(poll(token, since, "garbage").statusCode()).isEqualTo(200);
        // Tags may come as a list, and their strength does not matter here
        assertThat(poll(token, since, "\"x\", " + tag).statusCode()).isEqualTo(304);
        assertThat(poll(token, since, tag.replace("W/", "")).statusCode()).isEqualTo(304);
        // When it changes
        Scene.change(Tokens.coordinator(), task, each -> each.setDescription("Bring oxygen"))
                .then()
                .statusCode(200);
        // Then
        soon().until(() ->
                polled(token, since).path("entry[0].resource.meta.versionId").equals("2"));
        assertThat(poll(token, since, tag).statusCode()).isEqualTo(200);
    }

    /** Waits until the page is full: what is new is not shown while something older may still come. */
    private static Response polled(String token, String since) {
        soon().until(() -> poll(token, since, null).path("entry") != null);
        return poll(token, since, null);
    }

    private static Response poll(String token, String since, String tag) {
        var poll = as(token).queryParam("status", "requested").queryParam("_lastUpdated", "gt" + since);
        return (tag == null ? poll : poll.header("If-None-Match", tag)).get("/fhir/Task");
    }

    private Task asked(String organization) {
        return Orders.task(patient, request).setOwner(new Reference("Organization/" + organization));
    }

    private Task read() {
        return FhirJson.parse(
                Task.class, as(token).get("/fhir/Task/{id}", task).body().asByteArray());
    }
}
