package org.careloop.referrals.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.careloop.referrals.ReferralsConfig;
import org.careloop.referrals.domain.TaskClocks;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Task;
import org.hl7.fhir.r4.model.Task.TaskPriority;
import org.hl7.fhir.r4.model.Task.TaskStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A site's rules are files of its own, read when the service starts. */
class RulesTest {

    /** A Friday at noon in New York. */
    private static final Instant ASKED = Instant.parse("2026-04-17T16:00:00Z");

    private static final String MASSACHUSETTS = """
            version: massachusetts-1
            days-off: [SATURDAY, SUNDAY]
            day-ends: "16:30"
            holidays: [{ name: Patriots' Day, month: 4, weekday: MONDAY, occurrence: 3 }]
            """;

    @TempDir
    Path folder;

    @Test
    void businessDaysAreThoseOfTheSitesCalendar() throws IOException {
        // Given
        write("calendars/massachusetts.yaml", MASSACHUSETTS);
        write("rules/task-clocks.yaml", shipped().replace("calendar: us-federal", "calendar: massachusetts"));
        // When
        Rules rules = rules(Map.of("careloop.referrals.rules-folder", folder.toString()));
        // Then Monday is a holiday there, and the next day ends half an hour sooner
        assertThat(acceptBy(rules)).contains("2026-04-21T20:30:00Z");
        assertThat(acceptBy(rules(Map.of()))).contains("2026-04-20T21:00:00Z");
    }

    @Test
    void doesNotStartWithACalendarThatIsNotThere() throws IOException {
        // Given
        write("rules/task-clocks.yaml", shipped().replace("calendar: us-federal", "calendar: massachusetts"));
        Rules rules = rules(Map.of("careloop.referrals.rules-folder", folder.toString()));
        // When, Then
        assertThatThrownBy(rules::taskClocks)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("calendars/massachusetts.yaml");
    }

    @Test
    void askedAtOnceAreAsManyAsTheSiteSays() throws IOException {
        // Given
        write("rules/offers.yaml", "{version: own, at-once: {ROUTINE: 2, URGENT: 2, ASAP: 4, STAT: 5}}");
        Task stat = new Task().setPriority(TaskPriority.STAT);
        // When, Then
        assertThat(rules(Map.of("careloop.referrals.rules-folder", folder.toString()))
                        .offers()
                        .atOnce(stat))
                .isEqualTo(5);
        assertThat(rules(Map.of()).offers().atOnce(stat)).isEqualTo(3);
    }

    private static Optional<String> acceptBy(Rules rules) {
        Task task = new Task().setStatus(TaskStatus.REQUESTED).setPriority(TaskPriority.URGENT);
        task.setOwner(new Reference("Organization/a")).setFocus(new Reference("ServiceRequest/r"));
        task.setCode(new CodeableConcept(new Coding("http://hl7.org/fhir/CodeSystem/task-code", "fulfill", null)));
        TaskClocks clocks = rules.taskClocks();
        clocks.set(Optional.empty(), task, false, ASKED);
        return task.getExtension().stream()
                .filter(clock -> "accept-by"
                        .equals(clock.getExtensionByUrl("clock").getValue().primitiveValue()))
                .map(clock -> Instant.parse(
                                clock.getExtensionByUrl("due").getValue().primitiveValue())
                        .toString())
                .findFirst();
    }

    private static Rules rules(Map<String, String> settings) {
        return new Rules(new SmallRyeConfigBuilder()
                .addDiscoveredConverters()
                .withMapping(ReferralsConfig.class)
                .withDefaultValues(settings)
                .build()
                .getConfigMapping(ReferralsConfig.class));
    }

    private static String shipped() throws IOException {
        try (InputStream file = Rules.class.getResourceAsStream("/rules/task-clocks.yaml")) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private void write(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }
}
