package org.careloop.transitions.domain;

import ca.uhn.fhir.model.api.TemporalPrecisionEnum;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.careloop.ruledata.RuleSource;
import org.careloop.transitions.domain.RiskScore.Part;
import org.careloop.transitions.domain.ScoreSteps.Band;
import org.careloop.transitions.domain.ScoreSteps.Step;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.DateTimeType;
import org.hl7.fhir.r4.model.Encounter;
import org.hl7.fhir.r4.model.Observation;
import org.hl7.fhir.r4.model.Observation.ObservationStatus;
import org.hl7.fhir.r4.model.Procedure;
import org.hl7.fhir.r4.model.Procedure.ProcedureStatus;
import org.hl7.fhir.r4.model.Quantity;

/**
 * The HOSPITAL score: hemoglobin, oncology service, sodium, procedure, index admission type, number of admissions, length of stay;
 * expected potentially avoidable readmission within 30 days. Data: {@code rules/hospital-2016.yaml}.
 *
 * @see <a href="https://doi.org/10.1001/jamainternmed.2015.8462">Donze et al., JAMA Intern Med 2016;176:496</a>
 */
public final class HospitalScore {

    private static final String LOINC = "http://loinc.org";
    private static final Set<ObservationStatus> VALID =
            Set.of(ObservationStatus.FINAL, ObservationStatus.AMENDED, ObservationStatus.CORRECTED);

    record Table(
            String version,
            String title,
            String outcome,
            int horizonDays,
            Test hemoglobin,
            Test sodium,
            Service oncology,
            Coded procedure,
            int urgentAdmission,
            List<String> urgentPriorities,
            List<String> otherPriorities,
            List<Step> previousAdmissions,
            List<Step> lengthOfStay,
            List<Band> bands) {}

    /** A laboratory test: LOINC codes, factors of its units, and the value below which it counts. */
    record Test(List<String> codes, Map<String, BigDecimal> units, BigDecimal below, int points) {}

    record Service(List<String> codes, int points) {}

    record Coded(List<String> systems, int points) {}

    /**
     * What a score rests on.
     *
     * @param stay with its discharge
     * @param tests of the stay
     * @param procedures of the stay; empty when nobody tells of procedures
     * @param admissions in the 12 months before this one; empty when they are not known
     * @param zone of the site: days are its days
     */
    public record Input(
            Encounter stay,
            List<Observation> tests,
            Optional<List<Procedure>> procedures,
            Optional<Integer> admissions,
            ZoneId zone) {}

    private final Table table;

    HospitalScore(Table table) {
        this.table = table;
    }

    /** Returns the table that comes with the service. */
    public static HospitalScore shipped() {
        return of(RuleSource.shipped());
    }

    /** Returns the table of {@code source}; fails as it does. */
    public static HospitalScore of(RuleSource source) {
        return new HospitalScore(source.read(Table.class, "rules/hospital-2016.yaml"));
    }

    /** What it is. */
    public ScoreKind kind() {
        return new ScoreKind("hospital", table.title(), table.outcome(), table.horizonDays());
    }

    /** The LOINC codes of the tests that it looks at. */
    public Set<String> codes() {
        Set<String> codes = new TreeSet<>(table.hemoglobin().codes());
        codes.addAll(table.sodium().codes());
        return codes;
    }

    /** Returns the tests that count: of each kind the last one before the discharge. */
    public List<Observation> basis(Input input) {
        List<Observation> basis = new ArrayList<>();
        last(table.hemoglobin(), input).ifPresent(basis::add);
        last(table.sodium(), input).ifPresent(basis::add);
        return basis;
    }

    /** Returns the score, or what is missing for one. */
    public RiskScore score(Input input) {
        Encounter stay = input.stay();
        Optional<BigDecimal> hemoglobin =
                last(table.hemoglobin(), input).flatMap(test -> value(table.hemoglobin(), test));
        Optional<BigDecimal> sodium = last(table.sodium(), input).flatMap(test -> value(table.sodium(), test));
        Optional<Boolean> urgent =
                ScoreSteps.among(stay.getPriority(), table.urgentPriorities(), table.otherPriorities());
        Optional<Long> days = days(stay, input.zone());
        List<String> missing = new ArrayList<>();
        require(hemoglobin, "hemoglobin at discharge", missing);
        require(service(stay), "service of the stay", missing);
        require(sodium, "sodium at discharge", missing);
        require(input.procedures(), "procedures of the stay", missing);
        require(urgent, "type of admission", missing);
        require(input.admissions(), "admissions in the 12 months before", missing);
        require(days, "length of stay", missing);
        if (!missing.isEmpty()) {
            return new RiskScore.Unavailable(table.version(), missing);
        }
        List<Part> parts = List.of(
                new Part("H", "Hemoglobin at discharge", low(table.hemoglobin(), hemoglobin.get())),
                new Part(
                        "O",
                        "Oncology service",
                        isOncology(stay) ? table.oncology().points() : 0),
                new Part("S", "Sodium at discharge", low(table.sodium(), sodium.get())),
                new Part(
                        "P",
                        "Procedure",
                        hasProcedure(input) ? table.procedure().points() : 0),
                new Part("IT", "Index admission type", urgent.get() ? table.urgentAdmission() : 0),
                new Part(
                        "A",
                        "Admissions in the year before",
                        ScoreSteps.points(
                                table.previousAdmissions(), input.admissions().get())),
                new Part("L", "Length of stay", ScoreSteps.points(table.lengthOfStay(), days.get())));
        int total = parts.stream().mapToInt(Part::points).sum();
        return new RiskScore.Score(table.version(), parts, total, ScoreSteps.band(table.bands(), total), List.of());
    }

    private static void require(Optional<?> input, String name, List<String> missing) {
        if (input.isEmpty()) {
            missing.add(name);
        }
    }

    private static Optional<Long> days(Encounter stay, ZoneId zone) {
        Optional<LocalDate> admitted = SiteTime.day(stay.getPeriod().getStartElement(), zone);
        Optional<LocalDate> left = SiteTime.day(stay.getPeriod().getEndElement(), zone);
        return admitted.flatMap(from -> left.map(to -> ChronoUnit.DAYS.between(from, to)))
                .filter(days -> days >= 0);
    }

    private static int low(Test test, BigDecimal value) {
        return value.compareTo(test.below()) < 0 ? test.points() : 0;
    }

    private static Optional<CodeableConcept> service(Encounter stay) {
        return stay.hasServiceType() ? Optional.of(stay.getServiceType()) : Optional.empty();
    }

    private boolean isOncology(Encounter stay) {
        return stay.getServiceType().getCoding().stream()
                .anyMatch(coding -> table.oncology().codes().contains(coding.getCode()));
    }

    private boolean hasProcedure(Input input) {
        return input.procedures().orElse(List.of()).stream()
                .filter(procedure -> procedure.getStatus() == ProcedureStatus.COMPLETED)
                .flatMap(procedure -> procedure.getCode().getCoding().stream())
                .anyMatch(coding -> table.procedure().systems().contains(coding.getSystem()));
    }

    private Optional<Observation> last(Test test, Input input) {
        Instant left = left(input);
        return input.tests().stream()
                .filter(each -> VALID.contains(each.getStatus()) && isOf(test, each))
                .filter(each ->
                        each.hasEffectiveDateTimeType() && value(test, each).isPresent())
                .filter(each -> !at(each).isAfter(left))
                .max(Comparator.comparing(HospitalScore::at));
    }

    /** A day without a time of day lasts until its end. */
    private static Instant left(Input input) {
        DateTimeType end = input.stay().getPeriod().getEndElement();
        if (!end.hasValue()) {
            return Instant.MAX;
        }
        return end.getPrecision() == TemporalPrecisionEnum.DAY
                ? LocalDate.parse(end.getValueAsString())
                        .plusDays(1)
                        .atStartOfDay(input.zone())
                        .toInstant()
                : end.getValue().toInstant();
    }

    private static Instant at(Observation test) {
        return test.getEffectiveDateTimeType().getValue().toInstant();
    }

    private static boolean isOf(Test test, Observation observation) {
        return observation.getCode().getCoding().stream()
                .anyMatch(coding ->
                        LOINC.equals(coding.getSystem()) && test.codes().contains(coding.getCode()));
    }

    /** A value in a unit that is not listed says nothing. */
    private static Optional<BigDecimal> value(Test test, Observation observation) {
        if (!observation.hasValueQuantity() || !observation.getValueQuantity().hasValue()) {
            return Optional.empty();
        }
        Quantity quantity = observation.getValueQuantity();
        String unit = quantity.hasCode() ? quantity.getCode() : String.valueOf(quantity.getUnit());
        return Optional.ofNullable(test.units().get(unit))
                .map(factor -> quantity.getValue().multiply(factor));
    }
}
