package org.careloop.referrals.hsds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.referrals.domain.hsds.HsdsDirectory;
import org.careloop.referrals.domain.hsds.HsdsSource;
import org.careloop.referrals.domain.hsds.HsdsTerms;
import org.careloop.referrals.hsds.HsdsFile.Limits;
import org.careloop.referrals.hsds.HsdsFile.Read;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What of HSDS can be read at all. */
class HsdsFileTest {

    private static final Limits LIMITS = new Limits(20, 10_000);
    private static final String JSON = "application/json";
    private static final String SERVICE = """
            {"id":"s","name":"Pantry","organization":{"id":"o","name":"Food for all","phones":[{"number":"1"}]},
             "service_at_locations":[{"id":"sal","location":{"id":"l","name":"Hall","addresses":[{"city":"Cambridge"}]}}],
             "languages":[{"code":"es"}],"service_areas":[{"id":"a","name":"02139"}],
             "attributes":[{"id":"t","taxonomy_term":{"id":"f","name":"Food"}}]}""";
    private static final Map<String, String> CSV = Map.of(
            "data/organizations.csv",
            "\uFEFFid,name,website\r\no,\"Food, for all\",\r\n",
            "services.csv",
            "id,organization_id,name\ns,o,Pantry\n",
            "addresses.csv",
            "id,location_id,city\na,l,Cambridge\n",
            "locations.csv",
            "id,organization_id,name\nl,o,Hall\n",
            "service_at_locations.csv",
            "id,service_id,location_id\nx,s,l\n",
            "services_taxonomy.csv",
            "service_id,taxonomy_term_id\ns,f\n",
            "taxonomy_terms.csv",
            "id,name\nf,Food\n");

    @Test
    void jsonIsServicesWithAllThatBelongsToThem() {
        // Given
        String other = SERVICE.replace("\"id\":\"s\"", "\"id\":\"s2\"")
                .replace("\"sal\"", "\"sal2\"")
                .replace("{\"id\":\"a\"", "{\"id\":\"a2\"")
                .replace("{\"id\":\"t\"", "{\"id\":\"t2\"");
        // When
        Read read = read("[" + SERVICE + "," + other + "]");
        // Then
        assertThat(read.whole()).isTrue();
        assertThat(types(read))
                .containsExactly(
                        "Organization",
                        "Location",
                        "Location",
                        "HealthcareService",
                        "VerificationResult",
                        "Location",
                        "HealthcareService",
                        "VerificationResult");
        assertThat(directory(read).issues()).isEmpty();
    }

    @Test
    void aPageIsNotAllThatThereIs() {
        assertThat(read("{\"total_pages\":1,\"contents\":[" + SERVICE + "]}").whole())
                .isTrue();
        assertThat(read("{\"total_pages\":2,\"contents\":[" + SERVICE + "]}").whole())
                .isFalse();
    }

    @Test
    void csvIsTablesInAZip() throws IOException {
        // When
        Read read = HsdsFile.read(zip(CSV), HsdsFile.ZIP, LIMITS);
        // Then
        assertThat(types(read)).containsExactly("Organization", "Location", "HealthcareService", "VerificationResult");
        assertThat(directory(read).issues()).isEmpty();
    }

    @Test
    void filesAndRowsThatAreNoneAreTold() throws IOException {
        // When
        Read read = HsdsFile.read(
                zip(Map.of(
                        "services.csv",
                        "id,name\ns,Pantry,more\n",
                        "datapackage.json",
                        "{}",
                        "organizations.csv",
                        "id,name\no,Food\n")),
                HsdsFile.ZIP,
                LIMITS);
        // Then
        assertThat(directory(read).issues())
                .extracting(issue -> issue.weight() + " " + issue.place())
                .containsExactlyInAnyOrder("LEFT_OUT service[1]", "NO_PLACE file[datapackage.json]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[", "7", "{}", "[]", "[1]", "{\"contents\":{}}", "{\"services\":[]}"})
    void refusesJsonThatIsNoDirectory(String body) {
        refused(ProblemCode.MALFORMED_BODY, body.getBytes(StandardCharsets.UTF_8), JSON, LIMITS);
    }

    @Test
    void refusesAZipThatIsNoDirectory() throws IOException {
        refused(ProblemCode.MALFORMED_BODY, "PK nothing".getBytes(StandardCharsets.UTF_8), HsdsFile.ZIP, LIMITS);
        refused(ProblemCode.MALFORMED_BODY, zip(Map.of("readme.txt", "x")), HsdsFile.ZIP, LIMITS);
        refused(ProblemCode.MALFORMED_BODY, zip(Map.of("services.csv", "id,id\n1,2\n")), HsdsFile.ZIP, LIMITS);
        byte[] whole = zip(CSV);
        refused(ProblemCode.MALFORMED_BODY, Arrays.copyOf(whole, whole.length / 3), HsdsFile.ZIP, LIMITS);
    }

    @Test
    void refusesWhatIsTooMuch() throws IOException {
        byte[] json = ("[" + SERVICE + "]").getBytes(StandardCharsets.UTF_8);
        refused(ProblemCode.TOO_COSTLY, json, JSON, new Limits(5, 10_000));
        refused(ProblemCode.TOO_COSTLY, zip(CSV), HsdsFile.ZIP, new Limits(5, 10_000));
        refused(ProblemCode.BODY_TOO_LARGE, zip(Map.of("services.csv", "x".repeat(20_000))), HsdsFile.ZIP, LIMITS);
    }

    private static void refused(ProblemCode code, byte[] body, String mediaType, Limits limits) {
        assertThatThrownBy(() -> HsdsFile.read(body, mediaType, limits))
                .isInstanceOfSatisfying(
                        FhirProblem.class, problem -> assertThat(problem.code()).isEqualTo(code));
    }

    private static Read read(String json) {
        return HsdsFile.read(json.getBytes(StandardCharsets.UTF_8), JSON, LIMITS);
    }

    private static HsdsDirectory directory(Read read) {
        return HsdsDirectory.of(
                read.tables(), new HsdsSource("x"), HsdsTerms.shipped(), Instant.parse("2026-11-28T15:00:00Z"));
    }

    private static List<String> types(Read read) {
        return directory(read).listings().stream()
                .map(each -> each.resource().fhirType())
                .toList();
    }

    private static byte[] zip(Map<String, String> files) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (Map.Entry<String, String> file : files.entrySet()) {
                zip.putNextEntry(new ZipEntry(file.getKey()));
                zip.write(file.getValue().getBytes(StandardCharsets.UTF_8));
            }
        }
        return bytes.toByteArray();
    }
}
