package org.careloop.referrals.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.careloop.fhirmodel.FhirJson;
import org.hl7.fhir.r4.model.Task;
import org.junit.jupiter.api.Test;

/** The Tasks of SDOHCC's own story are what our life cycle takes them for. */
class SdohSampleTest {

    @Test
    void recognizesTasksOfTheStory() throws IOException {
        // Given
        List<Path> files = samples();
        for (Path file : files) {
            Task task = FhirJson.parse(Task.class, Files.readAllBytes(file));
            boolean isReferral = file.getFileName().toString().contains("ReferralManagement");
            // When
            TaskMachine machine = TaskMachine.of(task);
            // Then
            assertThat(machine).as(file.toString()).isEqualTo(isReferral ? TaskMachine.REFERRAL : TaskMachine.PATIENT);
            assertThatCode(() -> TaskElements.requireComplete(machine, task))
                    .as(file.toString())
                    .doesNotThrowAnyException();
            assertThatCode(() -> TaskLifecycle.check(Optional.of(task), task.copy(), Actor.REQUESTER))
                    .as(file.toString())
                    .doesNotThrowAnyException();
        }
        assertThat(files).hasSizeGreaterThanOrEqualTo(8);
    }

    private static List<Path> samples() throws IOException {
        String given = System.getenv("CARELOOP_SHARED");
        Path shared =
                given != null ? Path.of(given) : Path.of(System.getProperty("careloop.root", "."), "..", "shared");
        Path folder = shared.resolve("samples/sdohcc");
        assumeThat(folder)
                .as("SDOHCC samples, expected beside the project in shared/samples/sdohcc")
                .isDirectory();
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().startsWith("Task-"))
                    .sorted()
                    .toList();
        }
    }
}
