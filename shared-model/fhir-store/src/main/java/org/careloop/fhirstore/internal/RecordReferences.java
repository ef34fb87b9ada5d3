package org.careloop.fhirstore.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.careloop.fhirmodel.FhirId;
import org.careloop.fhirmodel.ResourceKey;
import org.careloop.fhirsearch.Compartment;
import org.careloop.fhirsearch.IndexHash;
import org.careloop.fhirsearch.OwnServer;

/**
 * The references to patients in stored JSON, wherever they stand, and the entry of a Bundle that they lead to. A reference to one version of a patient is not among them: it
 * speaks of what was said then, not of the person.
 */
public final class RecordReferences {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String REFERENCE = "reference";
    private static final String ENTRY = "entry";
    private static final String FULL_URL = "fullUrl";
    private static final String RESOURCE = "resource";
    private static final String TYPE = "resourceType";
    private static final String ID = "id";
    private static final byte[] START =
            Compartment.patient("x").reference().replace("x", "").getBytes(StandardCharsets.UTF_8);
    private static final int LONGEST_ID = 64;

    /** Where a patient is named by id. */
    sealed interface Place {

        /** A JSON pointer. */
        String pointer();

        /** The id of the patient. */
        String id();

        /** Lets it be the patient {@code other} (an id). */
        void point(String other);
    }

    /** A reference. */
    private record ReferenceTo(ObjectNode holder, String pointer, String id) implements Place {

        @Override
        public void point(String other) {
            holder.put(REFERENCE, Compartment.patient(other).reference());
        }
    }

    /** The entry of a Bundle in which what its references lead to is found. */
    private record EntryOf(ObjectNode entry, String pointer, String id) implements Place {

        @Override
        public void point(String other) {
            String url = entry.path(FULL_URL).textValue();
            entry.put(FULL_URL, url.substring(0, url.length() - id.length()) + other);
            ((ObjectNode) entry.path(RESOURCE)).put(ID, other);
        }
    }

    /** A resource whose references can be changed in place. */
    record Parsed(JsonNode root, List<Place> places) {

        byte[] json() {
            return write(root);
        }
    }

    private RecordReferences() {}

    /**
     * Returns the keys, see {@link IndexHash#ofTarget}, of all patients that {@code json} may refer to; more, where a text looks
     * like a reference. Looks at the bytes alone, because every write asks this.
     */
    public static Set<Long> mentioned(String type, byte[] json) {
        if (Compartment.isPatient(type)) {
            return Set.of();
        }
        Set<String> ids = new HashSet<>();
        for (int at = next(json, 0); at >= 0; at = next(json, at)) {
            id(json, at).ifPresent(ids::add);
        }
        return ids.stream()
                .map(id -> IndexHash.ofTarget(Compartment.patient(id).reference()))
                .collect(Collectors.toSet());
    }

    /** The place behind the next {@code Patient/}, or -1. */
    private static int next(byte[] json, int from) {
        for (int i = from; i <= json.length - START.length; i++) {
            if (json[i] == START[0] && Arrays.equals(json, i, i + START.length, START, 0, START.length)) {
                return i + START.length;
            }
        }
        return -1;
    }

    private static Optional<String> id(byte[] json, int from) {
        int end = from;
        while (end < json.length && end - from < LONGEST_ID && isOfId(json[end])) {
            end++;
        }
        return end > from && end < json.length && json[end] == '"'
                ? Optional.of(new String(json, from, end - from, StandardCharsets.US_ASCII))
                : Optional.empty();
    }

    private static boolean isOfId(byte b) {
        return b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= '0' && b <= '9' || b == '-' || b == '.';
    }

    /** Returns the ids of the patients that {@code json} refers to. */
    public static Set<String> patients(byte[] json) {
        return places(read(json)).stream().map(Place::id).collect(Collectors.toSet());
    }

    static Parsed parse(byte[] json) {
        JsonNode root = read(json);
        return new Parsed(root, places(root));
    }

    private static List<Place> places(JsonNode root) {
        List<Place> places = new ArrayList<>();
        collect(root, "", places);
        entry(root).ifPresent(places::add);
        return places;
    }

    /**
     * The entry of a Bundle that has the patient: it goes with the references to it, or they would lead out of the Bundle. Where there
     * are several, each stays who it is, because no two may have one address.
     */
    private static Optional<Place> entry(JsonNode root) {
        List<Place> found = new ArrayList<>();
        if (root.path(TYPE).asText().equals("Bundle")) {
            JsonNode entries = root.path(ENTRY);
            for (int i = 0; i < entries.size(); i++) {
                if (entries.get(i) instanceof ObjectNode entry) {
                    String pointer = "/" + ENTRY + "/" + i;
                    entryOf(entry).ifPresent(id -> found.add(new EntryOf(entry, pointer, id)));
                }
            }
        }
        return found.size() == 1 ? Optional.of(found.getFirst()) : Optional.empty();
    }

    private static Optional<String> entryOf(ObjectNode entry) {
        JsonNode resource = entry.path(RESOURCE);
        boolean isPatient = Compartment.isPatient(resource.path(TYPE).asText());
        return isPatient
                ? patient(entry.path(FULL_URL).asText())
                        .filter(id -> id.equals(resource.path(ID).asText()))
                        .filter(id -> entry.path(FULL_URL).asText().endsWith("/" + id))
                : Optional.empty();
    }

    private static void collect(JsonNode node, String pointer, List<Place> places) {
        if (node instanceof ObjectNode object && object.path(REFERENCE).isTextual()) {
            patient(object.path(REFERENCE).textValue())
                    .ifPresent(id -> places.add(new ReferenceTo(object, pointer, id)));
        }
        if (node.isObject()) {
            node.properties().forEach(each -> collect(each.getValue(), pointer + "/" + each.getKey(), places));
        } else if (node.isArray()) {
            for (int i = 0; i < node.size(); i++) {
                collect(node.get(i), pointer + "/" + i, places);
            }
        }
    }

    private static Optional<String> patient(String reference) {
        return reference.contains("/_history/")
                ? Optional.empty()
                : ResourceKey.parse(OwnServer.relative(reference))
                        .filter(key -> Compartment.isPatient(key.type()))
                        .map(ResourceKey::id)
                        .map(FhirId::value);
    }

    private static JsonNode read(byte[] json) {
        try {
            return JSON.readTree(json);
        } catch (IOException e) {
            throw new IllegalStateException("what is stored is JSON", e);
        }
    }

    private static byte[] write(JsonNode root) {
        try {
            return JSON.writeValueAsBytes(root);
        } catch (IOException e) {
            throw new IllegalStateException("what was read can be written", e);
        }
    }
}
