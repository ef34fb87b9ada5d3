package org.careloop.patients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.careloop.testkit.Fhir.as;
import static org.careloop.testkit.Fhir.coordinator;

import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import javax.sql.DataSource;
import org.careloop.testkit.Tokens;

/** Merges over HTTP, in the words of their tests. */
final class Merging {

    static final Duration PATIENCE = Duration.ofSeconds(30);

    private Merging() {}

    static Response merge(String source, String target) {
        return merge(Tokens.coordinator(), source, target);
    }

    static Response merge(String token, String source, String target) {
        return as(token)
                .urlEncodingEnabled(false)
                .body(parameters(source, target))
                .post("/fhir/Patient/$merge");
    }

    static Response unmerge(String source) {
        return unmerge(Tokens.coordinator(), source);
    }

    static Response unmerge(String token, String source) {
        return as(token)
                .urlEncodingEnabled(false)
                .body("{\"resourceType\":\"Parameters\",\"parameter\":[{\"name\":\"source-patient\",\"valueReference\":"
                        + "{\"reference\":\"Patient/" + source + "\"}}]}")
                .post("/fhir/Patient/$unmerge");
    }

    static String parameters(String source, String target) {
        return "{\"resourceType\":\"Parameters\",\"parameter\":[{\"name\":\"source-patient\",\"valueReference\":{\"reference\":"
                + "\"Patient/" + source
                + "\"}},{\"name\":\"target-patient\",\"valueReference\":{\"reference\":\"Patient/"
                + target + "\"}}]}";
    }

    /** A resource of {@code type} about {@code patient}. */
    static String about(String type, String patient) {
        return "{\"resourceType\":\"" + type + "\"" + (type.equals("Procedure") ? ",\"status\":\"completed\"" : "")
                + ",\"subject\":{\"reference\":\"Patient/" + patient + "\"}}";
    }

    static JsonPath read(String patient) {
        return read("Patient", patient);
    }

    static JsonPath read(String type, String id) {
        Response answer = coordinator().get("/fhir/" + type + "/{id}", id);
        assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(200);
        return answer.jsonPath();
    }

    static int total(String query) {
        return coordinator().urlEncodingEnabled(false).get("/fhir/" + query).path("total");
    }

    /** Returns the text that {@code query} finds first, or an empty one. */
    static String text(DataSource database, String query) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            return row.next() ? row.getString(1) : "";
        }
    }

    static void run(DataSource database, String statement) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement running = connection.createStatement()) {
            running.execute(statement);
        }
    }
}
