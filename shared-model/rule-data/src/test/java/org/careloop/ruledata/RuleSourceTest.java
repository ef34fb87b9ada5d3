package org.careloop.ruledata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A site says what its days off are, and any other rule, in a folder of its own. */
class RuleSourceTest {

    private static final LocalDate PATRIOTS_DAY = LocalDate.of(2026, 4, 20);
    private static final LocalDate COLUMBUS_DAY = LocalDate.of(2026, 10, 12);
    private static final LocalDate INDEPENDENCE_DAY_OBSERVED = LocalDate.of(2026, 7, 3);
    private static final String MASSACHUSETTS = """
            version: massachusetts-1
            days-off: [SATURDAY, SUNDAY]
            day-ends: "16:30"
            observed: {SUNDAY: 1}
            holidays:
              - { name: Patriots' Day, month: 4, weekday: MONDAY, occurrence: 3 }
              - { name: Independence Day, month: 7, day: 4 }
            closed: [2026-03-13]
            """;

    @TempDir
    Path folder;

    @Test
    void aSiteAddsACalendarOfItsOwn() throws IOException {
        // Given
        write("calendars/massachusetts.yaml", MASSACHUSETTS);
        // When
        BusinessCalendar calendar = BusinessCalendar.named("massachusetts", RuleSource.of(Optional.of(folder)));
        // Then
        assertThat(calendar.version()).isEqualTo("massachusetts-1");
        assertThat(calendar.isBusinessDay(PATRIOTS_DAY)).isFalse();
        assertThat(calendar.isBusinessDay(COLUMBUS_DAY)).isTrue();
        // A Saturday's holiday is not moved there.
        assertThat(calendar.isBusinessDay(INDEPENDENCE_DAY_OBSERVED)).isTrue();
        assertThat(calendar.isBusinessDay(LocalDate.of(2027, 7, 5))).isFalse();
        assertThat(calendar.isBusinessDay(LocalDate.of(2026, 3, 13))).isFalse();
        assertThat(calendar.isBusinessDay(LocalDate.of(2027, 3, 12))).isTrue();
    }

    @Test
    void whatTheSiteDoesNotSayIsAsTheProductShipsIt() {
        // When
        BusinessCalendar calendar = BusinessCalendar.named("us-federal", RuleSource.of(Optional.of(folder)));
        // Then
        assertThat(calendar.isBusinessDay(PATRIOTS_DAY)).isTrue();
        assertThat(calendar.isBusinessDay(COLUMBUS_DAY)).isFalse();
        assertThat(calendar.isBusinessDay(INDEPENDENCE_DAY_OBSERVED)).isFalse();
    }

    @Test
    void aFileOfTheSiteReplacesTheShippedOne() throws IOException {
        // Given
        write("calendars/us-federal.yaml", MASSACHUSETTS);
        // When, Then
        assertThat(BusinessCalendar.named("us-federal", RuleSource.of(Optional.of(folder)))
                        .version())
                .isEqualTo("massachusetts-1");
        assertThat(BusinessCalendar.named("us-federal", RuleSource.shipped()).version())
                .isEqualTo("us-federal-1");
    }

    @Test
    void refusesATableThatTheProductDoesNotHave() throws IOException {
        // Given
        write("rules/offres.yaml", "version: offers-1");
        // When, Then
        assertThatThrownBy(() -> RuleSource.of(Optional.of(folder)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("rules/offres.yaml: unknown (expected: a table that the product has)");
    }

    @Test
    void takesAFolderAsKubernetesMountsIt() throws IOException {
        // Given
        write("..2026_11_29/calendars/massachusetts.yaml", MASSACHUSETTS);
        write("..2026_11_29/unused/other.yaml", "");
        Files.createSymbolicLink(folder.resolve("..data"), Path.of("..2026_11_29"));
        Files.createSymbolicLink(folder.resolve("calendars"), Path.of("..data/calendars"));
        // When, Then
        assertThat(BusinessCalendar.named("massachusetts", RuleSource.of(Optional.of(folder)))
                        .isBusinessDay(PATRIOTS_DAY))
                .isFalse();
    }

    @Test
    void refusesAFolderThatIsNotThere() {
        assertThatThrownBy(() -> RuleSource.of(Optional.of(folder.resolve("none"))))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageEndingWith("none: no folder (expected: the folder of the site's rules)");
    }

    @Test
    void refusesACalendarThatNobodyHas() {
        assertThatThrownBy(() -> BusinessCalendar.named("atlantis", RuleSource.of(Optional.of(folder))))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("calendars/atlantis.yaml");
    }

    /** What no day could be counted in, or would fail in some year only. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{version: x, days-off: [MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY, SUNDAY], day-ends: '17:00'}",
                "{version: x, days-off: [SUNDAY]}",
                "{version: x, day-ends: '17:00', holidays: [{name: Never, month: 2, day: 30}]}",
                "{version: x, day-ends: '17:00', holidays: [{name: Seldom, month: 2, day: 29}]}",
                "{version: x, day-ends: '17:00', holidays: [{name: Never, month: 13, day: 1}]}",
                "{version: x, day-ends: '17:00', holidays: [{name: Seldom, month: 5, weekday: MONDAY, occurrence: 5}]}",
                "{version: x, day-ends: '17:00', observed: {SUNDAY: 8}}"
            })
    void refusesACalendarThatCannotBeCountedIn(String calendar) throws IOException {
        // Given
        write("calendars/own.yaml", calendar);
        // When, Then
        assertThatThrownBy(() -> BusinessCalendar.named("own", RuleSource.of(Optional.of(folder))))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("calendars/own.yaml")
                .hasMessageContaining("expected");
    }

    private void write(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }
}
