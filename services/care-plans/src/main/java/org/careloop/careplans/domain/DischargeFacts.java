package org.careloop.careplans.domain;

import java.time.Instant;
import java.time.LocalDate;
import java.time.Period;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Reference;

/**
 * What is known of a discharge when its plan is made.
 *
 * @param patient literal reference to the Patient
 * @param encounter literal reference to the Encounter; all ids of the plan are derived from it
 * @param episode literal reference to the EpisodeOfCare
 * @param riskBand {@code low}, {@code moderate} or {@code high}; empty when it was not computed
 * @param diagnoses the principal one first
 * @param milestones when each milestone is due, by its code
 * @param birthDate the earliest day that the patient can be born on; empty when it is not known
 * @param relations how the stay follows from an earlier one ({@code readmission-unplanned}) and, of one that goes on from another,
 *     how the first of those stays does; empty when it follows from none
 */
public record DischargeFacts(
        Reference patient,
        Reference encounter,
        Optional<Reference> episode,
        Discharge discharge,
        List<Diagnosis> diagnoses,
        Optional<String> riskBand,
        Map<String, Instant> milestones,
        Parties parties,
        Optional<LocalDate> birthDate,
        Set<String> relations) {

    /** Facts of a stay that follows from no other. */
    public DischargeFacts(
            Reference patient,
            Reference encounter,
            Optional<Reference> episode,
            Discharge discharge,
            List<Diagnosis> diagnoses,
            Optional<String> riskBand,
            Map<String, Instant> milestones,
            Parties parties,
            Optional<LocalDate> birthDate) {
        this(patient, encounter, episode, discharge, diagnoses, riskBand, milestones, parties, birthDate, Set.of());
    }

    /** When and whereto; {@code disposition} is the UB-04 patient discharge status ({@code 06}: home health). */
    public record Discharge(Instant at, ZoneId zone, String disposition) {}

    /** A diagnosis of the stay, with its Condition where that is known. */
    public record Diagnosis(Coding code, Optional<Reference> condition) {}

    /**
     * Who is responsible; practitioners may be logical references (identifier and display).
     *
     * @param coordinator the organization that follows the patient from now on
     */
    public record Parties(Reference coordinator, Optional<Reference> attending, Optional<Reference> primaryCare) {}

    /** The id of the encounter, without its type. */
    String encounterId() {
        return encounter.getReferenceElement().getIdPart();
    }

    /** Full years on the day of discharge; empty without a birth date. */
    Optional<Integer> age() {
        LocalDate day = LocalDate.ofInstant(discharge.at(), discharge.zone());
        return birthDate.map(born -> Period.between(born, day).getYears());
    }

    /** When {@code milestone} is due; fails with IllegalArgumentException: a plan without its deadline must not be. */
    Instant due(String milestone) {
        Instant due = milestones.get(milestone);
        if (due == null) {
            throw new IllegalArgumentException("milestones: " + milestone + " is missing (expected: its due time)");
        }
        return due;
    }
}
