package org.careloop.transitions.domain;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.DateTimeType;
import org.hl7.fhir.r4.model.Encounter;
import org.hl7.fhir.r4.model.Encounter.EncounterStatus;
import org.hl7.fhir.r4.model.Extension;

/**
 * When a stay was, and what says why it was: all that decides what it follows from.
 *
 * @param startDay at the site, as is {@code endDay}
 * @param end the discharge; empty while the patient is there
 * @param destination whereto the patient went; empty where nothing is said of it
 * @param expected the day for which the admission was planned
 * @param reasons codes of ICD-10-CM, without dots
 */
record StaySpan(
        String id,
        Instant start,
        LocalDate startDay,
        Optional<Instant> end,
        Optional<LocalDate> endDay,
        Optional<DischargeDestination> destination,
        CodeableConcept admitSource,
        CodeableConcept priority,
        List<CodeableConcept> types,
        Optional<LocalDate> expected,
        List<String> reasons) {

    /** On an Encounter: the day for which the admission was planned (PV2-8). */
    static final String PLANNED_START =
            "http://hl7.org/fhir/5.0/StructureDefinition/extension-Encounter.plannedStartDate";

    private static final String ICD_10_CM = "http://hl7.org/fhir/sid/icd-10-cm";

    /** Reads {@code encounter}; empty when it is no stay, did not begin, or nobody tells when. */
    static Optional<StaySpan> of(Encounter encounter, Sites sites, DischargeDestinations destinations) {
        ZoneId zone = sites.of(encounter.getServiceProvider()).zone();
        DateTimeType begun = encounter.getPeriod().getStartElement();
        if (!sites.isStay(encounter) || !TransitionState.hasBegun(encounter.getStatus())) {
            return Optional.empty();
        }
        boolean ended = encounter.getStatus() == EncounterStatus.FINISHED;
        DateTimeType ending = encounter.getPeriod().getEndElement();
        return SiteTime.of(begun, zone)
                .map(start -> new StaySpan(
                        encounter.getIdElement().getIdPart(),
                        start,
                        LocalDate.ofInstant(start, zone),
                        SiteTime.of(ending, zone).filter(end -> ended),
                        SiteTime.day(ending, zone).filter(day -> ended),
                        destination(encounter, destinations),
                        encounter.getHospitalization().getAdmitSource(),
                        encounter.getPriority(),
                        encounter.getType(),
                        expected(encounter, zone),
                        reasons(encounter)));
    }

    private static Optional<DischargeDestination> destination(Encounter encounter, DischargeDestinations destinations) {
        CodeableConcept disposition = encounter.getHospitalization().getDischargeDisposition();
        return disposition.hasCoding() ? Optional.of(destinations.of(disposition)) : Optional.empty();
    }

    private static Optional<LocalDate> expected(Encounter encounter, ZoneId zone) {
        return Optional.ofNullable(encounter.getExtensionByUrl(PLANNED_START))
                .map(Extension::getValue)
                .filter(DateTimeType.class::isInstance)
                .flatMap(time -> SiteTime.day((DateTimeType) time, zone));
    }

    private static List<String> reasons(Encounter encounter) {
        return encounter.getReasonCode().stream()
                .limit(1)
                .flatMap(reason -> reason.getCoding().stream())
                .filter(coding -> ICD_10_CM.equals(coding.getSystem()) && coding.hasCode())
                .map(coding -> coding.getCode().replace(".", "").toUpperCase(Locale.ROOT))
                .toList();
    }
}
