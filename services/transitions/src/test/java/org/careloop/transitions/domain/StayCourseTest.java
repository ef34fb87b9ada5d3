package org.careloop.transitions.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.careloop.transitions.domain.Told.at;
import static org.careloop.transitions.domain.Told.course;
import static org.careloop.transitions.domain.Told.said;

import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.DateTimeType;
import org.hl7.fhir.r4.model.Encounter;
import org.hl7.fhir.r4.model.Encounter.EncounterStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A stay is what was said of it, in whatever order that came. */
class StayCourseTest {

    @ParameterizedTest
    @CsvSource({
        "PLAN, planned",
        "ADMIT, in-progress",
        "MOVE, in-progress",
        "RECLASS, in-progress",
        "LEAVE, onleave",
        "RETURN, in-progress",
        "DISCHARGE, finished",
        "UPDATE, unknown",
        "UNSURE, unknown",
        "CANCEL_PLAN, cancelled",
        "CANCEL_ADMIT, cancelled",
        "CANCEL_MOVE, unknown",
        "CANCEL_DISCHARGE, in-progress"
    })
    void startsByTheFirstThatIsSaid(StayStep step, String status) {
        assertThat(course(said(step, 8)).getStatus().toCode()).isEqualTo(status);
    }

    @ParameterizedTest
    @CsvSource({
        "PLAN, PLAN, planned",
        "PLAN, ADMIT, in-progress",
        "PLAN, MOVE, in-progress",
        "PLAN, RECLASS, in-progress",
        "PLAN, LEAVE, onleave",
        "PLAN, RETURN, in-progress",
        "PLAN, DISCHARGE, finished",
        "PLAN, UPDATE, planned",
        "PLAN, CANCEL_PLAN, cancelled",
        "PLAN, CANCEL_ADMIT, cancelled",
        "PLAN, CANCEL_MOVE, planned",
        "PLAN, CANCEL_DISCHARGE, planned",
        "ADMIT, PLAN, in-progress",
        "ADMIT, ADMIT, in-progress",
        "ADMIT, MOVE, in-progress",
        "ADMIT, RECLASS, in-progress",
        "ADMIT, LEAVE, onleave",
        "ADMIT, RETURN, in-progress",
        "ADMIT, DISCHARGE, finished",
        "ADMIT, UPDATE, in-progress",
        "ADMIT, CANCEL_PLAN, in-progress",
        "ADMIT, CANCEL_ADMIT, cancelled",
        "ADMIT, CANCEL_MOVE, in-progress",
        "ADMIT, CANCEL_DISCHARGE, in-progress",
        "LEAVE, PLAN, onleave",
        "LEAVE, ADMIT, onleave",
        "LEAVE, MOVE, onleave",
        "LEAVE, RECLASS, onleave",
        "LEAVE, LEAVE, onleave",
        "LEAVE, RETURN, in-progress",
        "LEAVE, DISCHARGE, finished",
        "LEAVE, UPDATE, onleave",
        "LEAVE, CANCEL_PLAN, onleave",
        "LEAVE, CANCEL_ADMIT, cancelled",
        "LEAVE, CANCEL_MOVE, onleave",
        "LEAVE, CANCEL_DISCHARGE, onleave",
        "DISCHARGE, PLAN, finished",
        "DISCHARGE, ADMIT, finished",
        "DISCHARGE, MOVE, finished",
        "DISCHARGE, RECLASS, finished",
        "DISCHARGE, LEAVE, finished",
        "DISCHARGE, RETURN, finished",
        "DISCHARGE, DISCHARGE, finished",
        "DISCHARGE, UPDATE, finished",
        "DISCHARGE, CANCEL_PLAN, finished",
        "DISCHARGE, CANCEL_ADMIT, cancelled",
        "DISCHARGE, CANCEL_MOVE, finished",
        "DISCHARGE, CANCEL_DISCHARGE, in-progress",
        "CANCEL_ADMIT, PLAN, planned",
        "CANCEL_ADMIT, ADMIT, in-progress",
        "CANCEL_ADMIT, MOVE, cancelled",
        "CANCEL_ADMIT, RECLASS, cancelled",
        "CANCEL_ADMIT, LEAVE, cancelled",
        "CANCEL_ADMIT, RETURN, cancelled",
        "CANCEL_ADMIT, DISCHARGE, finished",
        "CANCEL_ADMIT, UPDATE, cancelled",
        "CANCEL_ADMIT, CANCEL_PLAN, cancelled",
        "CANCEL_ADMIT, CANCEL_ADMIT, cancelled",
        "CANCEL_ADMIT, CANCEL_MOVE, cancelled",
        "CANCEL_ADMIT, CANCEL_DISCHARGE, cancelled"
    })
    void followsTheTable(StayStep before, StayStep step, String status) {
        assertThat(course(said(before, 8), said(step, 9)).getStatus().toCode()).isEqualTo(status);
    }

    @Test
    void isTheSameInEveryOrder() {
        // Given
        List<StayEvent> said = List.of(
                said(StayStep.PLAN, 1, stay -> Told.place(stay, "Ward 1")),
                said(StayStep.ADMIT, 2, stay -> Told.place(stay, "Ward 1")),
                said(StayStep.UPDATE, 3, stay -> stay.setServiceType(new CodeableConcept().setText("MED"))),
                said(StayStep.MOVE, 4, stay -> Told.place(stay, "ICU")),
                said(StayStep.CANCEL_MOVE, 5, stay -> Told.place(stay, "Ward 1")),
                said(StayStep.MOVE, 6, stay -> Told.place(stay, "Ward 2")),
                said(StayStep.UPDATE, 7, stay -> stay.setServiceType(new CodeableConcept().setText("SUR"))),
                said(StayStep.DISCHARGE, 8, stay -> Told.disposition(stay, "home")),
                said(StayStep.CANCEL_DISCHARGE, 9),
                said(StayStep.MOVE, 10, stay -> Told.place(stay, "Ward 3")),
                said(StayStep.RECLASS, 11, stay -> stay.setClass_(new Coding("urn:classes", "OBSENC", null))),
                said(StayStep.DISCHARGE, 12, stay -> {
                    stay.setClass_(new Coding("urn:classes", "OBSENC", null));
                    Told.disposition(stay, "snf");
                }));
        Encounter inOrder = StayCourse.of(said, Told.ZONE);
        Random dice = new Random(20261128);
        for (int round = 0; round < 500; round++) {
            // When
            List<StayEvent> shuffled = new ArrayList<>(said);
            Collections.shuffle(shuffled, dice);
            // Then
            assertThat(StayCourse.of(shuffled, Told.ZONE).equalsDeep(inOrder)).isTrue();
        }
        assertThat(inOrder.getStatus()).isEqualTo(EncounterStatus.FINISHED);
        assertThat(inOrder.getHospitalization().getDischargeDisposition().getText())
                .isEqualTo("snf");
        assertThat(inOrder.getServiceType().getText()).isEqualTo("SUR");
        assertThat(inOrder.getPeriod().getEnd()).isEqualTo(at(12));
        assertThat(Told.places(inOrder))
                .containsExactly("Ward 1 completed 02-06", "Ward 2 completed 06-10", "Ward 3 completed 10-12");
        assertThat(Told.statuses(inOrder))
                .containsExactly("planned 01-02", "in-progress 02-08", "finished 08-09", "in-progress 09-12");
        assertThat(inOrder.getClass_().getCode()).isEqualTo("OBSENC");
        assertThat(inOrder.getClassHistory())
                .singleElement()
                .satisfies(before -> assertThat(before.getClass_().getCode()).isEqualTo("IMP"));
    }

    @Test
    void aCancelledDischargeTakesBackEndAndDispositionAndNoMore() {
        // When
        Encounter stay = course(
                said(
                        StayStep.ADMIT,
                        1,
                        each -> each.getHospitalization().setAdmitSource(new CodeableConcept().setText("emergency"))),
                said(StayStep.DISCHARGE, 2, each -> {
                    Told.disposition(each, "home");
                    each.addReasonCode().setText("Heart failure");
                }),
                said(StayStep.CANCEL_DISCHARGE, 3));
        // Then
        assertThat(stay.getStatus()).isEqualTo(EncounterStatus.INPROGRESS);
        assertThat(stay.getPeriod().hasEnd()).isFalse();
        assertThat(stay.getHospitalization().hasDischargeDisposition()).isFalse();
        assertThat(stay.getHospitalization().getAdmitSource().getText()).isEqualTo("emergency");
        assertThat(stay.getReasonCodeFirstRep().getText()).isEqualTo("Heart failure");
        assertThat(Told.statuses(stay)).containsExactly("in-progress 01-02", "finished 02-03");
    }

    @Test
    void aDischargeIsMendedByOneThatWasEnteredLater() {
        // When
        Encounter stay = course(
                said(StayStep.ADMIT, 1),
                said(StayStep.DISCHARGE, 5, each -> Told.disposition(each, "home")),
                said(StayStep.DISCHARGE, 6, each -> {
                    each.getPeriod().setEnd(at(4));
                    Told.disposition(each, "snf");
                }));
        // Then
        assertThat(stay.getPeriod().getEnd()).isEqualTo(at(4));
        assertThat(stay.getHospitalization().getDischargeDisposition().getText())
                .isEqualTo("snf");
        assertThat(Told.statuses(stay)).containsExactly("in-progress 01-04");
    }

    @Test
    void aCancelledTransferNamesWhichByItsTime() {
        // When
        Encounter stay = course(
                said(StayStep.ADMIT, 1, each -> Told.place(each, "Ward 1")),
                said(StayStep.MOVE, 3, each -> Told.place(each, "ICU")),
                said(StayStep.MOVE, 5, each -> Told.place(each, "Ward 2")),
                Told.entered(StayStep.CANCEL_MOVE, 6, 3, each -> Told.place(each, "Ward 2")));
        // Then
        assertThat(Told.places(stay)).containsExactly("Ward 1 completed 01-05", "Ward 2 active 05-");
    }

    @Test
    void aCancelledTransferThatIsToldAgainTakesBackNoOther() {
        // When
        Encounter stay = course(
                said(StayStep.ADMIT, 1, each -> Told.place(each, "Ward 1")),
                said(StayStep.MOVE, 2, each -> Told.place(each, "Ward 2")),
                said(StayStep.MOVE, 3, each -> Told.place(each, "ICU")),
                Told.entered(StayStep.CANCEL_MOVE, 4, 3, each -> Told.place(each, "Ward 2")),
                Told.entered(StayStep.CANCEL_MOVE, 5, 3, each -> Told.place(each, "Ward 2")));
        // Then
        assertThat(Told.places(stay)).containsExactly("Ward 1 completed 01-02", "Ward 2 active 02-");
    }

    @Test
    void aDischargeOnADayIsOnThatDayAtTheSite() {
        // When
        Encounter stay = StayCourse.of(
                List.of(
                        said(StayStep.ADMIT, 1),
                        said(
                                StayStep.DISCHARGE,
                                4,
                                each -> each.getPeriod().setEndElement(new DateTimeType("2026-03-04")))),
                ZoneId.of("America/New_York"));
        // Then
        assertThat(stay.getStatusHistoryFirstRep().getPeriod().getEndElement().getValueAsString())
                .startsWith("2026-03-04T00:00:00");
    }

    @Test
    void anUpdateTellsOfAnotherBedAndOfWhereItIsToGo() {
        // When
        Encounter stay = course(
                said(StayStep.ADMIT, 1, each -> Told.place(each, "Bed 1")),
                said(StayStep.UPDATE, 2, each -> {
                    Told.place(each, "Bed 2");
                    Told.reserved(each, "Ward 9");
                }),
                said(StayStep.UPDATE, 3, each -> Told.place(each, "Bed 2")));
        // Then
        assertThat(Told.places(stay)).containsExactly("Bed 1 completed 01-02", "Bed 2 active 02-", "Ward 9 reserved -");
    }

    @Test
    void aTransferThatIsToldFirstTellsWhereItWasBefore() {
        // When
        Encounter stay = course(said(StayStep.MOVE, 4, each -> {
            Told.place(each, "ICU");
            Told.prior(each, "Ward 1");
        }));
        // Then
        assertThat(Told.places(stay)).containsExactly("Ward 1 completed -04", "ICU active 04-");
    }

    @Test
    void whatIsEnteredEarlierOnlyFillsWhateverOrderItComesIn() {
        // When
        Encounter stay = course(
                said(StayStep.UPDATE, 5, each -> each.setServiceType(new CodeableConcept().setText("SUR"))),
                said(StayStep.ADMIT, 1, each -> {
                    each.setServiceType(new CodeableConcept().setText("MED"));
                    each.addReasonCode().setText("Chest pain");
                }));
        // Then
        assertThat(stay.getServiceType().getText()).isEqualTo("SUR");
        assertThat(stay.getReasonCodeFirstRep().getText()).isEqualTo("Chest pain");
    }

    @Test
    void whatASenderEmptiesIsGone() {
        // When
        Encounter stay = course(
                said(StayStep.ADMIT, 1, each -> each.setServiceType(new CodeableConcept().setText("MED"))),
                Told.cleared(said(StayStep.UPDATE, 2), Set.of("Encounter.serviceType")));
        // Then
        assertThat(stay.hasServiceType()).isFalse();
    }

    @Test
    void aPlanThatIsCancelledEndsNoStayThatBegan() {
        assertThat(course(said(StayStep.PLAN, 1), said(StayStep.CANCEL_PLAN, 2), said(StayStep.ADMIT, 3))
                        .getStatus())
                .isEqualTo(EncounterStatus.INPROGRESS);
        assertThat(course(said(StayStep.PLAN, 1), said(StayStep.ADMIT, 2), said(StayStep.CANCEL_PLAN, 3))
                        .getStatus())
                .isEqualTo(EncounterStatus.INPROGRESS);
    }
}
