package org.careloop.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import org.careloop.endtoend.RawHttp.Answer;
import org.careloop.endtoend.ReferralModel.Stored;
import org.careloop.endtoend.ReferralModel.Word;
import org.careloop.local.registration.Registrar;

/** An organisation, and what its system does with the token that it got for its own key. */
record Party(String id, RawHttp http) {

    private static final Map<String, String> SCOPES = Map.of(
            "ehr",
            "system/*.cruds",
            "agency",
            "system/Task.rus system/ServiceRequest.rs system/Patient.rs system/Organization.rs system/Provenance.rs");

    /** A new organisation whose system is of this kind (ehr, agency); {@code folder} is for its keys. */
    static Party registered(WholePlatform platform, Path folder, String kind, String id) {
        ClientKey key = ClientKey.ec();
        String registrar = platform.asUsersSeeIt().token("careloop-registrar");
        PrintStream unheard = new PrintStream(new ByteArrayOutputStream(), true);
        try {
            Path keys = Files.writeString(folder.resolve(id), ClientKey.setOf(key));
            new Registrar(platform.realm(), platform.fhir(), registrar, unheard)
                    .register(List.of(kind, "--id", id, "--organization", id, "--name", id, "--jwks", keys.toString()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        String token = new TokenRequest(platform.realm() + "/protocol/openid-connect/token", id, key)
                .with("scope", SCOPES.getOrDefault(kind, ""))
                .send()
                .token();
        return new Party(id, platform.bearing(token));
    }

    String reference() {
        return "Organization/" + id;
    }

    Answer get(String path) {
        return http.get(path);
    }

    String status(String path) {
        return get(path).json().path("status").asText();
    }

    Answer put(String path, JsonNode resource, String version) {
        return http.send("PUT", path, Map.of("If-Match", version), resource.toString());
    }

    Answer patch(String path, String patch, String version) {
        return http.send(
                "PATCH", path, Map.of("If-Match", version, "Content-Type", "application/json-patch+json"), patch);
    }

    /**
     * Puts the Task that the requester read; what has ended keeps what is said of it, but for one output more. What the owner has
     * reported nobody else takes away.
     */
    Answer says(ReferralModel referral, Word word, Answer current) {
        ObjectNode task = (ObjectNode) current.json();
        if (!word.to().equals(task.path("status").asText()) || !referral.hasEnded()) {
            task.remove("statusReason");
            if (referral.isOwnedBy(this)) {
                task.remove("output");
            }
            if (word.reason()) {
                task.putObject("statusReason").put("text", "Reason of " + id);
            }
        }
        if (word.output()) {
            ObjectNode output = task.withArray("output").addObject().put("valueString", "Output of " + id);
            output.putObject("type").put("text", "Kind of output");
        }
        return put(referral.task(), task.put("status", word.to()), current.header("etag"));
    }

    /** Stores a new resource; returns its type and id. */
    private String created(String type, String elements) {
        Answer answer = http.send("POST", type, Map.of(), "{\"resourceType\":\"" + type + "\"," + elements + "}");
        assertThat(answer.status()).as(answer.text()).isEqualTo(201);
        return reference(answer.json());
    }

    /** Stores a referral to {@code owner}, of a patient of its own. */
    ReferralModel asks(Party owner, String status) {
        return ReferralModel.addressed(
                this, owner, status, stored(status, "\"owner\":" + referenceTo(owner.reference())));
    }

    /** Stores a referral that one of {@code recipients} may claim, of a patient of its own. */
    ReferralModel offers(List<Party> recipients) {
        String offer = recipients.stream()
                .map(agency -> referenceTo(agency.reference()))
                .collect(Collectors.joining(",", "\"restriction\":{\"recipient\":[", "]}"));
        String ofAnybody = "\"priority\":\"routine\"";
        return ReferralModel.offered(this, recipients, stored("requested", recipients.isEmpty() ? ofAnybody : offer));
    }

    private Stored stored(String status, String addressee) {
        String by = referenceTo(reference());
        String patient =
                created("Patient", "\"name\":[{\"family\":\"Of %s\"}],\"managingOrganization\":%s".formatted(id, by));
        String request = created("ServiceRequest", """
                "status":"active","intent":"order","subject":%s,"requester":%s""".formatted(referenceTo(patient), by));
        String task = created("Task", """
                "status":"%s","intent":"order","authoredOn":"2026-11-24T10:00:00Z",
                "code":{"coding":[{"system":"http://hl7.org/fhir/CodeSystem/task-code","code":"fulfill"}]},
                "focus":%s,"for":%s,"requester":%s,%s""".formatted(status, referenceTo(request), referenceTo(patient), by, addressee));
        return new Stored(patient, request, task);
    }

    private static String referenceTo(String target) {
        return "{\"reference\":\"" + target + "\"}";
    }

    /** What a search or a history finds, as type and id, all of it on one page. */
    Set<String> found(String query) {
        Set<String> found = new TreeSet<>();
        JsonNode bundle = asked(query, "_count=200");
        bundle.path("entry").forEach(entry -> found.add(reference(entry.path("resource"))));
        assertThat(bundle.path("link").findValuesAsText("relation")).doesNotContain("next");
        return found;
    }

    int count(String query) {
        return asked(query, "_summary=count").path("total").asInt(-1);
    }

    /** The statuses that a resource had, newest first. */
    List<String> statuses(String path) {
        List<String> statuses = new ArrayList<>();
        get(path + "/_history")
                .json()
                .path("entry")
                .forEach(entry -> statuses.add(entry.at("/resource/status").asText()));
        return statuses;
    }

    /** What is hidden is told in the same words as what is not there. */
    void assertIsNotThere(String path) {
        String unknown = UUID.randomUUID().toString();
        Answer answer = get(path);
        Answer nothing = get(path.replace(idOf(path), unknown));
        assertThat(answer.status()).as("%s of %s", path, this).isEqualTo(404);
        assertThat(answer.text().replace(idOf(path), ""))
                .isEqualTo(nothing.text().replace(unknown, ""));
        assertThat(get(path + "/_history").status()).as("%s of %s", path, this).isEqualTo(404);
    }

    static String idOf(String reference) {
        return reference.substring(reference.indexOf('/') + 1);
    }

    private JsonNode asked(String query, String parameter) {
        Answer answer = get(query + (query.contains("?") ? "&" : "?") + parameter);
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return answer.json();
    }

    private static String reference(JsonNode resource) {
        return resource.path("resourceType").asText() + "/"
                + resource.path("id").asText();
    }

    @Override
    public String toString() {
        return id;
    }
}
