package org.careloop.patients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.careloop.patients.Merging.PATIENCE;
import static org.careloop.patients.Merging.about;
import static org.careloop.patients.Merging.merge;
import static org.careloop.patients.Merging.read;
import static org.careloop.patients.Merging.unmerge;
import static org.careloop.testkit.Fhir.coordinator;
import static org.careloop.testkit.Fhir.create;
import static org.careloop.testkit.Fhir.found;
import static org.careloop.testkit.Fhir.problem;

import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import javax.sql.DataSource;
import org.careloop.fhirmodel.ProblemCode;
import org.junit.jupiter.api.Test;

/** Three Patients become one, step by step, and come apart. */
@QuarkusTest
class MergeChainsApiTest {

    /** In which order the ids of three patients are. */
    private static final List<String> ORDERS = List.of("123", "132", "213", "231", "312", "321");

    @Inject
    DataSource database;

    @Test
    void chainsLeadToTheLastAndAreUndoneFromTheEnd() {
        // Given
        String a = create(Persons.patient("female", "urn:chain|" + Persons.mark(), ""));
        String b = create(Persons.patient("female"));
        String c = create(Persons.patient("female"));
        String condition = create(about("Condition", a));
        String own = create(about("Condition", b));
        // When
        merge(a, b).then().statusCode(200);
        merge(b, c).then().statusCode(200);
        // Then
        assertThat(read(a).getString("link[0].other.reference")).isEqualTo("Patient/" + c);
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(found("Condition?patient=" + c)).containsExactlyInAnyOrder(condition, own));
        problem(unmerge(a), ProblemCode.RULE_VIOLATED);
        // When
        unmerge(b).then().statusCode(200);
        // Then
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(found("Condition?patient=" + b)).containsExactlyInAnyOrder(condition, own));
        assertThat(read(a).getString("link[0].other.reference")).isEqualTo("Patient/" + b);
        // When
        unmerge(a).then().statusCode(200);
        // Then
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(found("Condition?patient=" + a)).containsExactly(condition));
        assertThat(found("Condition?patient=" + b)).containsExactly(own);
        assertThat(found("Condition?patient=" + c)).isEmpty();
        assertThat(read(b).<Object>get("identifier")).isNull();
        assertThat(read(c).<Object>get("link")).isNull();
    }

    @Test
    void eachReferenceIsMovedOnceForEachMergeAndInNoOrderIsLost() {
        for (String order : ORDERS) {
            // Given
            String mark = Persons.mark();
            String a = person(order.charAt(0), mark);
            String b = person(order.charAt(1), mark);
            String c = person(order.charAt(2), mark);
            String condition = create(about("Condition", a));
            merge(a, b).then().statusCode(200);
            isAbout(condition, b, 2);
            // When
            merge(b, c).then().statusCode(200);
            // Then
            isAbout(condition, c, 3);
            // When
            unmerge(b).then().statusCode(200);
            // Then
            isAbout(condition, b, 4);
            // When
            unmerge(a).then().statusCode(200);
            // Then
            isAbout(condition, a, 5);
        }
    }

    @Test
    void whatIsToldApartBeforeTheFirstMoveWasDoneIsWhereItBelongs() throws SQLException {
        for (String order : ORDERS) {
            // Given
            String mark = Persons.mark();
            String a = person(order.charAt(0), mark);
            String b = person(order.charAt(1), mark);
            String c = person(order.charAt(2), mark);
            String condition = create(about("Condition", a));
            String own = create(about("Condition", b));
            // When: nobody can move it meanwhile
            try (Connection connection = database.getConnection();
                    Statement statement = connection.createStatement()) {
                connection.setAutoCommit(false);
                statement.executeQuery(
                        "select from resource where type = 'Condition' and id = '" + condition + "' for update");
                merge(a, b).then().statusCode(200);
                merge(b, c).then().statusCode(200);
                unmerge(b).then().statusCode(200);
                connection.rollback();
            }
            // Then
            await().atMost(PATIENCE)
                    .untilAsserted(() ->
                            assertThat(found("Condition?patient=" + b)).containsExactlyInAnyOrder(condition, own));
            // When
            unmerge(a).then().statusCode(200);
            // Then
            await().atMost(PATIENCE)
                    .untilAsserted(
                            () -> assertThat(found("Condition?patient=" + a)).containsExactly(condition));
            assertThat(found("Condition?patient=" + b)).containsExactly(own);
            assertThat(found("Condition?patient=" + c)).isEmpty();
        }
    }

    private static String person(char first, String mark) {
        String id = first + "-" + mark;
        coordinator()
                .body(Persons.patient("female", id))
                .put("/fhir/Patient/{id}", id)
                .then()
                .statusCode(201);
        return id;
    }

    private static void isAbout(String condition, String patient, int version) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(read("Condition", condition).getString("subject.reference"))
                        .isEqualTo("Patient/" + patient));
        assertThat(read("Condition", condition).getInt("meta.versionId")).isEqualTo(version);
    }
}
