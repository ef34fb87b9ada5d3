package org.careloop.transitions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.careloop.transitions.Stay.soon;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.careloop.eventcontracts.Change;
import org.careloop.eventcontracts.ResourceEvent;
import org.careloop.eventcontracts.SharedTerms;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.fhirmodel.ResourceKey;
import org.careloop.testkit.Events;
import org.careloop.testkit.RealParts;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.DateTimeType;
import org.hl7.fhir.r4.model.Extension;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Task;
import org.hl7.fhir.r4.model.Task.TaskStatus;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tasks that the referrals service tells of, as the golden file has them, reach milestones. */
@QuarkusTest
@QuarkusTestResource(value = RealParts.class, initArgs = @ResourceArg(name = RealParts.DATABASE, value = "transitions"))
class MilestoneEventsApiTest {

    private static final Instant STARTED = Instant.parse("2026-03-09T15:30:00Z");

    private final Stay stay = Stay.fresh();

    @BeforeEach
    void discharge() {
        stay.discharged();
    }

    @Test
    void firstEvidenceReachesMilestoneAndLaterChangesNothing() {
        // Given
        Task first = referral(TaskStatus.INPROGRESS);
        ResourceEvent event = event(first, STARTED);
        // When
        Events.tell("referrals", event);
        Events.tell("referrals", event);
        Events.tell("referrals", event(referral(TaskStatus.COMPLETED), STARTED.plusSeconds(3600)));
        Events.tell("referrals", event(outreach(), STARTED.plusSeconds(7200)));
        soon().until(() -> reached("outreach").isPresent());
        // Then
        assertThat(reached("home-health-start")).contains(STARTED);
        assertThat(evidence("home-health-start"))
                .isEqualTo("Task/" + first.getIdElement().getIdPart());
        assertThat(reached("outreach")).contains(STARTED.plusSeconds(7200));
        assertThat(stay.episode().getMeta().getVersionId()).isEqualTo("4");
    }

    @Test
    void openTaskAndTaskOfAnotherStayReachNothing() {
        // Given
        Task open = referral(TaskStatus.ACCEPTED);
        Task foreign = referral(TaskStatus.COMPLETED);
        foreign.getEncounter().setReference("Encounter/" + UUID.randomUUID());
        // When
        Events.tell("referrals", event(open, STARTED));
        Events.tell("referrals", event(foreign, STARTED));
        Events.tell("referrals", event(outreach(), STARTED));
        soon().until(() -> reached("outreach").isPresent());
        // Then
        assertThat(reached("home-health-start")).isEmpty();
        assertThat(stay.episode().getMeta().getVersionId()).isEqualTo("3");
    }

    @Test
    void evidenceOfWithdrawnMilestoneReachesNothing() {
        // Given
        stay.tell(stay.event("A13", "20260307160000-0500"));
        stay.awaitStatus("in-progress");
        // When
        Events.tell("referrals", event(referral(TaskStatus.COMPLETED), STARTED));
        Stay other = new Stay(stay.number(), Stay.fresh().visit()).discharged();
        Task last = outreach();
        last.getEncounter().setReference("Encounter/" + other.encounterId());
        Events.tell("referrals", event(last, STARTED));
        soon().until(() -> reached(other, "outreach").isPresent());
        // Then
        assertThat(StayApiTest.milestones(stay.episode())).containsOnlyKeys("admission-notification");
    }

    private Task referral(TaskStatus status) {
        Task task = FhirJson.parse(
                Task.class,
                Stay.resource("golden/task-completed.json")
                        .replace("stay-1", stay.encounterId())
                        .replace("ada", InMemoryPatients.idOf(stay.number()).value())
                        .getBytes(StandardCharsets.UTF_8));
        task.setId(UUID.randomUUID().toString());
        return task.setStatus(status);
    }

    private Task outreach() {
        Task task = referral(TaskStatus.COMPLETED);
        task.setReasonCode(null);
        task.getCode().addCoding(new Coding(SharedTerms.MILESTONE_SYSTEM, "outreach", null));
        return task;
    }

    private ResourceEvent event(Task task, Instant at) {
        return new ResourceEvent(
                UUID.randomUUID(),
                ResourceKey.of("Task", task.getIdElement().getIdPart()),
                Change.UPDATED,
                3,
                at,
                "Patient/" + InMemoryPatients.idOf(stay.number()),
                Optional.empty(),
                Optional.empty(),
                FhirJson.write(task));
    }

    private Optional<Instant> reached(String code) {
        return reached(stay, code);
    }

    private static Optional<Instant> reached(Stay stay, String code) {
        return Optional.ofNullable(milestone(stay, code).getExtensionByUrl("reached"))
                .map(reached -> ((DateTimeType) reached.getValue()).getValue().toInstant());
    }

    private String evidence(String code) {
        return ((Reference) milestone(stay, code).getExtensionByUrl("evidence").getValue()).getReference();
    }

    private static Extension milestone(Stay stay, String code) {
        return stay.episode().getExtensionsByUrl(SharedTerms.MILESTONE_EXTENSION).stream()
                .filter(each ->
                        code.equals(each.getExtensionByUrl("code").getValue().primitiveValue()))
                .findFirst()
                .orElseThrow();
    }
}
