package org.careloop.transitions.domain.document;

import java.time.Instant;
import java.time.LocalDate;
import java.util.Optional;
import java.util.stream.Stream;
import org.hl7.fhir.r4.model.AllergyIntolerance;
import org.hl7.fhir.r4.model.Base;
import org.hl7.fhir.r4.model.BaseDateTimeType;
import org.hl7.fhir.r4.model.CarePlan;
import org.hl7.fhir.r4.model.Condition;
import org.hl7.fhir.r4.model.Consent;
import org.hl7.fhir.r4.model.DiagnosticReport;
import org.hl7.fhir.r4.model.DocumentReference;
import org.hl7.fhir.r4.model.Encounter;
import org.hl7.fhir.r4.model.Goal;
import org.hl7.fhir.r4.model.Immunization;
import org.hl7.fhir.r4.model.MedicationRequest;
import org.hl7.fhir.r4.model.MedicationStatement;
import org.hl7.fhir.r4.model.Observation;
import org.hl7.fhir.r4.model.Period;
import org.hl7.fhir.r4.model.Procedure;
import org.hl7.fhir.r4.model.Resource;
import org.hl7.fhir.r4.model.RiskAssessment;
import org.jspecify.annotations.Nullable;

/** When what a resource tells was, as it says itself; not when it was stored. */
final class RecordTime {

    private RecordTime() {}

    /** Returns the moment; of a period its beginning. */
    static Optional<Instant> of(Resource resource) {
        return element(resource).map(element -> element.getValue().toInstant());
    }

    /** Returns the time as it was written, to the day. */
    static Optional<String> day(Resource resource) {
        return element(resource).map(element -> {
            String text = element.getValueAsString();
            return text.substring(0, Math.min(10, text.length()));
        });
    }

    /** Returns the day that was written; empty where it was left open. */
    static Optional<LocalDate> localDate(Resource resource) {
        return day(resource)
                .filter(day -> day.length() == "YYYY-MM-DD".length())
                .map(LocalDate::parse);
    }

    private static Optional<BaseDateTimeType> element(Resource resource) {
        return switch (resource) {
            case Observation each -> first(each.getEffective(), each.getIssuedElement());
            case DiagnosticReport each -> first(each.getEffective(), each.getIssuedElement());
            case Procedure each -> first(each.getPerformed());
            case Immunization each -> first(each.getOccurrence());
            case DocumentReference each -> first(each.getDateElement());
            case MedicationRequest each -> first(each.getAuthoredOnElement());
            case MedicationStatement each -> first(each.getEffective(), each.getDateAssertedElement());
            case Condition each -> first(each.getOnset(), each.getRecordedDateElement());
            case AllergyIntolerance each -> first(each.getRecordedDateElement(), each.getOnset());
            case CarePlan each -> first(each.getPeriod(), each.getCreatedElement());
            case Goal each -> first(each.getStart());
            case Consent each -> first(each.getDateTimeElement());
            case RiskAssessment each -> first(each.getOccurrence());
            case Encounter each -> first(each.getPeriod());
            default -> Optional.empty();
        };
    }

    private static Optional<BaseDateTimeType> first(@Nullable Base... times) {
        return Stream.of(times)
                .map(time -> time instanceof Period period ? period.getStartElement() : time)
                .filter(BaseDateTimeType.class::isInstance)
                .map(BaseDateTimeType.class::cast)
                .filter(BaseDateTimeType::hasValue)
                .findFirst();
    }
}
