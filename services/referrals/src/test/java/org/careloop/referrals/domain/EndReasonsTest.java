package org.careloop.referrals.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.careloop.referrals.domain.EndReasons.Consequence.ASK_NEXT;
import static org.careloop.referrals.domain.EndReasons.Consequence.EXCLUDE;
import static org.careloop.referrals.domain.EndReasons.Consequence.MARK_NO_CAPACITY;
import static org.careloop.referrals.domain.EndReasons.Consequence.RAISE_BARRIER;
import static org.careloop.referrals.domain.TaskChecks.assertIssue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.referrals.domain.EndReasons.Consequence;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.HealthcareService;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Task;
import org.hl7.fhir.r4.model.Task.TaskStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What follows from each reason of {@code rules/end-reasons.yaml}. */
class EndReasonsTest {

    private static final EndReasons REASONS = EndReasons.shipped();

    static Stream<Arguments> reasons() {
        return Stream.of(
                arguments("no-capacity", Set.of(MARK_NO_CAPACITY, ASK_NEXT)),
                arguments("not-eligible", Set.of(EXCLUDE, ASK_NEXT)),
                arguments("out-of-area", Set.of(EXCLUDE, ASK_NEXT)),
                arguments("not-offered", Set.of(EXCLUDE, ASK_NEXT)),
                arguments("could-not-help", Set.of(EXCLUDE, ASK_NEXT)),
                arguments("no-answer", Set.of(EXCLUDE, ASK_NEXT)),
                arguments("could-not-contact", Set.of(RAISE_BARRIER)),
                arguments("needs-client-action", Set.of(RAISE_BARRIER)),
                arguments("no-longer-interested", Set.of()),
                arguments("referred-elsewhere", Set.of()),
                arguments("accepted-elsewhere", Set.of()),
                arguments("duplicate", Set.of()));
    }

    @ParameterizedTest
    @MethodSource("reasons")
    void followsFromTheCode(String code, Set<Consequence> expected) {
        for (TaskStatus status : List.of(TaskStatus.REJECTED, TaskStatus.CANCELLED, TaskStatus.FAILED)) {
            Task ended = ended(status, code);
            assertThat(REASONS.of(ended)).containsExactlyInAnyOrderElementsOf(expected);
            assertThatCode(() -> REASONS.requireKnown(ended, Actor.PLATFORM)).doesNotThrowAnyException();
        }
    }

    static Stream<Arguments> withoutCode() {
        return Stream.of(
                arguments(TaskStatus.REJECTED, Set.of(EXCLUDE, ASK_NEXT)),
                arguments(TaskStatus.CANCELLED, Set.of(RAISE_BARRIER)),
                arguments(TaskStatus.FAILED, Set.of(EXCLUDE, RAISE_BARRIER)));
    }

    @ParameterizedTest
    @MethodSource("withoutCode")
    void followsFromTheStatusWhenOnlyATextSaysWhy(TaskStatus status, Set<Consequence> expected) {
        Task ended = Tasks.withReasonAndOutput(Tasks.referral(status));
        assertThat(REASONS.of(ended)).containsExactlyInAnyOrderElementsOf(expected);
    }

    @ParameterizedTest
    @EnumSource(names = {"REQUESTED", "ACCEPTED", "INPROGRESS", "ONHOLD", "COMPLETED", "ENTEREDINERROR"})
    void nothingFollowsFromOtherStatuses(TaskStatus status) {
        assertThat(REASONS.of(ended(status, "no-capacity"))).isEmpty();
    }

    @Test
    void refusesACodeThatThereIsNot() {
        // When
        FhirProblem problem = catchThrowableOfType(
                FhirProblem.class, () -> REASONS.requireKnown(ended(TaskStatus.REJECTED, "too-busy"), Actor.TARGET));
        // Then
        assertIssue(
                problem,
                "Task.statusReason.coding",
                "Task.statusReason.coding: no such reason in https://careloop.org/fhir/CodeSystem/referral-end-reason"
                        + " (expected: one of no-capacity, not-eligible, out-of-area, not-offered, could-not-help,"
                        + " could-not-contact, needs-client-action, no-longer-interested, referred-elsewhere, duplicate)");
    }

    /** Else an agency could end a referral without anything to follow. */
    @ParameterizedTest
    @ValueSource(strings = {"no-answer", "accepted-elsewhere"})
    void somePlatformAloneGives(String reason) {
        for (Actor actor : Actor.values()) {
            if (actor != Actor.PLATFORM) {
                assertThat(catchThrowableOfType(
                                FhirProblem.class,
                                () -> REASONS.requireKnown(ended(TaskStatus.CANCELLED, reason), actor)))
                        .isNotNull();
            }
        }
    }

    @Test
    void areThoseThatCanBeLookedUp() throws IOException {
        // Given
        Map<String, String> known = new LinkedHashMap<>();
        try (InputStream json = EndReasons.class.getResourceAsStream(
                "/org/careloop/fhirvalidation/internal/careloop-terminology.json")) {
            for (JsonNode entry : new ObjectMapper().readTree(json).path("entry")) {
                if (EndReasons.SYSTEM.equals(entry.at("/resource/url").asText())) {
                    entry.at("/resource/concept")
                            .forEach(concept -> known.put(
                                    concept.path("code").asText(),
                                    concept.path("display").asText()));
                }
            }
        }
        // Then
        assertThat(REASONS.displays()).containsExactlyEntriesOf(known);
    }

    @Test
    void excludesWhoDeclinedForGoodButNotWhoIsFull() {
        // Given
        Task ineligible = ended(TaskStatus.REJECTED, "not-eligible").setOwner(new Reference("Organization/a"));
        Task full = ended(TaskStatus.REJECTED, "no-capacity").setOwner(new Reference("Organization/b"));
        Task open = Tasks.referral(TaskStatus.REQUESTED).setOwner(new Reference("Organization/c"));
        // Then
        assertThat(REASONS.excluded(List.of(ineligible, full, open))).containsExactly("Organization/a");
    }

    @Test
    void aFullServiceSaysSoOnce() {
        // When
        HealthcareService full = Capacity.exhausted(new HealthcareService()).orElseThrow();
        // Then
        assertThat(Capacity.of(full)).contains("no-capacity");
        assertThat(full.getExtension()).hasSize(1);
        assertThat(Capacity.exhausted(full)).isEmpty();
    }

    @Test
    void aServiceThatTellsItsCapacityWithoutACodeIsNotFull() {
        // Given
        HealthcareService service = Capacity.exhausted(new HealthcareService()).orElseThrow();
        CodeableConcept status = (CodeableConcept)
                service.getExtension().getFirst().getExtensionFirstRep().getValue();
        status.getCodingFirstRep().setCode(null).setDisplay("Ask us");
        // Then
        assertThat(Capacity.of(service)).isEmpty();
    }

    private static Task ended(TaskStatus status, String code) {
        CodeableConcept reason = new CodeableConcept(new Coding(EndReasons.SYSTEM, code, null)).setText("Because");
        return Tasks.withReasonAndOutput(Tasks.referral(status)).setStatusReason(reason);
    }
}
