package org.careloop.careplans.domain;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.careloop.careplans.domain.PlanCourse.Stay;
import org.careloop.careplans.domain.PlanPhase.Kind;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.DateTimeType;
import org.hl7.fhir.r4.model.Encounter;
import org.hl7.fhir.r4.model.Encounter.EncounterStatus;
import org.hl7.fhir.r4.model.EpisodeOfCare;
import org.hl7.fhir.r4.model.EpisodeOfCare.EpisodeOfCareStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where a plan is to be, from how the stays of the patient are. */
class PlanCourseTest {

    private static final PlanCourse COURSE = new PlanCourse(Set.of("IMP", "OBSENC"));

    private final Stay index = stay("index", "IMP", "finished", "2026-03-03", "2026-03-07", "active");

    @ParameterizedTest
    @CsvSource({
        "finished, active, OPEN",
        "in-progress, active, EXPECTED",
        "in-progress, planned, EXPECTED",
        "finished, planned, EXPECTED",
        "onleave, active, EXPECTED",
        "cancelled, active, RETRACTED",
        "cancelled, cancelled, RETRACTED",
        "finished, cancelled, RETRACTED",
        "entered-in-error, active, RETRACTED",
        "finished, finished, ''",
        "finished, onhold, SUSPENDED",
        "finished, waitlist, SUSPENDED",
        "in-progress, onhold, EXPECTED",
        "cancelled, onhold, RETRACTED",
        "unknown, active, ''",
    })
    void followsStayAndItsEpisode(String encounter, String episode, String phase) {
        // Given
        Stay own = stay("index", "IMP", encounter, "2026-03-03", "2026-03-07", episode);
        // When, Then
        assertThat(kind(own, Optional.empty(), List.of(own), Set.of())).isEqualTo(phase);
    }

    @Test
    void endsWithTheLifeOfThePatient() {
        // Given
        List<Stay> all = List.of(index);
        // When, Then
        assertThat(COURSE.of(index, Optional.of(PlanPhase.OPEN), all, Set.of("index"), true))
                .contains(PlanPhase.DIED);
        assertThat(COURSE.of(index, Optional.empty(), all, Set.of(), true)).isEmpty();
        assertThat(COURSE.of(index, Optional.of(PlanPhase.replacedBy("later")), all, Set.of("index"), true))
                .isEmpty();
        // Who was said to have died by mistake is followed again
        assertThat(COURSE.of(index, Optional.of(PlanPhase.DIED), all, Set.of("index"), false))
                .contains(PlanPhase.OPEN);
    }

    @Test
    void waitsForEpisode() {
        // Given
        Stay own = new Stay("index", index.encounter(), Optional.empty());
        // When, Then
        assertThat(COURSE.of(own, Optional.empty(), List.of(own), Set.of(), false))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "IMP, in-progress, 2026-03-20, '', READMITTED",
        "OBSENC, in-progress, 2026-03-20, '', READMITTED",
        "IMP, onleave, 2026-03-20, '', READMITTED",
        "IMP, in-progress, '', '', READMITTED",
        // To another hospital, told to be there before the first tells that the patient has left.
        "IMP, in-progress, 2026-03-06, '', READMITTED",
        "IMP, finished, 2026-03-20, 2026-03-22, READMITTED",
        "'', in-progress, 2026-03-20, '', OPEN",
        "EMER, in-progress, 2026-03-20, '', OPEN",
        "AMB, in-progress, 2026-03-20, '', OPEN",
        "IMP, planned, 2026-03-20, '', OPEN",
        "IMP, cancelled, 2026-03-20, '', OPEN",
        "IMP, entered-in-error, 2026-03-20, '', OPEN",
        "IMP, in-progress, 2026-02-20, '', OPEN",
        "IMP, finished, 2026-02-20, 2026-02-22, OPEN",
        "IMP, finished, 2026-03-03, 2026-03-07, OPEN",
        "IMP, finished, '', 2026-03-22, OPEN",
    })
    void isPausedByLaterStayAndNoOther(String type, String status, String start, String end, String phase) {
        // Given
        Stay other = stay("other", type, status, start, end, "");
        // When, Then
        assertThat(kind(index, Optional.of(PlanPhase.OPEN), List.of(other, index), Set.of()))
                .isEqualTo(phase);
    }

    @Test
    void isReplacedOnceLaterStayHasItsPlan() {
        // Given
        Stay later = stay("later", "IMP", "finished", "2026-03-20", "2026-03-22", "active");
        // When
        PlanPhase phase = COURSE.of(
                        index,
                        Optional.of(PlanPhase.readmittedBy("later")),
                        List.of(later, index),
                        Set.of("index", "later"),
                        false)
                .orElseThrow();
        // Then
        assertThat(phase).isEqualTo(PlanPhase.replacedBy("later"));
        assertThat(kind(later, Optional.of(PlanPhase.OPEN), List.of(later, index), Set.of("index", "later")))
                .isEqualTo("OPEN");
    }

    @Test
    void staysReplacedWhileLaterStayIsReal() {
        // Given
        Optional<PlanPhase> replaced = Optional.of(PlanPhase.replacedBy("later"));
        Stay inHospitalAgain = stay("later", "IMP", "in-progress", "2026-03-20", "", "planned");
        Stay error = stay("later", "IMP", "cancelled", "2026-03-20", "", "cancelled");
        // When, Then
        assertThat(kind(index, replaced, List.of(inHospitalAgain, index), Set.of("index", "later")))
                .isEmpty();
        assertThat(kind(index, replaced, List.of(error, index), Set.of("index")))
                .isEqualTo("OPEN");
    }

    @Test
    void isPausedByWhoLastsBeforeWhoHasLeft() {
        // Given
        Stay left = stay("left", "IMP", "finished", "2026-03-20", "2026-03-22", "");
        Stay lasts = stay("lasts", "IMP", "in-progress", "2026-03-18", "", "");
        // When, Then
        assertThat(COURSE.of(index, Optional.empty(), List.of(left, lasts, index), Set.of(), false))
                .contains(PlanPhase.readmittedBy("lasts"));
    }

    @Test
    void ofWhoHasNotConsentedTheTeamIsToldNothing() {
        // Given
        Stay own = stay("index", "IMP", "finished", "2026-03-03", "2026-03-07", "onhold");
        Stay later = stay("later", "IMP", "in-progress", "2026-03-20", "", "waitlist");
        Stay error = stay("later", "IMP", "cancelled", "2026-03-20", "", "cancelled");
        Optional<PlanPhase> readmitted = Optional.of(PlanPhase.readmittedBy("later"));
        // When, Then
        assertThat(COURSE.of(own, Optional.of(PlanPhase.OPEN), List.of(later, own), Set.of("index"), false))
                .contains(PlanPhase.suspended(Optional.empty()));
        // What it was told before is remembered, to be taken back when it was an error.
        assertThat(COURSE.of(own, readmitted, List.of(later, own), Set.of("index"), false))
                .contains(PlanPhase.suspended(Optional.of("later")));
        assertThat(COURSE.of(own, readmitted, List.of(error, own), Set.of("index"), false))
                .contains(PlanPhase.suspended(Optional.empty()));
        // A plan that has taken over is not undone by it.
        assertThat(COURSE.of(own, readmitted, List.of(later, own), Set.of("index", "later"), false))
                .contains(PlanPhase.replacedBy("later"));
    }

    private static String kind(Stay own, Optional<PlanPhase> known, List<Stay> all, Set<String> planned) {
        return COURSE.of(own, known, all, planned, false)
                .map(PlanPhase::kind)
                .map(Kind::name)
                .orElse("");
    }

    private static Stay stay(String id, String type, String status, String start, String end, String episode) {
        Encounter encounter = new Encounter().setStatus(EncounterStatus.fromCode(status));
        encounter.setClass_(type.isEmpty() ? new Coding() : new Coding().setCode(type));
        if (!start.isEmpty()) {
            encounter.getPeriod().setStartElement(new DateTimeType(start + "T10:00:00Z"));
        }
        if (!end.isEmpty()) {
            encounter.getPeriod().setEndElement(new DateTimeType(end + "T10:00:00Z"));
        }
        return new Stay(
                id,
                encounter,
                episode.isEmpty()
                        ? Optional.empty()
                        : Optional.of(new EpisodeOfCare().setStatus(EpisodeOfCareStatus.fromCode(episode))));
    }
}
