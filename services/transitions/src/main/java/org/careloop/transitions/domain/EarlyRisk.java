package org.careloop.transitions.domain;

import ca.uhn.fhir.model.api.TemporalPrecisionEnum;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.hl7.fhir.r4.model.DateTimeType;
import org.hl7.fhir.r4.model.RiskAssessment;
import org.hl7.fhir.r4.model.RiskAssessment.RiskAssessmentStatus;

/**
 * Which assessment shows that the need of discharge planning was found at an early stage (42 CFR 482.43(a)): one that was made before
 * the discharge and says how great the risk is.
 */
public final class EarlyRisk {

    private static final Set<RiskAssessmentStatus> STANDS =
            Set.of(RiskAssessmentStatus.FINAL, RiskAssessmentStatus.AMENDED, RiskAssessmentStatus.CORRECTED);

    private EarlyRisk() {}

    /**
     * Returns the id of the first of {@code assessments} that shows it.
     *
     * @param own ids of those that the platform makes at the discharge, which are never early
     * @param until the discharge, or now
     * @param zone of days that stand without a time of day
     */
    public static Optional<String> of(
            Collection<RiskAssessment> assessments, Set<String> own, Instant until, ZoneId zone) {
        return assessments.stream()
                .filter(each -> !own.contains(each.getIdElement().getIdPart()))
                .filter(each -> STANDS.contains(each.getStatus()) && tellsRisk(each))
                .filter(each ->
                        made(each, zone).filter(at -> at.isBefore(until)).isPresent())
                .min(Comparator.comparing(
                                (RiskAssessment each) -> made(each, zone).orElseThrow())
                        .thenComparing(each -> each.getIdElement().getIdPart()))
                .map(each -> each.getIdElement().getIdPart());
    }

    private static boolean tellsRisk(RiskAssessment assessment) {
        return assessment.getPrediction().stream()
                .anyMatch(each -> each.getQualitativeRisk().hasCoding() || each.hasProbability());
    }

    /** By when it was made at the latest; where nobody says, when it was told. */
    private static Optional<Instant> made(RiskAssessment assessment, ZoneId zone) {
        if (assessment.hasOccurrenceDateTimeType()) {
            return last(assessment.getOccurrenceDateTimeType(), zone);
        }
        if (assessment.hasOccurrencePeriod()) {
            return Stream.of(
                            assessment.getOccurrencePeriod().getEndElement(),
                            assessment.getOccurrencePeriod().getStartElement())
                    .flatMap(time -> last(time, zone).stream())
                    .findFirst();
        }
        return Optional.ofNullable(assessment.getMeta().getLastUpdated()).map(told -> told.toInstant());
    }

    private static Optional<Instant> last(DateTimeType time, ZoneId zone) {
        return time.getPrecision() == TemporalPrecisionEnum.DAY
                ? SiteTime.day(time, zone)
                        .map(day -> day.plusDays(1).atStartOfDay(zone).toInstant())
                : SiteTime.of(time, zone);
    }
}
