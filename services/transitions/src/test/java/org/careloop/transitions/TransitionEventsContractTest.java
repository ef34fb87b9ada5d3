package org.careloop.transitions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.careloop.transitions.Stay.soon;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.careloop.eventcontracts.CloudEventHeaders;
import org.careloop.eventcontracts.Topics;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.testkit.Events;
import org.careloop.testkit.RealParts;
import org.careloop.transitions.domain.document.TransitionDocument;
import org.hl7.fhir.r4.model.Composition;
import org.hl7.fhir.r4.model.Condition;
import org.hl7.fhir.r4.model.EpisodeOfCare;
import org.hl7.fhir.r4.model.Patient;
import org.hl7.fhir.r4.model.Period;
import org.hl7.fhir.r4.model.Resource;
import org.junit.jupiter.api.Test;

/**
 * What this service tells of a discharge is what the golden files say, which the tests of its listeners start from; but
 * for ids and the times of writing.
 */
@QuarkusTest
@QuarkusTestResource(value = RealParts.class, initArgs = @ResourceArg(name = RealParts.DATABASE, value = "transitions"))
class TransitionEventsContractTest {

    @Inject
    InMemoryPatients patients;

    private final Stay stay = Stay.fresh();

    @Test
    void tellsOfDischargeAsGoldenFilesSay() {
        // When
        stay.tell(stay.admission());
        stay.awaitStatus("in-progress");
        stay.tell(stay.discharge());
        stay.awaitStatus("finished");
        Patient patient = patients.find(stay.number()).orElseThrow();
        patient.setId(InMemoryPatients.idOf(stay.number()).value());
        patient.getMeta().setVersionId("1");
        // Then
        Map<String, String> told = Map.of(
                "encounter-finished", told("Encounter", stay.encounterId(), 2),
                "risk-assessment", told("RiskAssessment", stay.riskId(), 1),
                "episode-of-care-active", told("EpisodeOfCare", stay.episodeId(), 2),
                "transition-document-final", told("Composition", document(), 1),
                "patient-created", named(FhirJson.write(patient)));
        told.forEach(TransitionEventsContractTest::keepForReview);
        assertThat(told).allSatisfy((name, json) -> assertThat(json).isEqualTo(golden(name)));
    }

    /** A wanted change of an event is made by reviewing this file and copying it over the golden one. */
    private static void keepForReview(String name, String json) {
        try {
            Path folder = Files.createDirectories(Path.of("target", "told"));
            Files.writeString(folder.resolve(name + ".json"), json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The last of {@code count} events that were told of a resource. */
    private String told(String type, String id, int count) {
        String patient = "Patient/" + InMemoryPatients.idOf(stay.number());
        String topic = Topics.of("transitions", type);
        soon().untilAsserted(
                        () -> assertThat(of(topic, patient, type + "/" + id)).hasSize(count));
        ConsumerRecord<String, byte[]> last =
                of(topic, patient, type + "/" + id).getLast();
        assertThat(Events.header(last, CloudEventHeaders.RESOURCE_VERSION)).isEqualTo(Integer.toString(count));
        assertThat(Events.header(last, CloudEventHeaders.SOURCE)).isEqualTo("/careloop/transitions");
        assertThat(Events.header(last, CloudEventHeaders.TYPE))
                .isEqualTo("org.careloop." + type + (count == 1 ? ".created" : ".updated"));
        return named(last.value());
    }

    private static List<ConsumerRecord<String, byte[]>> of(String topic, String key, String subject) {
        return Events.of(topic, key).stream()
                .filter(message -> subject.equals(Events.header(message, CloudEventHeaders.SUBJECT)))
                .toList();
    }

    /** The JSON as if told of the stay of the golden files. */
    private String named(byte[] json) {
        String text = new String(json, StandardCharsets.UTF_8)
                .replace(stay.encounterId(), "stay-1")
                .replace(stay.episodeId(), "episode-1")
                .replace(stay.riskId(), "risk-1")
                .replace(document(), "document-1")
                .replace(InMemoryPatients.idOf(stay.number()).value(), "ada")
                .replace(stay.number(), "MRN100234")
                .replace(stay.visit(), "V2026-77001");
        for (Condition condition : patients.conditionsOf(stay.number())) {
            String code = condition.getCode().getCodingFirstRep().getCode();
            text = text.replace(condition.getIdElement().getIdPart(), code.replace(".", ""));
        }
        return timeless(text.getBytes(StandardCharsets.UTF_8));
    }

    private String document() {
        return TransitionDocument.idOf(stay.encounterId(), 1).value();
    }

    private static String golden(String name) {
        return timeless(Stay.resource("golden/" + name + ".json").getBytes(StandardCharsets.UTF_8));
    }

    private static String timeless(byte[] json) {
        Resource resource = FhirJson.parse(json);
        resource.getMeta().setLastUpdated(null);
        if (resource instanceof EpisodeOfCare episode) {
            episode.getStatusHistory().forEach(entry -> entry.setPeriod(new Period()));
        }
        if (resource instanceof Composition composition) {
            // What it says is for those who read the document.
            composition.setDate(null).setSection(null).setText(null).setExtension(null);
        }
        return new String(FhirJson.write(resource), StandardCharsets.UTF_8);
    }
}
