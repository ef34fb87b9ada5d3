package org.careloop.endtoend;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * The values of one request that tell who a person is or what they have: the request's JSON, XML or HL7 v2, and its address.
 * What is too short to be told from other text (an initial, a state) is left out.
 */
final class PatientData {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int SHORTEST = 4;

    /** They speak of organisations and of what is offered, not of people. */
    private static final Set<String> NOT_OF_PEOPLE = Set.of(
            "Organization",
            "OrganizationAffiliation",
            "HealthcareService",
            "Location",
            "Endpoint",
            "VerificationResult",
            "PlanDefinition",
            "ActivityDefinition",
            "Questionnaire",
            "Device",
            "Medication");

    /** Elements with what people write; codes and types are words of the platform. */
    private static final Set<String> OF_A_PERSON = Set.of(
            "family", "given", "line", "city", "district", "postalCode", "birthDate", "deceasedDateTime", "display");

    private static final Set<String> FREE_TEXT =
            Set.of("text", "div", "valueString", "description", "comment", "conclusion", "title", "patientInstruction");

    /** Their values are numbers of people: record numbers, telephone numbers. */
    private static final Set<String> WITH_VALUES = Set.of("identifier", "telecom");

    private static final Set<String> SEARCHED =
            Set.of("identifier", "name", "family", "given", "birthdate", "phone", "email", "telecom", "address");

    private static final Pattern XML = Pattern.compile(
            "<(family|given|line|city|district|postalCode|birthDate|display|text|value|description)\\s+value=\"([^\"]*)\"");

    /** Fields of HL7 v2 with numbers, names, dates, addresses, diagnoses and allergies of a person. */
    private static final Map<String, Set<Integer>> HL7 = Map.of(
            "PID", Set.of(3, 5, 7, 11, 13, 14, 19),
            "PD1", Set.of(4),
            "NK1", Set.of(2, 4, 5),
            "PV1", Set.of(19),
            "PV2", Set.of(3),
            "DG1", Set.of(3),
            "AL1", Set.of(3, 5),
            "IN1", Set.of(36, 49));

    private static final Pattern HL7_DATE = Pattern.compile("(\\d{4})(\\d{2})(\\d{2})");

    private final Set<String> found = new TreeSet<>();

    private PatientData() {}

    /** What {@code body} tells, in whichever of the formats it is. */
    static Set<String> ofBody(String body) {
        PatientData data = new PatientData();
        String start = body.stripLeading();
        if (start.startsWith("MSH")) {
            data.message(start);
        } else if (start.startsWith("<")) {
            XML.matcher(body).results().forEach(element -> data.add(element.group(2)));
        } else {
            try {
                data.resource(JSON.readTree(body));
            } catch (JsonProcessingException notJson) {
                data.form(body);
            }
        }
        return data.found;
    }

    /** What the query of {@code address} tells. */
    static Set<String> ofAddress(String address) {
        PatientData data = new PatientData();
        data.form(address.substring(address.indexOf('?') + 1));
        return data.found;
    }

    private void form(String query) {
        for (String parameter : query.split("&")) {
            String[] pair = parameter.split("=", 2);
            String name = pair[0].replaceFirst("^.*[.:](?=[a-z]+$)", "").replaceFirst(":.*", "");
            if (pair.length == 2 && SEARCHED.contains(name)) {
                String value = URLDecoder.decode(pair[1], StandardCharsets.UTF_8);
                Arrays.stream(value.split(",")).forEach(each -> add(each.substring(each.indexOf('|') + 1)));
            }
        }
    }

    private void resource(JsonNode node) {
        if (NOT_OF_PEOPLE.contains(node.path("resourceType").asText())) {
            return;
        }
        node.properties().forEach(element -> element(element.getKey(), element.getValue()));
    }

    private void element(String name, JsonNode value) {
        if (value.isArray()) {
            value.forEach(each -> element(name, each));
        } else if (value.isObject()) {
            if (WITH_VALUES.contains(name)) {
                add(value.path("value").asText());
            }
            resource(value);
        } else if (OF_A_PERSON.contains(name) || FREE_TEXT.contains(name)) {
            add(value.asText());
        }
    }

    private void message(String message) {
        for (String segment : message.split("[\r\n]+")) {
            String[] fields = segment.split("\\|", -1);
            for (int field : HL7.getOrDefault(fields[0], Set.of())) {
                if (field < fields.length) {
                    component(fields[0] + "-" + field, fields[field]);
                }
            }
        }
    }

    /** Of a number or a diagnosis the first parts are its value, what follows tells its kind. */
    private void component(String field, String value) {
        boolean whole = Set.of("PID-5", "PID-11", "PID-13", "PID-14", "NK1-2", "NK1-4", "NK1-5", "PD1-4")
                .contains(field);
        String[] components = value.split("[~^&]");
        for (int i = 0; i < (whole ? components.length : Math.min(components.length, 2)); i++) {
            if (!components[i].startsWith("HL7")) {
                add(HL7_DATE.matcher(components[i]).replaceFirst("$1-$2-$3"));
                add(components[i]);
            }
        }
    }

    private void add(String value) {
        String text = value.strip();
        if (text.length() >= SHORTEST) {
            found.add(text);
        }
    }
}
