package org.careloop.patients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.careloop.patients.Merging.about;
import static org.careloop.patients.Merging.merge;
import static org.careloop.patients.Merging.parameters;
import static org.careloop.patients.Merging.read;
import static org.careloop.patients.Merging.unmerge;
import static org.careloop.testkit.Fhir.coordinator;
import static org.careloop.testkit.Fhir.create;
import static org.careloop.testkit.Fhir.found;
import static org.careloop.testkit.Fhir.problem;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import java.util.List;
import org.careloop.fhirmodel.ProblemCode;
import org.junit.jupiter.api.Test;

/**
 * Two Patients become one, and two again.
 *
 * @see <a href="https://hl7.org/fhir/R5/patient-operation-merge.html">FHIR R5 Patient $merge</a>
 */
@QuarkusTest
class MergeApiTest {

    @Test
    void theTargetStandsForTheSourceAndIsFoundByItsIdentifiers() {
        // Given
        String mark = Persons.mark();
        String source = create(Persons.patient("female", "urn:a|" + mark, ""));
        String target = create(Persons.patient("female", "urn:b|" + mark, ""));
        // When
        Response merged = merge(source, target);
        // Then
        assertThat(merged.statusCode()).as(merged.asString()).isEqualTo(200);
        assertThat(merged.<String>path("parameter.find { it.name == 'result' }.resource.id"))
                .isEqualTo(target);
        JsonPath replaced = read(source);
        assertThat(replaced.getBoolean("active")).isFalse();
        assertThat(replaced.getString("link[0].type")).isEqualTo("replaced-by");
        assertThat(replaced.getString("link[0].other.reference")).isEqualTo("Patient/" + target);
        JsonPath survivor = read(target);
        assertThat(survivor.getString("link[0].type")).isEqualTo("replaces");
        assertThat(survivor.getString("link[0].other.reference")).isEqualTo("Patient/" + source);
        assertThat(survivor.getString("identifier[1].use")).isEqualTo("old");
        assertThat(found("Patient?identifier=urn:a%7C" + mark)).containsExactly(target);
        assertThat(found("Patient?identifier=urn:b%7C" + mark)).containsExactly(target);
        assertThat(coordinator().get("/fhir/Patient/{id}/_history/1", source).<String>path("identifier[0].value"))
                .isEqualTo(mark);
        List<String> activities = coordinator()
                .get("/fhir/Provenance?patient=" + target)
                .path("entry.resource.activity.coding[0].code.flatten()");
        assertThat(activities).contains("merge");
    }

    @Test
    void whatCannotBeMergedIsRefusedAndWhatIsMergedStays() {
        // Given
        String a = create(Persons.patient("female"));
        String b = create(Persons.patient("female"));
        String c = create(Persons.patient("female"));
        String deleted = create(Persons.patient("female"));
        coordinator().delete("/fhir/Patient/{id}", deleted).then().statusCode(204);
        // Then
        problem(merge(a, a), ProblemCode.RULE_VIOLATED);
        problem(merge(a, deleted), ProblemCode.RESOURCE_NOT_FOUND);
        problem(merge(deleted, a), ProblemCode.RESOURCE_NOT_FOUND);
        problem(merge("nowhere", a), ProblemCode.RESOURCE_NOT_FOUND);
        problem(unmerge(a), ProblemCode.RULE_VIOLATED);
        // When
        merge(a, b).then().statusCode(200);
        long version = read(b).getLong("meta.versionId");
        // Then
        assertThat(merge(a, b).statusCode()).isEqualTo(200);
        assertThat(read(b).getLong("meta.versionId")).isEqualTo(version);
        problem(merge(b, a), ProblemCode.RULE_VIOLATED);
        problem(merge(a, c), ProblemCode.RULE_VIOLATED);
        // A target that was replaced is who stands for it.
        merge(c, a).then().statusCode(200);
        assertThat(read(c).getString("link[0].other.reference")).isEqualTo("Patient/" + b);
    }

    @Test
    void aPreviewWritesNothing() {
        // Given
        String source = create(Persons.patient("female", "urn:p|" + Persons.mark(), ""));
        String target = create(Persons.patient("female"));
        // When
        Response preview = coordinator()
                .urlEncodingEnabled(false)
                .body(parameters(source, target).replace("]}", ",{\"name\":\"preview\",\"valueBoolean\":true}]}"))
                .post("/fhir/Patient/$merge");
        // Then
        assertThat(preview.statusCode()).as(preview.asString()).isEqualTo(200);
        assertThat(preview.<String>path("parameter.find { it.name == 'result' }.resource.identifier[0].use"))
                .isEqualTo("old");
        assertThat(read(source).<Object>get("link")).isNull();
        assertThat(read(target).<Object>get("identifier")).isNull();
    }

    @Test
    void onlyMergesSetTheLinksOfMergesAndWhoWasReplacedStaysSo() {
        // Given
        String source = create(Persons.patient("female"));
        String target = create(Persons.patient("female"));
        String victim = create(Persons.patient("female"));
        String link = """
                {"resourceType":"Patient","id":"%s","link":[{"type":"replaced-by","other":{"reference":"Patient/%s"},
                 "extension":[{"url":"https://careloop.org/fhir/StructureDefinition/merged","valueInstant":"2026-01-01T00:00:00Z"}]}]}""";
        merge(source, target).then().statusCode(200);
        // Then
        problem(
                coordinator().body(link.formatted(target, victim)).put("/fhir/Patient/{id}", target),
                ProblemCode.RULE_VIOLATED);
        problem(
                coordinator().body(Persons.patient("female", source)).put("/fhir/Patient/{id}", source),
                ProblemCode.RULE_VIOLATED);
        String demographics = read(source).prettify().replace("\"female\"", "\"unknown\"");
        assertThat(coordinator()
                        .body(demographics)
                        .put("/fhir/Patient/{id}", source)
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void anIdentifierOfTwoWhoWereMergedStaysWithTheSurvivorUntilBothAreToldApart() {
        // Given: two sources have one number
        String number = "urn:both|" + Persons.mark();
        String one = create(Persons.patient("female", number, ""));
        String two = create(Persons.patient("female", number, ""));
        String target = create(Persons.patient("female"));
        merge(one, target).then().statusCode(200);
        merge(two, target).then().statusCode(200);
        // When
        unmerge(one).then().statusCode(200);
        // Then
        assertThat(read(target).getString("identifier[0].value")).isEqualTo(number.substring("urn:both|".length()));
        assertThat(found("Patient?identifier=" + number.replace("|", "%7C"))).containsExactlyInAnyOrder(one, target);
        // When
        unmerge(two).then().statusCode(200);
        // Then
        assertThat(read(target).<Object>get("identifier")).isNull();
        assertThat(found("Patient?identifier=" + number.replace("|", "%7C"))).containsExactlyInAnyOrder(one, two);
    }

    @Test
    void whatWasAmendedForTheTargetSinceTheMergeIsNamedToo() {
        // Given
        String source = create(Persons.patient("female"));
        String target = create(Persons.patient("female"));
        String amended = create(about("Condition", target));
        String untouched = create(about("Condition", target));
        merge(source, target).then().statusCode(200);
        String body = read("Condition", amended).prettify().replaceFirst("\\{", "{\"code\":{\"text\":\"Asthma\"},");
        coordinator().body(body).put("/fhir/Condition/{id}", amended).then().statusCode(200);
        // When
        Response unmerged = unmerge(source);
        // Then
        assertThat(unmerged.<List<String>>path("parameter.findAll { it.name == 'stayed' }.valueReference.reference"))
                .contains("Condition/" + amended)
                .doesNotContain("Condition/" + untouched);
    }
}
