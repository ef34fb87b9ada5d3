package org.careloop.transitions.domain;

import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.careloop.ruledata.RuleSource;
import org.careloop.transitions.domain.RiskScore.Part;
import org.careloop.transitions.domain.RiskScore.Score;
import org.careloop.transitions.domain.RiskScore.Unavailable;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Condition;
import org.hl7.fhir.r4.model.Encounter;
import org.hl7.fhir.r4.model.Period;

/**
 * The LACE index: length of stay, acute admission, comorbidity, emergency visits; expected death or unplanned
 * readmission within 30 days of discharge.
 *
 * @see <a href="https://doi.org/10.1503/cmaj.091117">van Walraven et al., CMAJ 2010;182:551</a>
 */
public final class Lace {

    private static final String ICD_10_CM = "http://hl7.org/fhir/sid/icd-10-cm";
    private static final String VERIFICATION = "http://terminology.hl7.org/CodeSystem/condition-ver-status";

    private final LaceTable table;

    Lace(LaceTable table) {
        this.table = table;
    }

    /** Returns the table that comes with the service. */
    public static Lace shipped() {
        return of(RuleSource.shipped());
    }

    /** Returns the table of {@code source}; fails as it does. */
    public static Lace of(RuleSource source) {
        return new Lace(source.read(LaceTable.class, "rules/lace-2010.yaml"));
    }

    /**
     * Reads the input from what is stored of a stay.
     *
     * @param conditions of the encounter; those entered in error do not count
     * @param emergencyVisits visits in the 6 months before admission, if they are known
     * @param zone of the site: days are its days
     */
    public LaceInput inputOf(
            Encounter encounter, List<Condition> conditions, Optional<Integer> emergencyVisits, ZoneId zone) {
        List<String> codes = conditions.stream()
                .filter(condition -> !condition.getVerificationStatus().hasCoding(VERIFICATION, "entered-in-error"))
                .flatMap(condition -> condition.getCode().getCoding().stream())
                .filter(coding -> ICD_10_CM.equals(coding.getSystem()) && coding.hasCode())
                .map(Coding::getCode)
                .distinct()
                .toList();
        Optional<Boolean> acute =
                ScoreSteps.among(encounter.getPriority(), table.acutePriorities(), table.otherPriorities());
        Period stay = encounter.getPeriod();
        return new LaceInput(
                SiteTime.day(stay.getStartElement(), zone),
                SiteTime.day(stay.getEndElement(), zone),
                acute,
                codes,
                emergencyVisits);
    }

    /** Returns the score, or what is missing for one. */
    public RiskScore score(LaceInput input) {
        List<String> missing = missing(input);
        if (!missing.isEmpty()) {
            return new Unavailable(table.version(), List.copyOf(missing));
        }
        long days = days(input.admitted().orElseThrow(), input.discharged().orElseThrow());
        boolean acute = input.acuteAdmission().orElseThrow();
        int weight = table.charlson().weightOf(input.diagnosisCodes());
        int visits = input.emergencyVisits().orElseThrow();
        List<Part> parts = List.of(
                new Part("L", "Length of stay", ScoreSteps.points(table.lengthOfStay(), days)),
                new Part("A", "Acute admission", acute ? table.acuteAdmission() : 0),
                new Part("C", "Comorbidity", ScoreSteps.points(table.comorbidity(), weight)),
                new Part("E", "Emergency visits", ScoreSteps.points(table.emergencyVisits(), visits)));
        int total = parts.stream().mapToInt(Part::points).sum();
        List<String> conditions = List.copyOf(table.charlson().conditionsOf(input.diagnosisCodes()));
        return new Score(table.version(), parts, total, ScoreSteps.band(table.bands(), total), conditions);
    }

    /** How long before the admission an emergency visit has to have ended not to be the one that led to it. */
    public Duration leadsWithin() {
        return Duration.ofHours(table.indexVisitHours());
    }

    /** What it is. */
    public ScoreKind kind() {
        return table.kind();
    }

    private List<String> missing(LaceInput input) {
        List<String> missing = new ArrayList<>();
        if (input.admitted().isEmpty()) {
            missing.add("date of admission");
        }
        if (input.discharged().isEmpty()) {
            missing.add("date of discharge");
        }
        if (input.admitted().isPresent()
                && input.discharged().isPresent()
                && input.discharged().get().isBefore(input.admitted().get())) {
            missing.add("length of stay (discharge before admission)");
        }
        if (input.acuteAdmission().isEmpty()) {
            missing.add("type of admission");
        }
        if (input.diagnosisCodes().isEmpty()) {
            missing.add("diagnoses in ICD-10-CM");
        }
        if (input.emergencyVisits().isEmpty()) {
            missing.add("emergency visits in the 6 months before");
        }
        return missing;
    }

    private long days(LocalDate admitted, LocalDate discharged) {
        return ChronoUnit.DAYS.between(admitted, discharged) + (table.countsDischargeDay() ? 1 : 0);
    }
}
