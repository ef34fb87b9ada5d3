package org.careloop.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A search for leaks that finds nothing must be able to find something. */
class LeaksTest {

    @Test
    void takesFromResourcesWhatTellsOfPeople() {
        // When
        Set<String> found = PatientData.ofBody("""
                {"resourceType":"Bundle","entry":[
                 {"resource":{"resourceType":"Patient","id":"not-secret","gender":"female","birthDate":"1948-03-17",
                  "identifier":[{"system":"urn:mrn","value":"MRN0042"}],"telecom":[{"value":"413-555-0142"}],
                  "name":[{"family":"Rivera","given":["Rosa","M"]}],"address":[{"line":["12 Harbor St"],"city":"Springfield"}]}},
                 {"resource":{"resourceType":"Condition","code":{"coding":[{"code":"I50.23","display":"Heart failure"}]},
                  "note":[{"text":"lives alone"}]}},
                 {"resource":{"resourceType":"Organization","identifier":[{"value":"org-number"}]}}]}""");
        // Then
        assertThat(found)
                .containsExactlyInAnyOrder(
                        "1948-03-17",
                        "MRN0042",
                        "413-555-0142",
                        "Rivera",
                        "Rosa",
                        "12 Harbor St",
                        "Springfield",
                        "Heart failure",
                        "lives alone");
    }

    @Test
    void takesFromMessagesXmlAndQueriesWhatTellsOfPeople() {
        assertThat(PatientData.ofBody("MSH|^~\\&|A\rPID|1||MRN7^^^GENHOSP^MR||Rivera^Rosa||19480317|F"))
                .containsExactlyInAnyOrder("MRN7", "Rivera", "Rosa", "1948-03-17", "19480317");
        assertThat(PatientData.ofBody("<Patient><name><family value=\"Rivera\"/></name></Patient>"))
                .containsExactly("Rivera");
        assertThat(PatientData.ofAddress("http://x/Task?patient.identifier=urn:a%7CM123&subject:Patient.family=Rivera"))
                .containsExactlyInAnyOrder("M123", "Rivera");
    }

    @Test
    void findsValuesInWhateverCaseButNotInsideOfOtherWords() {
        // When
        List<String> found = Leaks.of(List.of("Rivera", "pain"), "no row for RIVERA, spain, paint");
        // Then
        assertThat(found).containsExactly("Rivera");
    }

    @Test
    void findsSecretsAndTokensThatNobodyToldOf() {
        // When
        List<String> found =
                Leaks.ofSecrets(List.of("local-only-"), "pw=local-only-x Bearer eyJhbGciOiJub25l.eyJzdWIiOiIxMjM0");
        // Then
        assertThat(found).containsExactly("local-only-", "a token");
    }
}
