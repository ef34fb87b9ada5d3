package org.careloop.transitions.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.careloop.transitions.domain.Told.at;
import static org.careloop.transitions.domain.Told.instant;
import static org.careloop.transitions.domain.Told.said;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Encounter;
import org.hl7.fhir.r4.model.Encounter.EncounterStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What a client says of a stay by writing its Encounter. */
class StayStatementTest {

    @ParameterizedTest
    @CsvSource({
        "none, planned, PLAN",
        "none, arrived, ADMIT",
        "none, in-progress, ADMIT",
        "none, onleave, LEAVE",
        "none, finished, DISCHARGE",
        "none, cancelled, CANCEL_ADMIT",
        "none, unknown, UNSURE",
        "finished, unknown, UNSURE",
        "planned, in-progress, ADMIT",
        "arrived, in-progress, ADMIT",
        "onleave, in-progress, RETURN",
        "finished, in-progress, CANCEL_DISCHARGE",
        "in-progress, finished, DISCHARGE",
        "in-progress, in-progress, UPDATE",
        "finished, finished, UPDATE",
        "in-progress, entered-in-error, CANCEL_ADMIT"
    })
    void isWhatItChanges(String before, String next, StayStep step) {
        // Given
        Optional<Encounter> stored = before.equals("none") ? Optional.empty() : Optional.of(stay(before));
        // When
        StayEvent event = StayStatement.of(stored, List.of(), stay(next), stated("key", 9));
        // Then
        assertThat(event.step()).isEqualTo(step);
        assertThat(event.whole()).isTrue();
        assertThat(event.when().recorded()).isEqualTo(instant(9));
    }

    /** An EHR that writes its Encounters again each minute. */
    @Test
    void whatIsStatedAgainAndAgainIsKeptTwice() {
        // Given
        StayEvent first = StayStatement.of(Optional.empty(), List.of(), stay("in-progress"), stated("1", 1));
        StayEvent second = again("2", 2, first);
        StayEvent third = again("3", 3, first, second);
        // When
        Optional<StayEvent> afterOne = StayStatement.repeatedBy(second, List.of(first));
        Optional<StayEvent> afterTwo = StayStatement.repeatedBy(third, List.of(first, second));
        StayEvent fourth = again("4", 4, first, second, third);
        Optional<StayEvent> afterThree = StayStatement.repeatedBy(fourth, List.of(third, first, second));
        // Then
        assertThat(afterOne).as("an admission is no repeat").isEmpty();
        assertThat(afterTwo).as("the first time stays").isEmpty();
        assertThat(afterThree).contains(third);
        assertThat(StayCourse.of(List.of(first, second, fourth), Told.ZONE)
                        .equalsDeep(StayCourse.of(List.of(first, second, third, fourth), Told.ZONE)))
                .isTrue();
    }

    @Test
    void whatWasSaidInBetweenKeepsWhatWasStatedBefore() {
        // Given
        StayEvent first = StayStatement.of(Optional.empty(), List.of(), stay("in-progress"), stated("1", 1));
        StayEvent second = again("2", 2, first);
        StayEvent moved = said(StayStep.MOVE, 3, stay -> {});
        StayEvent third = again("4", 4, first, second, moved);
        // When, Then
        assertThat(StayStatement.repeatedBy(third, List.of(first, second, moved)))
                .isEmpty();
    }

    private static StayEvent again(String key, int at, StayEvent... known) {
        Encounter stored = StayCourse.of(List.of(known), Told.ZONE);
        return StayStatement.of(Optional.of(stored), List.of(known), stay("in-progress"), stated(key, at));
    }

    /** Whatever status a client gives to a stay of any other, that is what it has. */
    @ParameterizedTest
    @MethodSource("pairs")
    void isBelieved(EncounterStatus before, EncounterStatus next) {
        // Given
        StayEvent first = StayStatement.of(Optional.empty(), List.of(), stay(before.toCode()), stated("1", 1));
        Encounter stored = StayCourse.of(List.of(first), Told.ZONE);
        // When
        StayEvent second = StayStatement.of(Optional.of(stored), List.of(first), stay(next.toCode()), stated("2", 2));
        // Then
        assertThat(StayCourse.of(List.of(second, first), Told.ZONE).getStatus()).isEqualTo(next);
    }

    static Stream<Arguments> pairs() {
        return statuses().flatMap(before -> statuses().map(next -> Arguments.of(before, next)));
    }

    private static Stream<EncounterStatus> statuses() {
        return Arrays.stream(EncounterStatus.values()).filter(each -> each != EncounterStatus.NULL);
    }

    @Test
    void isAllThatThereIsToSay() {
        // Given
        StayEvent told = said(StayStep.ADMIT, 1, stay -> stay.setServiceType(new CodeableConcept().setText("MED")));
        Encounter next = stay("in-progress");
        // When
        StayEvent stated = StayStatement.of(
                Optional.of(StayCourse.of(List.of(told), Told.ZONE)), List.of(told), next, stated("stated", 2));
        // Then
        assertThat(StayCourse.of(List.of(told, stated), Told.ZONE).hasServiceType())
                .isFalse();
    }

    @Test
    void doesNotSpeakOfWhatCameOnlyAfterIt() {
        // Given an Encounter that a client finishes
        StayEvent admitted = said(StayStep.ADMIT, 1);
        Encounter next = stay("finished");
        next.getPeriod().setStart(at(1)).setEnd(at(4));
        StayEvent stated = StayStatement.of(
                Optional.of(StayCourse.of(List.of(admitted), Told.ZONE)), List.of(admitted), next, stated("stated", 6));
        // When the message of the discharge, entered before that, comes after it
        StayEvent discharged = said(StayStep.DISCHARGE, 5, stay -> Told.disposition(stay, "home"));
        StayEvent late = new StayEvent(
                discharged.step(),
                new StayEvent.Times(instant(5), instant(5), instant(4), instant(7)),
                "late",
                discharged.told(),
                Set.of(),
                false);
        Encounter stay = StayCourse.of(List.of(stated, late, admitted), Told.ZONE);
        // Then
        assertThat(stay.getStatus()).isEqualTo(EncounterStatus.FINISHED);
        assertThat(stay.getPeriod().getEnd()).isEqualTo(at(4));
        assertThat(stay.getHospitalization().getDischargeDisposition().getText())
                .isEqualTo("home");
    }

    @Test
    void isReadAgainAsItWasSaid() {
        // Given a visit that was planned for an hour, and a history of its own
        Encounter planned = stay("cancelled");
        planned.getPeriod().setStart(at(3)).setEnd(at(4));
        planned.addStatusHistory()
                .setStatus(EncounterStatus.ARRIVED)
                .getPeriod()
                .setStart(at(1));
        // When
        Encounter stay = StayCourse.of(
                List.of(StayStatement.of(Optional.empty(), List.of(), planned, stated("1", 5))), Told.ZONE);
        // Then
        assertThat(stay.getPeriod().getEnd()).isEqualTo(at(4));
        assertThat(stay.getStatusHistory())
                .singleElement()
                .satisfies(before -> assertThat(before.getStatus()).isEqualTo(EncounterStatus.ARRIVED));
        assertThat(StayCourse.of(
                                List.of(StayStatement.of(
                                        Optional.empty(), List.of(), stay("finished"), stated("1", 5))),
                                Told.ZONE)
                        .hasPeriod())
                .isFalse();
    }

    @Test
    void isFollowedByWhatHappenedAfterIt() {
        // Given an admission that is written long after it was
        Encounter next = stay("in-progress");
        next.getPeriod().setStart(at(1));
        StayEvent stated = StayStatement.of(Optional.empty(), List.of(), next, stated("stated", 20));
        // When
        StayEvent discharged = said(StayStep.DISCHARGE, 5);
        // Then
        assertThat(StayCourse.of(List.of(stated, discharged), Told.ZONE).getStatus())
                .isEqualTo(EncounterStatus.FINISHED);
    }

    @Test
    void isTheLastWordOnWhatWasKnown() {
        // Given
        StayEvent admitted = said(StayStep.ADMIT, 1);
        StayEvent updated = said(StayStep.UPDATE, 8, stay -> stay.setServiceType(new CodeableConcept().setText("MED")));
        Encounter next = stay("finished");
        next.setServiceType(new CodeableConcept().setText("SUR"));
        next.getPeriod().setEnd(at(5));
        // When
        StayEvent stated = StayStatement.of(
                Optional.of(StayCourse.of(List.of(admitted, updated), Told.ZONE)),
                List.of(admitted, updated),
                next,
                stated("stated", 9));
        // Then
        Encounter stay = StayCourse.of(List.of(stated, updated, admitted), Told.ZONE);
        assertThat(stay.getServiceType().getText()).isEqualTo("SUR");
        assertThat(stay.getPeriod().getEnd()).isEqualTo(at(5));
    }

    @Test
    void anEditDoesNotUndoADischargeThatIsToldLate() {
        // Given
        StayEvent admitted = said(StayStep.ADMIT, 1);
        Encounter edited = stay("in-progress");
        edited.setServiceType(new CodeableConcept().setText("SUR"));
        StayEvent edit = StayStatement.of(
                Optional.of(StayCourse.of(List.of(admitted), Told.ZONE)), List.of(admitted), edited, stated("edit", 6));
        // When
        StayEvent discharged = said(StayStep.DISCHARGE, 5);
        StayEvent late = new StayEvent(
                discharged.step(),
                discharged.when().receivedAt(instant(7)),
                "late",
                discharged.told(),
                Set.of(),
                false);
        Encounter stay = StayCourse.of(List.of(admitted, edit, late), Told.ZONE);
        // Then
        assertThat(stay.getStatus()).isEqualTo(EncounterStatus.FINISHED);
        assertThat(stay.getPeriod().getEnd()).isEqualTo(at(5));
        assertThat(stay.getServiceType().getText()).isEqualTo("SUR");
    }

    private static StayStatement.Said stated(String key, int day) {
        return new StayStatement.Said(instant(day), Told.ZONE, key);
    }

    private static Encounter stay(String status) {
        return new Encounter()
                .setStatus(EncounterStatus.fromCode(status))
                .setClass_(new Coding("urn:classes", "IMP", null));
    }
}
