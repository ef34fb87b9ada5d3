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
import org.hl7.fhir.r4.model.Task;
import org.hl7.fhir.r4.model.Task.TaskStatus;
import org.junit.jupiter.api.Test;

/** What this service tells of the golden plan's referral is what the golden files say, but for the times of writing. */
@QuarkusTest
@QuarkusTestResource(value = RealParts.class, initArgs = @ResourceArg(name = RealParts.DATABASE, value = "referrals"))
class ReferralEventsContractTest {

    @Test
    void tellsOfReferralAsGoldenFilesSay() {
        // Given
        Scene.directory();
        CarePlan plan = FhirJson.parse(CarePlan.class, Scene.golden("care-plan-activated"));
        Scene ada = new Scene("ada", plan.getIdElement().getIdPart(), Scene.HOME_HEALTH).referred();
        String harbor = Tokens.partner(Scene.HARBOR);
        // When
        Scene.change(harbor, ada.referralTask(), task -> task.setStatus(TaskStatus.ACCEPTED));
        Scene.change(harbor, ada.referralTask(), Scene.completed("Procedure/start-of-care"));
        soon().until(() -> Bus.told("Task", ada.referralTask()).size() == 3);
        // Then
        List<ResourceEvent> told = Bus.told("Task", ada.referralTask());
        assertThat(told).extracting(ResourceEvent::type).containsExactly(
                "org.careloop.Task.created", "org.careloop.Task.updated", "org.careloop.Task.updated");
        assertThat(timeless(told.getFirst().payload())).isEqualTo(timeless(Scene.golden("task-requested")));
        assertThat(timeless(told.getLast().payload())).isEqualTo(timeless(Scene.golden("task-completed")));
    }

    private static String timeless(byte[] json) {
        Task task = FhirJson.parse(Task.class, json);
        task.getMeta().setLastUpdated(null);
        task.setLastModified(null);
        return new String(FhirJson.write(task), StandardCharsets.UTF_8);
    }
}
