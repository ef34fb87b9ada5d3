package org.careloop.referrals.hsds;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.careloop.referrals.domain.hsds.HsdsRow;
import org.careloop.referrals.domain.hsds.HsdsTables;
import org.careloop.referrals.hsds.HsdsFile.Limits;
import org.careloop.referrals.hsds.HsdsFile.Read;

/**
 * JSON of HSDS 3: a list of services, or a page of one, each with its organization, locations, schedules and the rest inside.
 * What is inside becomes rows that refer to what they were inside of.
 *
 * @see <a href="https://docs.openreferral.org/en/v3.0.1/hsds/api_reference.html">HSDS 3 API</a>
 */
final class HsdsJson {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String SERVICE = "service";

    private final HsdsTables tables = new HsdsTables();
    private final Limits limits;
    private int rows;

    private HsdsJson(Limits limits) {
        this.limits = limits;
    }

    static Read read(byte[] body, Limits limits) {
        JsonNode root = parse(body);
        JsonNode services = root.isArray() ? root : root.path("contents");
        if (!services.isArray()
                || !StreamSupport.stream(services.spliterator(), false).allMatch(JsonNode::isObject)) {
            throw HsdsFile.malformed("no list of objects (expected: a list of services, or a page with contents)");
        }
        HsdsJson reading = new HsdsJson(limits);
        services.forEach(service -> reading.add(SERVICE, service, Map.of()));
        return new Read(
                reading.tables, root.isArray() || root.path("total_pages").asInt(1) <= 1);
    }

    private static JsonNode parse(byte[] body) {
        try {
            JsonNode root = JSON.readTree(body);
            return Optional.ofNullable(root)
                    .filter(JsonNode::isContainerNode)
                    .orElseThrow(() -> HsdsFile.malformed("no JSON list or object (expected: HSDS 3)"));
        } catch (IOException e) {
            // Its text may repeat what was sent.
            throw HsdsFile.malformed("not well-formed JSON (expected: HSDS 3)");
        }
    }

    private void add(String table, JsonNode object, Map<String, String> link) {
        if (++rows > limits.rows()) {
            throw HsdsFile.tooManyRows(limits);
        }
        Map<String, String> values = new LinkedHashMap<>(link);
        object.fields()
                .forEachRemaining(field -> value(field.getValue()).ifPresent(text -> values.put(field.getKey(), text)));
        object.fields().forEachRemaining(field -> {
            if (field.getValue().isObject()) {
                Optional.ofNullable(field.getValue().get("id"))
                        .ifPresent(id -> values.put(HsdsNames.table(field.getKey()) + "_id", id.asText()));
            }
        });
        // The same organization, with all that is in it, stands in each of its services.
        if (!tables.add(new HsdsRow(table, tables.next(table), values))) {
            return;
        }
        Map<String, String> inside = new LinkedHashMap<>();
        Optional.ofNullable(values.get("id")).ifPresent(id -> {
            inside.put(table + "_id", id);
            inside.put("link_id", id);
            inside.put("link_entity", table);
        });
        object.fields().forEachRemaining(field -> {
            String name = HsdsNames.table(field.getKey());
            if (field.getValue().isObject()) {
                add(name, field.getValue(), Map.of());
            } else if (field.getValue().isArray()) {
                field.getValue().forEach(item -> {
                    if (item.isObject()) {
                        add(name, item, linkOf(name, inside));
                    }
                });
            }
        });
    }

    /** An attribute tells in one column whatever it is of, all others in the column of that table. */
    private static Map<String, String> linkOf(String table, Map<String, String> inside) {
        return inside.entrySet().stream()
                .filter(link -> table.equals("attribute") == link.getKey().startsWith("link_"))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    private static Optional<String> value(JsonNode node) {
        if (node.isArray()
                && !node.isEmpty()
                && StreamSupport.stream(node.spliterator(), false).allMatch(JsonNode::isValueNode)) {
            return Optional.of(StreamSupport.stream(node.spliterator(), false)
                    .map(JsonNode::asText)
                    .collect(Collectors.joining(",")));
        }
        return node.isValueNode() && !node.isNull() ? Optional.of(node.asText()) : Optional.empty();
    }
}
