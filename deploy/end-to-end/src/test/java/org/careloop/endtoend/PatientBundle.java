package org.careloop.endtoend;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * A transaction with the history of one patient, of the make that generators of synthetic patients write: {@code urn:uuid:}
 * references in every direction, most of the types that are held, one that is not (Claim), and a Provenance of all.
 */
final class PatientBundle {

    private static final String CODE =
            "{\"coding\":[{\"system\":\"http://snomed.info/sct\",\"code\":\"84114007\",\"display\":\"Heart failure\"}],\"text\":\"x\"}";

    private final List<String> entries = new ArrayList<>();
    private final List<String> made = new ArrayList<>();
    private final String identifier = UUID.randomUUID().toString();
    private int claims;

    /** @param visits each with 13 resources, one of them a Claim */
    PatientBundle(int visits) {
        String patient = add("Patient", """
                "identifier":[{"system":"urn:history","value":"%s"}],"name":[{"family":"Example","given":["Ann"]}],
                "gender":"female","birthDate":"1960-03-04","multipleBirthBoolean":false""".formatted(identifier));
        String organization = add("Organization", "\"active\":true,\"name\":\"Hospital\"");
        String practitioner = add("Practitioner", "\"active\":true,\"name\":[{\"family\":\"Doc\"}]");
        String location = add("Location", "\"status\":\"active\",\"name\":\"Ward\"");
        List<String> targets = new ArrayList<>(List.of(patient));
        for (int i = 0; i < visits; i++) {
            targets.add(
                    visit(patient, organization, practitioner, location, "20%02d-03-04T10:00:00-05:00".formatted(i)));
        }
        add("Provenance", """
                "target":[%s],"recorded":"2025-12-03T10:00:00.123-05:00",
                "agent":[{"who":%s,"onBehalfOf":%s}]""".formatted(String.join(",", targets), practitioner, organization));
    }

    private String visit(String patient, String organization, String practitioner, String location, String at) {
        String encounter = add("Encounter", """
                "status":"finished","class":{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"AMB"},
                "subject":%s,"participant":[{"individual":%s}],"period":{"start":"%s","end":"%s"},
                "location":[{"location":%s}],"serviceProvider":%s""".formatted(patient, practitioner, at, at, location, organization));
        String of = "\"subject\":%s,\"encounter\":%s".formatted(patient, encounter);
        String condition = add("Condition", """
                "clinicalStatus":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/condition-clinical","code":"active"}]},
                "code":%s,%s,"onsetDateTime":"%s\"""".formatted(CODE, of, at));
        String observation = "";
        for (int i = 0; i < 3; i++) {
            observation = add("Observation", """
                    "status":"final","code":%s,%s,"effectiveDateTime":"%s",
                    "valueQuantity":{"value":17%d.40,"unit":"cm","system":"http://unitsofmeasure.org","code":"cm"}""".formatted(CODE, of, at, i));
        }
        add(
                "Procedure",
                "\"status\":\"completed\",\"code\":%s,%s,\"performedDateTime\":\"%s\"".formatted(CODE, of, at));
        String medication = add("MedicationRequest", """
                "status":"stopped","intent":"order","medicationCodeableConcept":%s,%s,"authoredOn":"%s","requester":%s,
                "reasonReference":[%s]""".formatted(CODE, of, at, practitioner, condition));
        add("Immunization", """
                "status":"completed","vaccineCode":%s,"patient":%s,"encounter":%s,"occurrenceDateTime":"%s\"""".formatted(CODE, patient, encounter, at));
        add("DiagnosticReport", """
                "status":"final","code":%s,%s,"effectiveDateTime":"%s","performer":[%s],"result":[%s]""".formatted(CODE, of, at, organization, observation));
        String goal = add("Goal", """
                "lifecycleStatus":"accepted","description":{"text":"Walk"},"subject":%s,"addresses":[%s]""".formatted(patient, condition));
        String team = add("CareTeam", """
                "status":"inactive",%s,"participant":[{"member":%s}],"managingOrganization":[%s]""".formatted(of, practitioner, organization));
        add("CarePlan", """
                "status":"completed","intent":"order",%s,"careTeam":[%s],"addresses":[%s],"goal":[%s],
                "activity":[{"detail":{"status":"completed","code":%s,"location":%s}}]""".formatted(of, team, condition, goal, CODE, location));
        add("Claim", """
                "status":"active","type":{"text":"pharmacy"},"use":"claim","patient":%s,"created":"%s","provider":%s,
                "priority":{"text":"normal"},"prescription":%s,
                "insurance":[{"sequence":1,"focal":true,"coverage":{"display":"x"}}]""".formatted(patient, at, organization, medication));
        return encounter;
    }

    private String add(String type, String content) {
        String url = "urn:uuid:" + UUID.randomUUID();
        if (type.equals("Claim")) {
            claims++;
        } else {
            made.add(type);
        }
        entries.add("""
                {"fullUrl":"%1$s","resource":{"resourceType":"%2$s",%3$s},"request":{"method":"POST","url":"%2$s"}}""".formatted(url, type, content));
        return "{\"reference\":\"" + url + "\"}";
    }

    /** Of the patient, in the system {@code urn:history}. */
    String identifier() {
        return identifier;
    }

    /** The types of what is to be stored, in the order of the entries. */
    List<String> made() {
        return made;
    }

    /** How many entries are of the type that is not held. */
    int claims() {
        return claims;
    }

    String json() {
        return "{\"resourceType\":\"Bundle\",\"type\":\"transaction\",\"entry\":[" + String.join(",", entries) + "]}";
    }
}
