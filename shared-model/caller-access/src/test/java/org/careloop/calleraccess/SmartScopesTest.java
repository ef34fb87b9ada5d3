package org.careloop.calleraccess;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.careloop.calleraccess.SmartScopes.Opening;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** @see <a href="https://hl7.org/fhir/smart-app-launch/STU2/scopes-and-launch-context.html">SMART scopes</a> */
class SmartScopesTest {

    @ParameterizedTest
    @CsvSource({
        // version 2
        "system/Task.cruds, Task, cruds",
        "system/Task.rsu, Task, ''",
        "system/Task.rus, Task, rus",
        "system/Task.r, Task, r",
        "user/Task.cs, Task, cs",
        "patient/*.rs, Observation, rs",
        "system/*.cruds, Anything, cruds",
        "system/Task., Task, ''",
        // version 1
        "user/Task.read, Task, rs",
        "user/Task.write, Task, cud",
        "user/*.*, Task, cruds",
        "system/Task.*, Task, cruds",
        // another type, or no SMART scope
        "system/Task.cruds, Patient, ''",
        "system/TaskX.cruds, Task, ''",
        "system/task.cruds, Task, ''",
        "admin/Task.cruds, Task, ''",
        "system/Task, Task, ''",
        "system/Task.cruds?, Task, ''",
        "system/Task.rs?status=requested, Task, rs",
        "launch/patient, Patient, ''",
        "openid, Patient, ''",
        "'', Patient, ''"
    })
    void opensWhatIsWrittenAndNothingElse(String scope, String type, String letters) {
        // When
        SmartScopes scopes = SmartScopes.parse(scope);
        // Then
        assertThat(Arrays.stream(Interaction.values())
                        .filter(interaction -> !scopes.opened(type, interaction).isEmpty())
                        .map(interaction -> String.valueOf(interaction.letter()))
                        .collect(Collectors.joining()))
                .isEqualTo(letters);
    }

    @Test
    void severalScopesAddUp() {
        // When
        SmartScopes scopes = SmartScopes.parse("openid  system/Task.r system/Task.u hl7v2.send");
        // Then
        assertThat(scopes.opened("Task", Interaction.READ)).containsExactly(Opening.WHOLE);
        assertThat(scopes.opened("Task", Interaction.UPDATE)).containsExactly(Opening.WHOLE);
        assertThat(scopes.opened("Task", Interaction.DELETE)).isEmpty();
        assertThat(scopes.contain("hl7v2.send")).isTrue();
        assertThat(scopes.contain("hl7v2")).isFalse();
        assertThat(scopes.contain("")).isFalse();
    }

    @Test
    void aScopeWithParametersOpensAPartAndAWiderOneTheWhole() {
        // When
        SmartScopes scopes = SmartScopes.parse("user/Task.rs?status=requested patient/Task.u user/Task.r");
        // Then
        assertThat(scopes.opened("Task", Interaction.SEARCH)).containsExactly(new Opening(false, "status=requested"));
        assertThat(scopes.opened("Task", Interaction.UPDATE)).containsExactly(new Opening(true, ""));
        assertThat(scopes.opened("Task", Interaction.READ)).containsExactly(Opening.WHOLE);
    }

    @Test
    void interactionsHaveTheLettersOfSmart() {
        assertThat(Arrays.stream(Interaction.values()).map(Interaction::letter))
                .containsExactly('c', 'r', 'u', 'd', 's');
    }
}
