package org.careloop.referrals;

import static org.assertj.core.api.Assertions.assertThat;
import static org.careloop.referrals.Scene.soon;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.careloop.eventcontracts.ResourceEvent;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.testkit.RealParts;
import org.careloop.testkit.Tokens;
import org.hl7.fhir.r4.model.CarePlan;
import org.hl7.fhir.r4.model.DateTimeType;
import org.hl7.fhir.r4.model.Task;
import org.hl7.fhir.r4.model.Task.TaskStatus;
import org.junit.jupiter.api.Test;

/**
 * What this service tells of the golden plan's referral is what the golden files say, but for the times of writing.
 */
@QuarkusTest
@QuarkusTestResource(value = RealParts.class, initArgs = @ResourceArg(name = RealParts.DATABASE, value = "referrals"))
class ReferralEventsContractTest {

    @Test
    void tellsOfReferralAsGoldenFilesSay() {
        // Given
        Scene.directory();
        Scene scene = Scene.homeHealth().referred();
        String harbor = Tokens.partner(Scene.HARBOR);
        // When
        Scene.change(harbor, scene.referralTask(), task -> task.setStatus(TaskStatus.ACCEPTED));
        Scene.change(harbor, scene.referralTask(), Scene.completed("Procedure/start-of-care"));
        soon().until(() -> Bus.told("Task", scene.referralTask()).size() == 3);
        // Then
        List<ResourceEvent> told = Bus.told("Task", scene.referralTask());
        assertThat(told)
                .extracting(ResourceEvent::type)
                .containsExactly("org.careloop.Task.created", "org.careloop.Task.updated", "org.careloop.Task.updated");
        assertThat(golden(told.getFirst(), scene)).isEqualTo(timeless(Scene.golden("task-requested")));
        assertThat(golden(told.getLast(), scene)).isEqualTo(timeless(Scene.golden("task-completed")));
    }

    /** As the golden plan's own referral would be told of. */
    private static String golden(ResourceEvent event, Scene scene) {
        String planId = FhirJson.parse(CarePlan.class, Scene.golden("care-plan-activated"))
                .getIdElement()
                .getIdPart();
        Scene golden = new Scene("ada", planId, scene.service());
        return timeless(new String(event.payload(), StandardCharsets.UTF_8)
                .replace(scene.referralTask(), golden.referralTask())
                .replace(scene.serviceRequest(), golden.serviceRequest())
                .replace(scene.plan(), golden.plan())
                .replace(scene.patient(), golden.patient())
                .getBytes(StandardCharsets.UTF_8));
    }

    private static String timeless(byte[] json) {
        Task task = FhirJson.parse(Task.class, json);
        task.getMeta().setLastUpdated(null);
        task.setLastModified(null);
        task.getExtension()
                .forEach(clock -> clock.getExtension().removeIf(part -> part.getValue() instanceof DateTimeType));
        return new String(FhirJson.write(task), StandardCharsets.UTF_8);
    }
}
