package org.careloop.transitions.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.Map;
import org.careloop.transitions.TransitionsConfig;
import org.careloop.transitions.domain.DischargeDestination;
import org.careloop.transitions.domain.Milestone;
import org.careloop.transitions.domain.RiskBand;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A site's rules are files of its own, read when the service starts. */
class RulesTest {

    private static final ZoneId BOSTON = ZoneId.of("America/New_York");

    /** A Friday; the Monday after is Patriots' Day in Massachusetts. */
    private static final Instant DISCHARGED = Instant.parse("2026-04-17T16:00:00Z");

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
        write(
                "rules/milestones-2026.yaml",
                shipped("rules/milestones-2026.yaml")
                        .replace("calendar: us-federal", "calendar: massachusetts")
                        .replaceFirst("(?m)^version: .*$", "version: ours-1"));
        // When
        Rules ours = rules(Map.of());
        // Then
        assertThat(contactBy(ours)).isEqualTo(LocalDate.parse("2026-04-22"));
        assertThat(ours.milestones().version()).isEqualTo("ours-1");
        assertThat(contactBy(new Rules(config(Map.of())))).isEqualTo(LocalDate.parse("2026-04-21"));
    }

    @Test
    void aSenderIsAddedByAFile() throws IOException {
        // Given
        write(
                "sender-profiles/general.yaml",
                shipped("sender-profiles/ghadt-genhosp.yaml")
                        .replaceFirst("(?m)^application: .*$", "application: EPIC")
                        .replaceFirst("(?m)^organization: .*$", "organization: general"));
        // When
        TransitionsConfig config = config(Map.of(
                "careloop.transitions.rules-folder", folder.toString(), "careloop.transitions.senders", "general"));
        // Then
        assertThat(new Rules(config).senders(config).ofOrganization("general"))
                .hasValueSatisfying(sender -> assertThat(sender.application()).isEqualTo("EPIC"));
    }

    @Test
    void doesNotStartWithATableThatItDoesNotHave() throws IOException {
        // Given
        write("rules/milestone-2026.yaml", "version: 1");
        // Then
        assertThatThrownBy(() -> rules(Map.of()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("milestone-2026.yaml");
    }

    @Test
    void doesNotStartWithAFileInAFolderThatIsNoneOfRules() throws IOException {
        // Given
        write("code-maps/v2-to-fhir.yaml", shipped("code-maps/v2-to-fhir.yaml"));
        // Then
        assertThatThrownBy(() -> rules(Map.of()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("v2-to-fhir.yaml");
    }

    private static LocalDate contactBy(Rules rules) {
        return rules.milestones().after(DISCHARGED, RiskBand.HIGH, DischargeDestination.HOME, BOSTON).stream()
                .filter(each -> each.code().equals("outreach"))
                .map(Milestone::due)
                .findFirst()
                .orElseThrow()
                .minusMillis(1)
                .atZone(BOSTON)
                .toLocalDate();
    }

    private Rules rules(Map<String, String> settings) {
        Map<String, String> all = new HashMap<>(settings);
        all.put("careloop.transitions.rules-folder", folder.toString());
        return new Rules(config(all));
    }

    private static TransitionsConfig config(Map<String, String> settings) {
        return new SmallRyeConfigBuilder()
                .addDiscoveredConverters()
                .withMapping(TransitionsConfig.class)
                .withDefaultValue("careloop.transitions.patients-url", "http://localhost:8081")
                .withDefaultValues(settings)
                .build()
                .getConfigMapping(TransitionsConfig.class);
    }

    private static String shipped(String name) throws IOException {
        try (InputStream file = Rules.class.getResourceAsStream("/" + name)) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private void write(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }
}
