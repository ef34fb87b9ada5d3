package org.careloop.transitions.domain;

import ca.uhn.fhir.model.api.TemporalPrecisionEnum;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.hl7.fhir.r4.model.BaseDateTimeType;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Encounter;
import org.hl7.fhir.r4.model.Type;

/** What tells one fact of a person from another when its sender gives it no number: the same, told any way, has the same key. */
public final class FactKey {

    private FactKey() {}

    /** By its first coding, else by its text. */
    public static String of(CodeableConcept code) {
        Coding coding = code.getCodingFirstRep();
        return coding.hasCode()
                ? "code " + (coding.hasSystem() ? coding.getSystem() : "") + "|" + coding.getCode()
                : "text " + code.getText();
    }

    /**
     * By its code and the visit that it is of, where nobody tells when it was: what is known of another visit stays.
     *
     * @param part as in {@link #of(CodeableConcept, String, Type)}
     */
    public static String of(CodeableConcept code, String part, Optional<Encounter> visit) {
        String during =
                visit.map(each -> "during " + each.getIdElement().getIdPart()).orElse("");
        return Stream.of(of(code), part, during).collect(Collectors.joining("|"));
    }

    /**
     * By its code and its time.
     *
     * @param part tells several of one code and time apart; may be empty
     * @param at a time, a period, or what else FHIR has there; may be null
     */
    public static String of(CodeableConcept code, String part, Type at) {
        String time = at instanceof BaseDateTimeType moment && moment.hasValue()
                ? (moment.getPrecision().compareTo(TemporalPrecisionEnum.DAY) > 0
                        ? moment.getValue().toInstant().toString()
                        : moment.getValueAsString())
                : "";
        return Stream.of(of(code), part, time).collect(Collectors.joining("|"));
    }
}
