package org.careloop.fhirvalidation;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.careloop.fhirmodel.FhirJson;
import org.hl7.fhir.r4.model.Resource;

/** What the structure rules add to a write: run {@code main}; figures are in docs/development/performance.md. */
final class StructureRulesTiming {

    private static final int ROUNDS = 12;
    private static final int TIMES = 20_000;

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

    private StructureRulesTiming() {}

    /** Prints microseconds of one check, and of reading the same body for comparison, of the best of the rounds. */
    public static void main(String[] arguments) {
        time("Patient", PATIENT.getBytes(StandardCharsets.UTF_8));
        time("Task", TASK.getBytes(StandardCharsets.UTF_8));
    }

    private static void time(String name, byte[] json) {
        Resource resource = FhirJson.parse(json);
        double check = best(() -> StructureRules.check(resource), TIMES);
        double parse = best(() -> FhirJson.parse(json), TIMES / 10);
        System.out.printf(
                Locale.ROOT, "%s of %d bytes: checked in %.1f us, read in %.1f us%n", name, json.length, check, parse);
    }

    private static double best(Runnable work, int times) {
        double best = Double.MAX_VALUE;
        for (int round = 0; round < ROUNDS; round++) {
            long start = System.nanoTime();
            for (int i = 0; i < times; i++) {
                work.run();
            }
            best = Math.min(best, (System.nanoTime() - start) / 1000.0 / times);
        }
        return best;
    }
}
