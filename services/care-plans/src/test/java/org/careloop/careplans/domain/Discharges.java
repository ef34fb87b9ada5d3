package org.careloop.careplans.domain;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.careloop.careplans.domain.DischargeFacts.Diagnosis;
import org.careloop.careplans.domain.DischargeFacts.Discharge;
import org.careloop.careplans.domain.DischargeFacts.Parties;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Reference;

/** Discharges to test with; on the day before the clocks of New York go forward. */
public final class Discharges {

    public static final Instant AT = Instant.parse("2026-03-07T20:00:00Z");

    private Discharges() {}

    /** Home, low risk, gallstones. */
    public static DischargeFacts home() {
        return of("01", Optional.of("low"), "K80.20");
    }

    /** Home, low risk. */
    public static DischargeFacts bornOn(LocalDate born, String... diagnoses) {
        DischargeFacts known = of("01", Optional.of("low"), diagnoses);
        return new DischargeFacts(
                known.patient(),
                known.encounter(),
                known.episode(),
                known.discharge(),
                known.diagnoses(),
                known.riskBand(),
                known.milestones(),
                known.parties(),
                Optional.of(born));
    }

    /** To somewhere else at another time, with the same diagnoses. */
    static DischargeFacts moved(DischargeFacts known, Instant at, String disposition, Map<String, Instant> milestones) {
        return new DischargeFacts(
                known.patient(),
                known.encounter(),
                known.episode(),
                new Discharge(at, known.discharge().zone(), disposition),
                known.diagnoses(),
                known.riskBand(),
                milestones,
                known.parties(),
                known.birthDate());
    }

    public static DischargeFacts of(String disposition, Optional<String> riskBand, String... diagnoses) {
        return new DischargeFacts(
                new Reference("Patient/ada"),
                new Reference("Encounter/stay-1"),
                Optional.of(new Reference("EpisodeOfCare/episode-1")),
                new Discharge(AT, ZoneId.of("America/New_York"), disposition),
                List.of(diagnoses).stream()
                        .map(code -> new Diagnosis(
                                new Coding("http://hl7.org/fhir/sid/icd-10-cm", code, "Diagnosis " + code),
                                Optional.of(new Reference("Condition/" + code.replace(".", "")))))
                        .toList(),
                riskBand,
                Map.of(
                        "outreach", Instant.parse("2026-03-10T21:00:00Z"),
                        "medication-reconciliation", Instant.parse("2026-04-06T20:00:00Z"),
                        "follow-up-visit", Instant.parse("2026-03-21T20:00:00Z"),
                        "home-health-start", Instant.parse("2026-03-09T20:00:00Z")),
                new Parties(
                        new Reference("Organization/riverside-clinic"),
                        Optional.of(new Reference().setDisplay("Attending")),
                        Optional.of(new Reference().setDisplay("Family doctor"))),
                Optional.empty());
    }
}
