package org.careloop.patients.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** A resource of the random world, with its versions, oldest first. */
final class Item {

    private static final List<String> OF_PATIENT = List.of("patient", "subject");

    /** A version; those that delete have the body of the one before. */
    record Version(ObjectNode body, boolean deleted) {}

    private final String type;
    private final String id;
    private final String author;
    private final List<Version> versions = new ArrayList<>();

    /** @param author id of the organisation that makes it */
    Item(String author, ObjectNode body) {
        this.type = body.path("resourceType").asText();
        this.id = body.path("id").asText();
        this.author = author;
        versions.add(new Version(body, false));
    }

    String type() {
        return type;
    }

    String id() {
        return id;
    }

    String key() {
        return type + "/" + id;
    }

    String author() {
        return author;
    }

    int version() {
        return versions.size();
    }

    boolean deleted() {
        return versions.getLast().deleted();
    }

    ObjectNode body() {
        return versions.getLast().body();
    }

    Version version(int number) {
        return versions.get(number - 1);
    }

    void change(ObjectNode body) {
        versions.add(new Version(body, false));
    }

    void delete() {
        versions.add(new Version(body(), true));
    }

    Optional<String> patient() {
        return patientOf(body());
    }

    /** In whose compartment a resource is: the first Patient that its patient or subject names; a Patient is in its own. */
    static Optional<String> patientOf(JsonNode body) {
        if (body.path("resourceType").asText().equals("Patient")) {
            return Optional.of(body.path("id").asText());
        }
        return OF_PATIENT.stream()
                .map(element -> body.path(element).path("reference").asText())
                .filter(reference -> reference.startsWith("Patient/"))
                .map(reference -> reference.substring("Patient/".length()))
                .findFirst();
    }

    /** {@code Type/id} of what is referred to at {@code path}, elements separated by dots. */
    static Set<String> references(JsonNode body, String path) {
        return nodes(body, List.of(path.split("\\."))).stream()
                .map(node -> node.path("reference").asText())
                .filter(reference -> !reference.isEmpty())
                .collect(Collectors.toSet());
    }

    /** {@code system|code} of every coding at {@code path}. */
    static Set<String> codings(JsonNode body, String path) {
        return nodes(body, List.of(path.split("\\."))).stream()
                .map(node ->
                        node.path("system").asText() + "|" + node.path("code").asText())
                .collect(Collectors.toSet());
    }

    private static List<JsonNode> nodes(JsonNode node, List<String> path) {
        if (node.isArray()) {
            return StreamSupport.stream(node.spliterator(), false)
                    .flatMap(each -> nodes(each, path).stream())
                    .toList();
        }
        if (node.isMissingNode()) {
            return List.of();
        }
        return path.isEmpty() ? List.of(node) : nodes(node.path(path.getFirst()), path.subList(1, path.size()));
    }

    @Override
    public String toString() {
        return key() + " of " + patient().orElse("nobody") + " by " + author + (deleted() ? ", deleted" : "");
    }
}
