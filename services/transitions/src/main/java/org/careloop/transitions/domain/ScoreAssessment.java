package org.careloop.transitions.domain;

import java.time.Instant;
import java.time.ZoneId;
import java.util.Date;
import java.util.List;
import java.util.TimeZone;
import org.careloop.transitions.domain.RiskScore.Part;
import org.careloop.transitions.domain.RiskScore.Score;
import org.careloop.transitions.domain.RiskScore.Unavailable;
import org.hl7.fhir.r4.model.CodeType;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.DateTimeType;
import org.hl7.fhir.r4.model.Extension;
import org.hl7.fhir.r4.model.IntegerType;
import org.hl7.fhir.r4.model.Period;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.RiskAssessment;
import org.hl7.fhir.r4.model.RiskAssessment.RiskAssessmentPredictionComponent;
import org.hl7.fhir.r4.model.RiskAssessment.RiskAssessmentStatus;

/** Tells a score as a FHIR RiskAssessment. */
public final class ScoreAssessment {

    /** One part of a score: extensions {@code code} and {@code points}, on the prediction. */
    public static final String PART_EXTENSION = "https://careloop.org/fhir/StructureDefinition/risk-score-part";
    /** The sum of the parts, an integer, on the prediction. */
    public static final String TOTAL_EXTENSION = "https://careloop.org/fhir/StructureDefinition/risk-score-total";
    /** The code system of {@code RiskAssessment.method}. */
    public static final String METHOD_SYSTEM = "https://careloop.org/fhir/CodeSystem/risk-score-method";

    private static final String BAND_SYSTEM = "http://terminology.hl7.org/CodeSystem/risk-probability";

    private final ScoreKind kind;

    /** Tells scores of {@code kind}. */
    public ScoreAssessment(ScoreKind kind) {
        this.kind = kind;
    }

    /**
     * Returns the assessment without an id: {@code final} with a score, {@code preliminary} with a note of what is
     * missing when there is none.
     *
     * @param basis what it rests on (Encounter, Conditions)
     * @param discharged the moment it is made for; the prediction's period starts there
     */
    public RiskAssessment of(
            RiskScore result,
            Reference patient,
            Reference encounter,
            List<Reference> basis,
            Instant discharged,
            ZoneId zone) {
        RiskAssessment assessment = new RiskAssessment()
                .setMethod(method(result))
                .setSubject(patient)
                .setEncounter(encounter)
                .setOccurrence(at(discharged, zone));
        basis.forEach(assessment::addBasis);
        return switch (result) {
            case Score score -> scored(assessment, score, discharged, zone);
            case Unavailable unavailable -> unavailable(assessment, unavailable);
        };
    }

    private RiskAssessment scored(RiskAssessment assessment, Score score, Instant discharged, ZoneId zone) {
        assessment.setStatus(RiskAssessmentStatus.FINAL).addPrediction(prediction(score, discharged, zone));
        if (!score.counted().isEmpty()) {
            assessment.addNote().setText("Counted: " + String.join(", ", score.counted()));
        }
        return assessment;
    }

    private static RiskAssessment unavailable(RiskAssessment assessment, Unavailable unavailable) {
        assessment.setStatus(RiskAssessmentStatus.PRELIMINARY);
        assessment.addNote().setText("Score not available; missing: " + String.join(", ", unavailable.missing()));
        return assessment;
    }

    private CodeableConcept method(RiskScore result) {
        Coding coding = new Coding(METHOD_SYSTEM, kind.code(), kind.title()).setVersion(result.version());
        return new CodeableConcept(coding).setText(kind.title());
    }

    private RiskAssessmentPredictionComponent prediction(Score score, Instant discharged, ZoneId zone) {
        Instant until = discharged
                .atZone(zone)
                .toLocalDate()
                .plusDays(kind.horizonDays() + 1L)
                .atStartOfDay(zone)
                .minusSeconds(1)
                .toInstant();
        RiskAssessmentPredictionComponent prediction = new RiskAssessmentPredictionComponent()
                .setOutcome(new CodeableConcept().setText(kind.outcome()))
                .setQualitativeRisk(band(score.band()))
                .setWhen(new Period().setStartElement(at(discharged, zone)).setEndElement(at(until, zone)));
        prediction.addExtension(TOTAL_EXTENSION, new IntegerType(score.total()));
        score.parts().forEach(part -> prediction.addExtension(extension(part)));
        prediction.setRationale(rationale(score));
        return prediction;
    }

    private static String rationale(Score score) {
        StringBuilder text = new StringBuilder();
        score.parts()
                .forEach(part -> text.append(part.code())
                        .append(' ')
                        .append(part.points())
                        .append(" + "));
        text.setLength(text.length() - 3);
        return text.append(" = ").append(score.total()).toString();
    }

    private static Extension extension(Part part) {
        Extension extension = new Extension(PART_EXTENSION);
        extension.addExtension("code", new CodeType(part.code()));
        extension.addExtension("points", new IntegerType(part.points()));
        return extension;
    }

    private static CodeableConcept band(RiskBand band) {
        return switch (band) {
            case LOW -> new CodeableConcept(new Coding(BAND_SYSTEM, "low", "Low likelihood"));
            case MODERATE -> new CodeableConcept(new Coding(BAND_SYSTEM, "moderate", "Moderate likelihood"));
            case HIGH -> new CodeableConcept(new Coding(BAND_SYSTEM, "high", "High likelihood"));
            case UNKNOWN -> throw new IllegalArgumentException("a score has a band");
        };
    }

    private static DateTimeType at(Instant instant, ZoneId zone) {
        DateTimeType time = new DateTimeType(Date.from(instant));
        time.setTimeZone(TimeZone.getTimeZone(zone));
        return time;
    }
}
