package org.careloop.fhirmodel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class StatusTableTest {

    private enum Door {
        OPEN,
        AJAR,
        CLOSED,
        LOCKED
    }

    private enum Person {
        HOST,
        GUEST
    }

    private static final StatusTable<Door, Person> TABLE = StatusTable.<Door, Person>of(
                    "Door.status", Door.class, door -> door.name().toLowerCase(Locale.ROOT))
            .create(Set.of(Door.OPEN), Set.of(Person.HOST))
            .move(Set.of(Door.OPEN, Door.AJAR), Set.of(Door.CLOSED), Set.of(Person.HOST, Person.GUEST))
            .move(Set.of(Door.CLOSED), Set.of(Door.LOCKED, Door.OPEN, Door.AJAR), Set.of(Person.HOST))
            .build();

    @Test
    void allowsWhatARowNames() {
        // When, Then
        assertThatCode(() -> {
                    TABLE.require(Optional.empty(), Door.OPEN, Person.HOST);
                    TABLE.require(Optional.of(Door.AJAR), Door.CLOSED, Person.GUEST);
                })
                .doesNotThrowAnyException();
    }

    @Test
    void listsWhatIsAllowedInOrderOfTheStatuses() {
        // When, Then
        assertThat(TABLE.allowed(Optional.of(Door.CLOSED), Person.HOST))
                .containsExactly(Door.OPEN, Door.AJAR, Door.LOCKED);
        assertThat(TABLE.allowed(Optional.of(Door.CLOSED), Person.GUEST)).isEmpty();
    }

    @Test
    void tellsWhatWouldBeAllowed() {
        // When, Then
        assertThat(refused(Optional.of(Door.CLOSED), Door.CLOSED, Person.HOST))
                .isEqualTo("Door.status: closed -> closed (expected: open, ajar or locked)");
        assertThat(refused(Optional.of(Door.OPEN), Door.LOCKED, Person.GUEST))
                .isEqualTo("Door.status: open -> locked (expected: closed)");
        assertThat(refused(Optional.empty(), Door.OPEN, Person.GUEST))
                .isEqualTo("Door.status: new -> open (expected: no change)");
    }

    private static String refused(Optional<Door> from, Door to, Person person) {
        FhirProblem problem = catchThrowableOfType(FhirProblem.class, () -> TABLE.require(from, to, person));
        assertThat(problem.code()).isEqualTo(ProblemCode.RULE_VIOLATED);
        assertThat(problem.issues().getFirst().expression()).contains("Door.status");
        return problem.issues().getFirst().diagnostics();
    }
}
