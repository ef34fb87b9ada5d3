package org.careloop.patients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.careloop.testkit.Fhir.as;
import static org.careloop.testkit.Fhir.create;
import static org.careloop.testkit.Fhir.matches;
import static org.careloop.testkit.Fhir.problem;
import static org.careloop.testkit.Fhir.search;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.testkit.Tokens;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Who somebody may be, for people who look and for what takes in messages.
 *
 * @see <a href="https://hl7.org/fhir/R4/patient-operation-match.html">FHIR R4 Patient $match</a>
 */
@QuarkusTest
class MatchApiTest {

    private static final String OTHERS =
            Tokens.token("lakeside-ehr", "coordinator", "lakeside-clinic", "system/*.cruds");

    /** Names of its own for each test, of letters alone. */
    private String family = "";

    private String phone = "";
    private String mark = "";

    @BeforeEach
    void somebody() {
        mark = Persons.mark();
        StringBuilder letters = new StringBuilder("Qu");
        mark.chars().filter(c -> c != '-').limit(12).forEach(c -> letters.append((char) ('a' + c % 23)));
        family = letters.toString();
        phone = "61755" + (10000 + ThreadLocalRandom.current().nextInt(89999));
    }

    @Test
    void matchesAreGradedAndInOrder() {
        // Given
        String same = create(person("Marit", "1948-03-05", phone, "urn:m|" + mark));
        String twin = create(person("Sigrid", "1948-03-05", phone, ""));
        String child = create(person("Marit", "1979-08-21", phone, ""));
        create(person("Torvald", "1990-01-17", "", ""));
        // When
        Response answer = match(Tokens.coordinator(), person("Marit", "1948-03-05", phone, ""), "");
        // Then
        assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(200);
        assertThat(answer.<String>path("type")).isEqualTo("searchset");
        List<String> ids = answer.path("entry.resource.id");
        assertThat(ids.getFirst()).isEqualTo(same);
        assertThat(ids).containsExactlyInAnyOrder(same, twin, child);
        List<String> grades =
                answer.path("entry.search.extension.collect { it.find { it.url.endsWith('match-grade') }.valueCode }");
        assertThat(grades).containsExactly("certain", "possible", "possible");
        List<Float> scores = answer.path("entry.search.score");
        assertThat(scores).allMatch(score -> score >= 0 && score <= 1);
        assertThat(scores.get(0)).isGreaterThan(scores.get(1));
        assertThat(answer.<String>path("entry[0].search.extension.find { it.url.endsWith('match-rules') }.valueString"))
                .isEqualTo("match-1");
        assertThat(matchedIds(match(
                        Tokens.coordinator(),
                        person("Marit", "1948-03-05", phone, ""),
                        ",{\"name\":\"onlyCertainMatches\",\"valueBoolean\":true}")))
                .containsExactly(same);
        assertThat(matchedIds(match(
                        Tokens.coordinator(),
                        person("Marit", "1948-03-05", phone, ""),
                        ",{\"name\":\"count\",\"valueInteger\":1}")))
                .containsExactly(same);
    }

    @Test
    void faultsInOneElementAreFoundByTheOthers() {
        // Given
        String id = create(person("Katharina", "1948-03-05", phone, ""));
        // Then
        assertThat(matchedIds(match(Tokens.coordinator(), person("Katharina", "1948-05-03", phone, ""), "")))
                .containsExactly(id);
        assertThat(matchedIds(match(Tokens.coordinator(), person("Katharina", "1949-03-05", phone, ""), "")))
                .containsExactly(id);
        assertThat(matchedIds(match(Tokens.coordinator(), person("Katarina", "1948-03-05", phone, ""), "")))
                .containsExactly(id);
        family = family.substring(0, family.length() - 1);
        assertThat(matchedIds(match(Tokens.coordinator(), person("Katharina", "1948-03-05", phone, ""), "")))
                .containsExactly(id);
    }

    @Test
    void nobodyIsFoundWhoIsHiddenFromTheCaller() {
        // Given
        create(person("Marit", "1948-03-05", phone, "urn:m|" + mark));
        String asked = person("Marit", "1948-03-05", phone, "urn:m|" + mark);
        // Then
        Response answer = match(OTHERS, asked, "");
        assertThat(answer.<Integer>path("total")).isZero();
        assertThat(answer.<Object>path("entry")).isNull();
        problem(match(Tokens.partner("harbor"), asked, ""), ProblemCode.FORBIDDEN);
        problem(match(Tokens.eventSource(), asked, ""), ProblemCode.FORBIDDEN);
    }

    @Test
    void whatIsAskedMustBeRight() {
        problem(
                match(Tokens.coordinator(), "{\"resourceType\":\"Group\",\"type\":\"person\",\"actual\":true}", ""),
                ProblemCode.INVALID_PARAMETER);
        problem(
                match(
                        Tokens.coordinator(),
                        person("A", "1948-03-05", "", ""),
                        ",{\"name\":\"count\",\"valueInteger\":0}"),
                ProblemCode.INVALID_PARAMETER);
        problem(
                match(
                        Tokens.coordinator(),
                        person("A", "1948-03-05", "", ""),
                        ",{\"name\":\"colour\",\"valueCode\":\"red\"}"),
                ProblemCode.UNSUPPORTED_PARAMETER);
    }

    @Test
    void intakeFindsByIdentifierThenByMatchElseMakesANewPatientAndAsksAPerson() {
        // Given
        Response made = identify(person("Marit", "1948-03-05", phone, "urn:m|" + mark));
        String id = made.path("parameter.find { it.name == 'patient' }.resource.id");
        assertThat(by(made)).isEqualTo("created");
        // Then: by identifier, whatever else is told
        Response again = identify(
                "{\"resourceType\":\"Patient\",\"identifier\":[{\"system\":\"urn:m\",\"value\":\"" + mark + "\"}]}");
        assertThat(by(again)).isEqualTo("identifier");
        assertThat(patient(again)).isEqualTo(id);
        // by match: the number of another facility is added
        Response matched = identify(person("Marit", "1948-03-05", phone, "urn:n|" + mark));
        assertThat(by(matched)).isEqualTo("match");
        assertThat(patient(matched)).isEqualTo(id);
        assertThat(ids("Patient?identifier=urn:n%7C" + mark)).containsExactly(id);
        // not certain: a new one, and a pair to review
        Response twin = identify(person("Sigrid", "1948-03-05", phone, "urn:m|t" + mark));
        assertThat(by(twin)).isEqualTo("created");
        assertThat(twin.<Integer>path("parameter.find { it.name == 'reviews' }.valueInteger"))
                .isEqualTo(1);
        assertThat(reviewed(Tokens.service(), id)).containsExactly(patient(twin));
        assertThat(reviewed(OTHERS, id)).isEmpty();
        // When
        keepApart(Tokens.service(), id, patient(twin)).then().statusCode(200);
        // Then
        assertThat(reviewed(Tokens.service(), id)).isEmpty();
        problem(keepApart(OTHERS, id, patient(twin)), ProblemCode.RESOURCE_NOT_FOUND);
    }

    @Test
    void whoWasMergedAnswersWithTheSurvivorAndThePairIsDecided() {
        // Given
        String old = patient(identify(person("Marit", "1948-03-05", phone, "urn:m|" + mark)));
        String other = patient(identify(person("Marit", "1948-05-03", phone, "urn:m|o" + mark)));
        assertThat(reviewed(Tokens.service(), old)).containsExactly(other);
        // When
        as(Tokens.service())
                .urlEncodingEnabled(false)
                .body(pair(old, other))
                .post("/fhir/Patient/$merge")
                .then()
                .statusCode(200);
        // Then
        Response answer = identify(person("Marit", "1948-03-05", phone, "urn:m|" + mark));
        assertThat(patient(answer)).isEqualTo(other);
        assertThat(by(answer)).isEqualTo("identifier");
        assertThat(reviewed(Tokens.service(), other)).isEmpty();
    }

    @Test
    void manyWhoTellOfOnePersonMakeOnePatient() throws Exception {
        // Given: half of them by one number, half by another
        int many = 64;
        List<Future<Response>> answers = new ArrayList<>();
        try (ExecutorService pool = Executors.newFixedThreadPool(many)) {
            for (int i = 0; i < many; i++) {
                String number = (i % 2 == 0 ? "urn:m|" : "urn:n|") + mark;
                answers.add(pool.submit(() -> identify(person("Marit", "1948-03-05", phone, number))));
            }
        }
        // Then
        HashSet<String> made = new HashSet<>();
        for (Future<Response> answer : answers) {
            made.add(patient(answer.get()));
        }
        assertThat(made).hasSize(1);
        assertThat(ids("Patient?family=" + family)).hasSize(1);
    }

    @Test
    void whoIsToldByNothingIsRefusedAndOnlyThePlatformAsks() {
        problem(identify("{\"resourceType\":\"Patient\",\"gender\":\"female\"}"), ProblemCode.INVALID_PARAMETER);
        problem(
                as(Tokens.coordinator())
                        .body(resource(person("Marit", "1948-03-05", phone, ""), ""))
                        .post("/identity/identify"),
                ProblemCode.FORBIDDEN);
    }

    private static Response match(String token, String patient, String more) {
        return as(token).urlEncodingEnabled(false).body(resource(patient, more)).post("/fhir/Patient/$match");
    }

    private static List<String> matchedIds(Response answer) {
        assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(200);
        return answer.path("entry.resource.id") instanceof List<?> ids
                ? ids.stream().map(String::valueOf).toList()
                : List.of();
    }

    private static Response identify(String patient) {
        return as(Tokens.service()).body(resource(patient, "")).post("/identity/identify");
    }

    private static String by(Response answer) {
        assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(200);
        return answer.path("parameter.find { it.name == 'by' }.valueCode");
    }

    private static String patient(Response answer) {
        assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(200);
        return answer.path("parameter.find { it.name == 'patient' }.resource.id");
    }

    private static List<String> ids(String query) {
        return matches(search(Tokens.service(), query));
    }

    /** Whom the pairs with {@code patient} name that wait for a decision. */
    private static List<String> reviewed(String token, String patient) {
        Response answer = as(token).urlEncodingEnabled(false).get("/fhir/Patient/$match-reviews?_count=500");
        assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(200);
        List<List<String>> pairs = answer.path(
                "parameter.findAll { it.name == 'review' }.collect { it.part.findAll { it.name == 'patient' }.valueReference.reference }");
        List<String> others = new ArrayList<>();
        if (pairs != null) {
            pairs.stream()
                    .filter(pair -> pair.contains("Patient/" + patient))
                    .forEach(pair -> pair.stream()
                            .filter(each -> !each.equals("Patient/" + patient))
                            .forEach(each -> others.add(each.substring("Patient/".length()))));
        }
        return others;
    }

    private static Response keepApart(String token, String one, String other) {
        return as(token).urlEncodingEnabled(false).body(pair(one, other)).post("/fhir/Patient/$keep-apart");
    }

    private static String pair(String one, String other) {
        return "{\"resourceType\":\"Parameters\",\"parameter\":[{\"name\":\"source-patient\",\"valueReference\":{\"reference\":"
                + "\"Patient/" + one + "\"}},{\"name\":\"target-patient\",\"valueReference\":{\"reference\":\"Patient/"
                + other + "\"}}]}";
    }

    private static String resource(String patient, String more) {
        return "{\"resourceType\":\"Parameters\",\"parameter\":[{\"name\":\"resource\",\"resource\":" + patient + "}"
                + more + "]}";
    }

    private String person(String given, String birthDate, String telephone, String identifier) {
        int bar = identifier.indexOf('|');
        return "{\"resourceType\":\"Patient\",\"gender\":\"female\",\"birthDate\":\"" + birthDate
                + "\",\"name\":[{\"family\":\""
                + family + "\",\"given\":[\"" + given + "\"]}]"
                + (telephone.isEmpty() ? "" : ",\"telecom\":[{\"system\":\"phone\",\"value\":\"" + telephone + "\"}]")
                + (bar < 0
                        ? ""
                        : ",\"identifier\":[{\"system\":\"" + identifier.substring(0, bar) + "\",\"value\":\""
                                + identifier.substring(bar + 1) + "\"}]")
                + "}";
    }
}
