package org.careloop.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.careloop.endtoend.RawHttp.Answer;
import org.careloop.local.story.StoryPlatform;
import org.junit.jupiter.api.Test;

/** A stay that is told by HL7 v2, by a FHIR message and by an EHR is one; and its patient may turn out to be another. */
class SameStayIT {

    private static final String EHR = "riverside-ehr";
    private static final String VISITS = "https://careloop.org/fhir/sid/general-hospital/visit";
    private static final String MRNS = "https://careloop.org/fhir/sid/general-hospital/mrn";
    private static final String STAY = "Encounter?identifier=" + VISITS + "|V";
    private static final String RESULTS = String.join(
            "\r",
            "OBX|1|NM|718-7^Hemoglobin^LN||11.2|g/dL^^UCUM|12-16|L|||F|||20261105061500-0500||1457398765^Chen^Wei",
            "OBX|2|NM|8867-4^Heart rate^LN||60~120|/min^^UCUM|||||F|||20261105061500-0500",
            "OBX|3|TX|||NORMAL CHAMBER SIZE||||||F|||20261105061500",
            "OBX|4|TX|||NO EFFUSION||||||F|||20261105061500",
            "OBX|5|SN|5334-6^Rubella^LN||^1^:^128||||||F",
            "OBX|6|SN|5335-3^Range^LN||^10^-^20|mg||||||C",
            "OBX|7|ED|18842-5^Summary^LN||^application^pdf^Base64^JVBERi0=||||||F",
            "OBX|8|CWE|94500-6^SARS-CoV-2^LN||260415000^Not detected^SCT||||||P",
            "OBX|9|DT|8665-2^Last menstrual period^LN||20261001||||||",
            "OBX|10|NM|2951-2^Sodium^LN||131|mmol/L^^UCUM|||||X",
            "OBX|11|ST|11111-1^Wrong person^LN||x||||||W",
            "PR1|1||02703DZ^Dilation of coronary artery^I10P||20261103103000-0500||||||1457398765^Chen^Wei",
            "PR1|2|C4|99495^Transitional care^||20261225",
            "PR1|3|||Dressing changed|20261104",
            "PR1|4||0DTJ4ZZ^Appendectomy^I10P||20261102|||||||||||||||D",
            "PV2|||||||||||4||||||||||||||1|||||||||||||A^Ambulance",
            "");
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final StoryPlatform users = WholePlatform.shared().asUsersSeeIt();
    private final RawHttp hospital = WholePlatform.shared().raw("general-hospital");
    private final String mark = UUID.randomUUID().toString().substring(0, 8).toUpperCase(Locale.ROOT);

    @Test
    void isOneWhicheverWayItIsTold() {
        // When it begins by HL7 v2
        tell("A01", "MRN" + mark, "20261101080000-0500", "");
        JsonNode admitted = stay("in-progress");
        String patient = admitted.at("/subject/reference").asText();
        // When the discharge is a FHIR message, as XML
        Answer taken =
                hospital.send("POST", "$process-message", Map.of("Content-Type", "application/fhir+xml"), discharge());
        assertThat(taken.status()).as(taken.text()).isEqualTo(200);
        JsonNode finished = stay("finished");
        assertThat(finished.path("id")).isEqualTo(admitted.path("id"));
        assertThat(finished.at("/subject/reference").asText()).isEqualTo(patient);
        assertThat(episode(patient).path("status").asText()).isEqualTo("active");
        // When the discharge is taken back
        tell("A13", "MRN" + mark, "20261106120000-0500", "");
        JsonNode again = stay("in-progress");
        assertThat(again.path("statusHistory")).hasSize(2);
        assertThat(again.at("/period/end").isMissingNode()).isTrue();
        assertThat(episode(patient).path("status").asText()).isEqualTo("planned");
    }

    @Test
    void followsItsPatient() {
        // Given two numbers of one person
        tell("A01", "MRN" + mark, "20261101080000-0500", "");
        String gone = stay("in-progress").at("/subject/reference").asText();
        tell("A28", "NEW" + mark, "20261101090000-0500", "");
        // When
        tell("A40", "NEW" + mark, "20261102090000-0500", "MRG|MRN" + mark + "^^^GENHOSP^MR\r");
        // Then
        String survivor = await().atMost(PATIENCE)
                .until(
                        () -> found(STAY + mark)
                                .at("/0/resource/subject/reference")
                                .asText(),
                        patient -> !patient.isEmpty() && !patient.equals(gone));
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat("Patient/"
                                + found("Patient?identifier=" + MRNS + "|MRN" + mark)
                                        .at("/0/resource/id")
                                        .asText())
                        .isEqualTo(survivor));
        // When it is discharged by the number that is no more
        tell("A03", "MRN" + mark, "20261105140000-0500", RESULTS);
        // Then
        JsonNode finished = stay("finished");
        assertThat(finished.at("/subject/reference").asText()).isEqualTo(survivor);
        assertThat(episode(finished.at("/subject/reference").asText())
                        .path("id")
                        .asText())
                .isNotEmpty();
        // Then what was found and done is kept as told, whatever its type
        assertThat(counted("Observation?patient=" + survivor)).isEqualTo(10);
        assertThat(counted("Procedure?patient=" + survivor)).isEqualTo(4);
        assertThat(finished.at("/hospitalization/destination/display").asText()).isEqualTo("Harbor House");
    }

    private int counted(String query) {
        return users.get(EHR, query + "&_summary=count").json().path("total").asInt();
    }

    private void tell(String event, String number, String at, String more) {
        boolean person = event.equals("A28") || event.equals("A40");
        String message = "MSH|^~\\&|GHADT|GENHOSP|CARELOOP|CARELOOP|" + at + "||ADT^" + event + "|" + event + mark
                + "|P|2.5.1\rEVN|" + event + "|" + at + "\rPID|1||" + number
                + "^^^GENHOSP^MR||Lopez^Ana" + mark + "||19500101|F\r" + more
                + (person
                        ? ""
                        : "PV1|1|I|4E^412^B|E||||||MED|||||||||V" + mark
                                + "^^^GENHOSP^VN|||||||||||||||||01|HAR^Harbor House|||||||20261101080000-0500"
                                + (event.equals("A03") ? "|" + at : "") + "\r");
        assertThat(users.sendMllp(message)).contains("\rMSA|AA|");
    }

    private String discharge() {
        return """
                <Bundle xmlns="http://hl7.org/fhir"><type value="message"/><timestamp value="2026-11-05T20:00:00Z"/>
                <entry><fullUrl value="urn:uuid:h"/><resource><MessageHeader><id value="h%1$s"/><eventCoding>
                <system value="http://hl7.org/fhir/us/davinci-alerts/CodeSystem/notification-event"/>
                <code value="notification-discharge"/></eventCoding>
                <source><endpoint value="https://general-hospital.example.org"/></source>
                <focus><reference value="urn:uuid:e"/></focus></MessageHeader></resource></entry>
                <entry><fullUrl value="urn:uuid:e"/><resource><Encounter>
                <identifier><system value="%2$s"/><value value="V%1$s"/></identifier><status value="finished"/>
                <class><system value="http://terminology.hl7.org/CodeSystem/v3-ActCode"/><code value="IMP"/></class>
                <subject><reference value="urn:uuid:p"/></subject>
                <period><start value="2026-11-01T08:00:00-05:00"/><end value="2026-11-05T14:00:00-05:00"/></period>
                <hospitalization><dischargeDisposition><coding>
                <system value="http://terminology.hl7.org/CodeSystem/discharge-disposition"/><code value="home"/>
                </coding></dischargeDisposition></hospitalization></Encounter></resource></entry>
                <entry><fullUrl value="urn:uuid:p"/><resource><Patient>
                <identifier><system value="%3$s"/><value value="MRN%1$s"/></identifier>
                <name><family value="Lopez"/><given value="Ana%1$s"/></name><birthDate value="1950-01-01"/>
                </Patient></resource></entry></Bundle>""".formatted(mark, VISITS, MRNS);
    }

    /** The one Encounter with the visit number, as soon as it has {@code status}. */
    private JsonNode stay(String status) {
        return await().atMost(PATIENCE)
                .until(
                        () -> found(STAY + mark),
                        found -> found.size() == 1
                                && found.at("/0/resource/status").asText().equals(status))
                .at("/0/resource");
    }

    private JsonNode episode(String patient) {
        return found("EpisodeOfCare?patient=" + patient).at("/0/resource");
    }

    private JsonNode found(String query) {
        return users.get(EHR, query.replace("|", "%7C")).json().path("entry");
    }
}
