package org.careloop.patients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.careloop.testkit.Fhir.coordinator;
import static org.careloop.testkit.Fhir.matches;
import static org.careloop.testkit.Fhir.search;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.careloop.testkit.Tokens;
import org.junit.jupiter.api.Test;

/**
 * Random people and findings, random queries, and an evaluation of the queries over plain records: what the store finds must
 * be what the records say. The seed is in the name of a failure.
 */
@QuarkusTest
class SearchOracleApiTest {

    private static final int PEOPLE = 80;
    private static final int FINDINGS = 120;
    private static final int QUERIES = 300;
    private static final List<String> FAMILIES = List.of("Ortiz", "Ortega", "Núñez", "Nunn", "O'Brien", "Kim", "");
    private static final List<String> GENDERS = List.of("male", "female", "other", "");
    private static final List<String> CODES = List.of("8867-4", "29463-7", "8480-6");

    /** Empty texts stand for absent elements; {@code born} and {@code taken} are whole days. */
    private record Person(String id, String family, String gender, boolean active, LocalDate born) {}

    private record Finding(String id, Person person, String code, int value, LocalDate taken) {}

    private record Query<T>(String text, Predicate<T> holds) {}

    private final String mark = UUID.randomUUID().toString();

    @Test
    void theStoreFindsWhatTheRecordsSay() {
        // Given
        long seed = System.nanoTime();
        Random random = new Random(seed);
        List<Person> people = new ArrayList<>();
        List<Finding> findings = new ArrayList<>();
        store(random, people, findings);
        for (int i = 0; i < QUERIES; i++) {
            boolean aboutPeople = random.nextBoolean();
            // When
            String url;
            Set<String> expected;
            if (aboutPeople) {
                Query<Person> query = all(random, () -> ofPerson(random, findings));
                url = "Patient?_count=500&identifier=" + mark + query.text();
                expected = people.stream().filter(query.holds()).map(Person::id).collect(Collectors.toSet());
            } else {
                Query<Finding> query = all(random, () -> ofFinding(random, findings));
                url = "Observation?_count=500&identifier=" + mark + query.text();
                expected =
                        findings.stream().filter(query.holds()).map(Finding::id).collect(Collectors.toSet());
            }
            Response answer = search(Tokens.coordinator(), url + "&_total=accurate");
            // Then
            assertThat(new HashSet<>(matches(answer)))
                    .as("seed %d, %s", seed, url)
                    .isEqualTo(expected);
            assertThat(answer.<Integer>path("total"))
                    .as("seed %d, %s", seed, url)
                    .isEqualTo(expected.size());
        }
    }

    private void store(Random random, List<Person> people, List<Finding> findings) {
        List<String> bodies = new ArrayList<>();
        List<Person> drafts = new ArrayList<>();
        for (int i = 0; i < PEOPLE; i++) {
            Person person = new Person(
                    "p" + i + "-" + mark,
                    one(random, FAMILIES),
                    one(random, GENDERS),
                    random.nextBoolean(),
                    day(random));
            drafts.add(person);
            bodies.add(put(
                    "Patient/" + person.id(),
                    "{\"resourceType\":\"Patient\",\"id\":\"" + person.id() + "\"," + identifier() + ",\"active\":"
                            + person.active()
                            + text("gender", person.gender())
                            + (person.family().isEmpty() ? "" : ",\"name\":[{\"family\":\"" + person.family() + "\"}]")
                            + ",\"birthDate\":\"" + person.born() + "\"}"));
        }
        people.addAll(drafts);
        for (int i = 0; i < FINDINGS; i++) {
            Finding finding = new Finding(
                    "o" + i + "-" + mark, one(random, people), one(random, CODES), random.nextInt(20), day(random));
            findings.add(finding);
            bodies.add(put(
                    "Observation/" + finding.id(),
                    "{\"resourceType\":\"Observation\",\"id\":\"" + finding.id() + "\"," + identifier()
                            + ",\"status\":\"final\",\"code\":{\"coding\":[{\"system\":\"http://loinc.org\",\"code\":\""
                            + finding.code()
                            + "\"}]},\"subject\":{\"reference\":\"Patient/"
                            + finding.person().id() + "\"},\"effectiveDateTime\":\""
                            + finding.taken() + "\",\"valueQuantity\":{\"value\":" + finding.value()
                            + ",\"system\":\"http://example.org/units\",\"code\":\"u\"}}"));
        }
        coordinator()
                .body("{\"resourceType\":\"Bundle\",\"type\":\"transaction\",\"entry\":[" + String.join(",", bodies)
                        + "]}")
                .post("/fhir")
                .then()
                .statusCode(200);
    }

    private static Query<Person> ofPerson(Random random, List<Finding> findings) {
        String gender = one(random, List.of("male", "female", "other"));
        String family = one(random, List.of("or", "ORT", "nun", "ñ", "o'b", "k", "zz"));
        LocalDate day = day(random);
        String code = one(random, CODES);
        return switch (random.nextInt(10)) {
            case 0 -> new Query<>("gender=" + gender, p -> p.gender().equals(gender));
            case 1 -> new Query<>("gender:not=" + gender, p -> !p.gender().equals(gender));
            case 2 -> new Query<>("gender:missing=true", p -> p.gender().isEmpty());
            case 3 -> new Query<>("family:missing=false", p -> !p.family().isEmpty());
            case 4 ->
                new Query<>("family=" + encoded(family), p -> plain(p.family()).startsWith(plain(family)));
            case 5 ->
                new Query<>(
                        "family:contains=" + encoded(family),
                        p -> plain(p.family()).contains(plain(family)));
            case 6 ->
                new Query<>(
                        "family:exact=Ortiz,Kim",
                        p -> p.family().equals("Ortiz") || p.family().equals("Kim"));
            case 7 -> new Query<>("active=true", Person::active);
            case 8 -> compared(random, "birthdate", day, Person::born);
            default ->
                new Query<>(
                        "_has:Observation:patient:code=" + code,
                        p -> findings.stream()
                                .anyMatch(f -> f.person().equals(p) && f.code().equals(code)));
        };
    }

    private static Query<Finding> ofFinding(Random random, List<Finding> findings) {
        String code = one(random, CODES);
        Person person = one(random, findings).person();
        int value = random.nextInt(20);
        LocalDate day = day(random);
        return switch (random.nextInt(9)) {
            case 0 ->
                new Query<>("code=http:%2F%2Floinc.org%7C" + code, f -> f.code().equals(code));
            case 1 ->
                new Query<>(
                        "code=" + code + ",8867-4",
                        f -> f.code().equals(code) || f.code().equals("8867-4"));
            case 2 -> new Query<>("code:not=" + code, f -> !f.code().equals(code));
            case 3 ->
                new Query<>("subject=Patient/" + person.id(), f -> f.person().equals(person));
            case 4 ->
                new Query<>("patient.gender=female", f -> f.person().gender().equals("female"));
            case 5 -> new Query<>("value-quantity=" + value, f -> f.value() == value);
            case 6 -> new Query<>("value-quantity=gt" + value + "%7C%7Cu", f -> f.value() > value);
            case 7 -> new Query<>("value-quantity=le" + value, f -> f.value() <= value);
            default -> compared(random, "date", day, Finding::taken);
        };
    }

    private static <T> Query<T> compared(Random random, String parameter, LocalDate day, Function<T, LocalDate> date) {
        String month = day.toString().substring(0, 7);
        return switch (random.nextInt(7)) {
            case 0 ->
                new Query<>(
                        parameter + "=" + month, t -> date.apply(t).toString().startsWith(month));
            case 1 -> new Query<>(parameter + "=ne" + day, t -> !date.apply(t).equals(day));
            case 2 -> new Query<>(parameter + "=gt" + day, t -> date.apply(t).isAfter(day));
            case 3 -> new Query<>(parameter + "=ge" + day, t -> !date.apply(t).isBefore(day));
            case 4 -> new Query<>(parameter + "=lt" + day, t -> date.apply(t).isBefore(day));
            case 5 -> new Query<>(parameter + "=le" + day, t -> !date.apply(t).isAfter(day));
            default ->
                new Query<>(
                        parameter + "=sa" + month,
                        t -> date.apply(t).toString().substring(0, 7).compareTo(month) > 0);
        };
    }

    /** One to three conditions that must all hold. */
    private static <T> Query<T> all(Random random, Supplier<Query<T>> next) {
        Query<T> all = new Query<>("", t -> true);
        for (int i = random.nextInt(3); i >= 0; i--) {
            Query<T> each = next.get();
            all = new Query<>(all.text() + "&" + each.text(), all.holds().and(each.holds()));
        }
        return all;
    }

    private String identifier() {
        return "\"identifier\":[{\"value\":\"" + mark + "\"}]";
    }

    private static String put(String url, String resource) {
        return "{\"resource\":" + resource + ",\"request\":{\"method\":\"PUT\",\"url\":\"" + url + "\"}}";
    }

    private static String text(String element, String value) {
        return value.isEmpty() ? "" : ",\"" + element + "\":\"" + value + "\"";
    }

    private static LocalDate day(Random random) {
        return LocalDate.of(2025, 12, 20).plusDays(random.nextInt(60));
    }

    private static String plain(String text) {
        return text.toLowerCase(Locale.ROOT).replace('ñ', 'n').replace('ú', 'u');
    }

    private static String encoded(String text) {
        return text.replace("ñ", "%C3%B1").replace("'", "%27");
    }

    private static <T> T one(Random random, List<T> of) {
        return of.get(random.nextInt(of.size()));
    }
}
