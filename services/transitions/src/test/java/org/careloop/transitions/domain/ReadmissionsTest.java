package org.careloop.transitions.domain;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.DateTimeType;
import org.hl7.fhir.r4.model.Encounter;
import org.hl7.fhir.r4.model.Encounter.EncounterStatus;
import org.hl7.fhir.r4.model.Reference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReadmissionsTest {

    private static final ZoneId ZONE = ZoneId.of("America/New_York");
    static final Readmissions READMISSIONS = new Readmissions(
            ReadmissionRules.shipped(),
            new Sites(
                    Map.of("west", new Sites.Site(ZoneId.of("America/Los_Angeles"), Optional.empty())),
                    ZONE,
                    Set.of("IMP", "ACUTE", "NONAC", "OBSENC", "SS")),
            DischargeDestinations.shipped());

    /** The index stay ends on 7 March at 15:00. */
    private final Encounter index = stay("index", "2026-03-03T08:00:00-05:00", "2026-03-07T15:00:00-05:00");

    @ParameterizedTest
    @CsvSource({
        "2026-03-08T09:00:00-04:00, readmission-unplanned, 1",
        "2026-04-06T23:30:00-04:00, readmission-unplanned, 30",
        "2026-04-07T00:30:00-04:00, , 0",
        "2026-03-07T23:00:00-05:00, same-day-return, 0",
        // Told to have come before the former left.
        "2026-03-07T09:00:00-05:00, same-day-return, 0",
        "2026-03-06T09:00:00-05:00, , 0"
    })
    void daysAreDaysAtTheSites(String start, String relation, int days) {
        Optional<IndexStay> found = of(index, stay("next", start, null)).get("next");
        assertThat(found.map(each -> each.relation().code())).isEqualTo(Optional.ofNullable(relation));
        found.ifPresent(each -> {
            assertThat(each.days()).isEqualTo(days);
            assertThat(each.encounterId()).isEqualTo("index");
            assertThat(each.firstId()).isEqualTo("index");
            assertThat(each.rules()).isEqualTo("readmissions-2026");
        });
    }

    @Test
    void aDayIsThatOfItsOwnSite() {
        // 23:30 in New York is the day before in Los Angeles, or the same, as the site has it.
        Encounter west = stay("west", "2026-03-07T21:30:00-08:00", null);
        west.setServiceProvider(new Reference("Organization/west"));
        assertThat(of(index, west).get("west").orElseThrow().days()).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        // priority, type, expected on, reason, what it is
        "EL, , , , readmission-planned",
        "R, , , , readmission-unplanned",
        "R, L, , , readmission-planned",
        ", C, , , readmission-planned",
        ", , 2026-03-16, , readmission-planned",
        "UR, , 2026-03-16, , readmission-unplanned",
        ", , 2026-02-01, , readmission-unplanned",
        // Nobody plans an emergency, whatever PV2-8 says
        ", E, 2026-03-17, , readmission-unplanned",
        ", A, 2026-03-17, , readmission-unplanned",
        ", U, 2026-03-17, , readmission-unplanned",
        ", R, 2026-03-17, , readmission-planned",
        "EL, E, , , readmission-planned",
        "EM, , , Z51.11, readmission-planned",
        "EM, C, , I50.23, readmission-unplanned"
    })
    void tellsPlannedFromUnplanned(String priority, String type, String expected, String reason, String relation) {
        Encounter next = stay("next", "2026-03-17T09:00:00-04:00", null);
        if (priority != null) {
            next.setPriority(concept("http://terminology.hl7.org/CodeSystem/v3-ActPriority", priority));
        }
        if (type != null) {
            next.addType(concept("http://terminology.hl7.org/CodeSystem/v2-0007", type));
        }
        if (expected != null) {
            next.addExtension(StaySpan.PLANNED_START, new DateTimeType(expected));
        }
        if (reason != null) {
            next.addReasonCode(concept("http://hl7.org/fhir/sid/icd-10-cm", reason));
        }
        assertThat(relation(next, index, next)).isEqualTo(relation);
    }

    @ParameterizedTest
    @CsvSource({
        "02, , 2026-03-07T18:00:00-05:00, direct-transfer",
        "02, , 2026-03-08T01:00:00-05:00, direct-transfer",
        "02, , 2026-03-09T01:00:00-04:00, readmission-unplanned",
        "01, 4, 2026-03-07T18:00:00-05:00, direct-transfer",
        "01, 1, 2026-03-07T18:00:00-05:00, same-day-return",
        "03, , 2026-03-08T18:00:00-04:00, readmission-unplanned"
    })
    void tellsTransfersFromReturns(String disposition, String source, String start, String relation) {
        index.getHospitalization()
                .setDischargeDisposition(concept("http://terminology.hl7.org/CodeSystem/v2-0112", disposition));
        Encounter next = stay("next", start, null);
        if (source != null) {
            next.getHospitalization().setAdmitSource(concept("http://terminology.hl7.org/CodeSystem/v2-0023", source));
        }
        assertThat(relation(next, index, next)).isEqualTo(relation);
    }

    @ParameterizedTest
    @CsvSource({"IMP, true", "ACUTE, true", "OBSENC, true", "NONAC, false", "SS, false", "EMER, false"})
    void staysOfAcuteCareCountAlone(String type, boolean counts) {
        Encounter other = stay("other", "2026-03-12T09:00:00-04:00", "2026-03-16T09:00:00-04:00");
        other.getClass_().setCode(type);
        Encounter next = stay("next", "2026-03-17T09:00:00-04:00", null);
        Map<String, Optional<IndexStay>> found = of(index, other, next);
        // What is not counted neither is a readmission nor has one; days count from the hospital stay before.
        assertThat(found.get("other").map(IndexStay::encounterId))
                .isEqualTo(counts ? Optional.of("index") : Optional.empty());
        assertThat(found.get("next").map(IndexStay::encounterId)).contains(counts ? "other" : "index");
    }

    @Test
    void onlyStaysThatBeganAndEndedCount() {
        Encounter next = stay("next", "2026-03-17T09:00:00-04:00", null);
        // An emergency visit is no stay
        Encounter visit = stay("visit", "2026-03-16T09:00:00-04:00", "2026-03-16T12:00:00-04:00");
        visit.setClass_(new Coding(null, "EMER", null));
        // One that is to come, and one that was an error, did not begin
        Encounter planned = stay("planned", "2026-03-15T09:00:00-04:00", null).setStatus(EncounterStatus.PLANNED);
        Encounter error = stay("error", "2026-03-10T09:00:00-04:00", "2026-03-12T09:00:00-04:00")
                .setStatus(EncounterStatus.CANCELLED);
        Map<String, Optional<IndexStay>> found = of(index, next, visit, planned, error);
        assertThat(found.get("next").map(IndexStay::encounterId)).contains("index");
        assertThat(found.get("visit")).isEmpty();
        assertThat(found.get("planned")).isEmpty();
        assertThat(found.get("error")).isEmpty();
        // Nobody comes back who died
        index.getHospitalization()
                .setDischargeDisposition(concept("http://terminology.hl7.org/CodeSystem/v2-0112", "20"));
        assertThat(of(index, next).get("next")).isEmpty();
        // Nor from where they have not left
        index.setStatus(EncounterStatus.INPROGRESS);
        assertThat(of(index, next).get("next")).isEmpty();
    }

    @Test
    void theOrderIsNoInput() {
        List<Encounter> stays = new ArrayList<>(List.of(
                index,
                stay("a", "2026-03-17T09:00:00-04:00", "2026-03-19T09:00:00-04:00"),
                stay("b", "2026-03-19T12:00:00-04:00", "2026-03-25T09:00:00-04:00"),
                stay("c", "2026-04-02T09:00:00-04:00", null)));
        Map<String, Optional<IndexStay>> expected = READMISSIONS.of(stays);
        assertThat(expected.get("c").map(IndexStay::encounterId)).contains("b");
        for (int i = 0; i < stays.size(); i++) {
            Collections.rotate(stays, 1);
            assertThat(READMISSIONS.of(stays)).isEqualTo(expected);
        }
    }

    private Map<String, Optional<IndexStay>> of(Encounter... stays) {
        return READMISSIONS.of(List.of(stays));
    }

    private String relation(Encounter stay, Encounter... all) {
        return of(all).get(stay.getIdElement().getIdPart())
                .map(found -> found.relation().code())
                .orElse("none");
    }

    static void transferred(Encounter stay) {
        stay.getHospitalization()
                .setDischargeDisposition(concept("http://terminology.hl7.org/CodeSystem/v2-0112", "02"));
    }

    private static CodeableConcept concept(String system, String code) {
        return new CodeableConcept(new Coding(system, code, null));
    }

    static Encounter stay(String id, String start, String end) {
        Encounter stay = new Encounter();
        stay.setId(id);
        stay.setClass_(new Coding(null, "IMP", null));
        stay.setStatus(end == null ? EncounterStatus.INPROGRESS : EncounterStatus.FINISHED);
        stay.getPeriod().setStartElement(new DateTimeType(start));
        if (end != null) {
            stay.getPeriod().setEndElement(new DateTimeType(end));
        }
        return stay;
    }
}
