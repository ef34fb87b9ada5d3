package org.careloop.benchmarks;

import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Bodies of the size that clients send; the persons are invented. */
final class Bodies {

    private static final String NARRATIVE =
            "\"text\":{\"status\":\"generated\",\"div\":\"<div xmlns='http://www.w3.org/1999/xhtml'>"
                    + "<p><b>Summary</b> of the record</p><table><tr><td>a</td><td>b</td></tr></table></div>\"}";

    private static final String PATIENT = """
            {"resourceType":"Patient","id":"p1","meta":{"versionId":"1","lastUpdated":"2026-11-24T10:00:00Z"},%s,
            "extension":[{"url":"http://hl7.org/fhir/us/core/StructureDefinition/us-core-race","extension":[{"url":"ombCategory",
            "valueCoding":{"system":"urn:oid:2.16.840.1.113883.6.238","code":"2106-3"}},{"url":"text","valueString":"x"}]}],
            "identifier":[{"use":"usual","type":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v2-0203","code":"MR"}]},
            "system":"http://hospital.example.org","value":"1"},{"system":"http://hl7.org/fhir/sid/us-ssn","value":"2"}],
            "active":true,"name":[{"use":"official","family":"A","given":["B","C"]},{"use":"nickname","given":["D"]}],
            "telecom":[{"system":"phone","value":"1","use":"home"},{"system":"email","value":"a@example.org"}],
            "gender":"female","birthDate":"1950-01-01","address":[{"use":"home","line":["1 Main St"],"city":"X","state":"MA",
            "postalCode":"01002","country":"US","period":{"start":"2020-01-01"}}],"maritalStatus":{"coding":[{"system":
            "http://terminology.hl7.org/CodeSystem/v3-MaritalStatus","code":"M"}]},"contact":[{"relationship":[{"coding":[{"system":
            "http://terminology.hl7.org/CodeSystem/v2-0131","code":"C"}]}],"name":{"family":"E"},"telecom":[{"system":"phone",
            "value":"3"}]}],"communication":[{"language":{"coding":[{"system":"urn:ietf:bcp:47","code":"en"}]},"preferred":true}],
            "generalPractitioner":[{"reference":"Practitioner/1"}],"managingOrganization":{"reference":"Organization/1"}}""".formatted(NARRATIVE);

    private static final String TASK = """
            {"resourceType":"Task","id":"t1","meta":{"versionId":"1","lastUpdated":"2026-11-24T10:00:00Z"},%s,
            "identifier":[{"system":"http://example.org/tasks","value":"1"}],"basedOn":[{"reference":"ServiceRequest/1"}],
            "status":"requested","businessStatus":{"coding":[{"system":"http://example.org/s","code":"a"}]},"intent":"order",
            "priority":"urgent","code":{"coding":[{"system":"http://hl7.org/fhir/CodeSystem/task-code","code":"fulfill"}]},
            "description":"Please visit","focus":{"reference":"ServiceRequest/1"},"for":{"reference":"Patient/1"},
            "encounter":{"reference":"Encounter/1"},"executionPeriod":{"start":"2026-11-24T10:00:00Z","end":"2026-11-30T10:00:00Z"},
            "authoredOn":"2026-11-24T10:00:00Z","lastModified":"2026-11-24T10:00:00Z","requester":{"reference":"Organization/1"},
            "performerType":[{"coding":[{"system":"http://snomed.info/sct","code":"224535009"}]}],"owner":{"reference":"Organization/2"},
            "reasonCode":{"text":"x"},"note":[{"authorReference":{"reference":"Practitioner/1"},"time":"2026-11-24T10:00:00Z",
            "text":"x"}],"restriction":{"repetitions":1,"period":{"end":"2026-11-30T10:00:00Z"},"recipient":[{"reference":
            "Organization/2"}]},"input":[{"type":{"coding":[{"system":"http://example.org/i","code":"a"}]},"valueReference":
            {"reference":"DocumentReference/1"}},{"type":{"text":"x"},"valueString":"y"}],"output":[{"type":{"text":"x"},
            "valueReference":{"reference":"Procedure/1"}}]}""".formatted(NARRATIVE);

    private static final String OBSERVATION = """
            {"resourceType":"Observation","id":"o1","meta":{"versionId":"1","lastUpdated":"2026-11-24T10:00:00Z"},
            "identifier":[{"system":"http://example.org/o","value":"1"}],"status":"final","category":[{"coding":[{"system":
            "http://terminology.hl7.org/CodeSystem/observation-category","code":"vital-signs","display":"Vital Signs"}]}],
            "code":{"coding":[{"system":"http://loinc.org","code":"85354-9","display":"Blood pressure panel"}],"text":"Blood pressure"},
            "subject":{"reference":"Patient/1"},"encounter":{"reference":"Encounter/1"},"effectiveDateTime":"2026-11-24T10:00:00Z",
            "performer":[{"reference":"Practitioner/1"}],"component":[{"code":{"coding":[{"system":"http://loinc.org","code":"8480-6"}]},
            "valueQuantity":{"value":120,"unit":"mm Hg","system":"http://unitsofmeasure.org","code":"mm[Hg]"}},{"code":{"coding":[
            {"system":"http://loinc.org","code":"8462-4"}]},"valueQuantity":{"value":80,"unit":"mm Hg","system":
            "http://unitsofmeasure.org","code":"mm[Hg]"}}]}""";

    private static final Map<String, String> ALL = Map.of("Patient", PATIENT, "Task", TASK, "Observation", OBSERVATION);

    private Bodies() {}

    /** Returns the body of {@code type}, which is Patient, Task or Observation. */
    static byte[] of(String type) {
        return ALL.get(type).getBytes(StandardCharsets.UTF_8);
    }
}
