package org.careloop.transitions.domain;

import ca.uhn.fhir.model.api.TemporalPrecisionEnum;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;
import org.hl7.fhir.r4.model.DateTimeType;
import org.hl7.fhir.r4.model.Encounter;
import org.hl7.fhir.r4.model.Encounter.EncounterStatus;
import org.hl7.fhir.r4.model.Extension;

/** Reads from an Encounter when its stay was, and was planned to be over. */
public final class StayTimes {

    private static final String PLANNED_END =
            "http://hl7.org/fhir/5.0/StructureDefinition/extension-Encounter.plannedEndDate";

    private StayTimes() {}

    /** Returns the times of {@code stay} at a site of {@code zone}; empty when it was no stay, or nobody tells since when. */
    public static Optional<StayDelay.Times> of(Encounter stay, ZoneId zone, Instant now) {
        boolean error = TransitionState.of(stay.getStatus()) == TransitionState.RETRACTED
                || stay.getStatus() == EncounterStatus.PLANNED;
        Optional<Instant> end = stay.getStatus() == EncounterStatus.FINISHED
                ? SiteTime.of(stay.getPeriod().getEndElement(), zone)
                : Optional.of(now);
        return begun(stay, zone)
                .filter(start -> !error)
                .flatMap(start -> end.filter(until -> !until.isBefore(start))
                        .map(until -> new StayDelay.Times(start, planned(stay, zone), until)));
    }

    /** Returns when {@code stay} began, where that is told. */
    public static Optional<Instant> begun(Encounter stay, ZoneId zone) {
        return SiteTime.of(stay.getPeriod().getStartElement(), zone);
    }

    /** A day on which a stay is to end is over before it is a delay. */
    private static Optional<Instant> planned(Encounter stay, ZoneId zone) {
        return Optional.ofNullable(stay.getExtensionByUrl(PLANNED_END))
                .map(Extension::getValue)
                .filter(DateTimeType.class::isInstance)
                .map(DateTimeType.class::cast)
                .flatMap(time -> time.getPrecision() == TemporalPrecisionEnum.DAY
                        ? SiteTime.day(time, zone)
                                .map(day -> day.plusDays(1).atStartOfDay(zone).toInstant())
                        : SiteTime.of(time, zone));
    }
}
