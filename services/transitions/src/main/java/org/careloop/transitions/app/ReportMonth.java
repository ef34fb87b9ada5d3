package org.careloop.transitions.app;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.Optional;
import org.careloop.calleraccess.Caller;
import org.careloop.fhirmodel.FhirId;
import org.careloop.fhirmodel.ResourceKey;
import org.careloop.fhirsearch.Condition;
import org.careloop.fhirstore.ResourceStore;
import org.careloop.fhirstore.UnitOfWork;
import org.careloop.transitions.TransitionsConfig;
import org.careloop.transitions.domain.MeasurePeriod;
import org.careloop.transitions.domain.MeasureResources;
import org.careloop.transitions.domain.ReportProvenance;
import org.careloop.transitions.domain.TransitionMeasures;
import org.careloop.transitions.domain.TransitionMeasures.Definition;
import org.hl7.fhir.r4.model.MeasureReport;

/** Stores the report of a month: one for each measure and organisation, whatever is done again. */
@Singleton
public class ReportMonth {

    private final TransitionsConfig config;
    private final ResourceStore store;
    private final CountDischarges countDischarges;
    private final TransitionMeasures measures;
    private final Clock clock;

    ReportMonth(
            TransitionsConfig config,
            ResourceStore store,
            CountDischarges countDischarges,
            TransitionMeasures measures,
            Clock clock) {
        this.config = config;
        this.store = store;
        this.countDischarges = countDischarges;
        this.measures = measures;
        this.clock = clock;
    }

    /** The id of the report. */
    public static FhirId idOf(Definition definition, YearMonth month, String organization) {
        return FhirId.derivedFrom("measure-report", definition.id(), month.toString(), organization);
    }

    /**
     * Makes the report of {@code month} for {@code organization}, an id; leaves one alone that is complete by the same rules.
     * One of days before who pays was followed is never complete: most of what is unknown of them stays so.
     */
    public Uni<Void> handle(Definition definition, YearMonth month, String organization) {
        String id = idOf(definition, month, organization).value();
        return store.find(ResourceKey.of("MeasureReport", id), Condition.EVERYTHING)
                .map(found -> found.filter(stored -> !stored.deleted()).map(stored -> stored.as(MeasureReport.class)))
                .chain(stored -> stored.filter(report -> MeasureResources.isFinal(report, definition))
                                .isPresent()
                        ? Uni.createFrom().voidItem()
                        : make(definition, month, organization, id, stored));
    }

    private Uni<Void> make(
            Definition definition, YearMonth month, String organization, String id, Optional<MeasureReport> stored) {
        Instant now = clock.instant();
        MeasurePeriod period = MeasurePeriod.of(month);
        LocalDate today = LocalDate.ofInstant(now, config.timeZone());
        return countDischarges
                .handle(definition, period, organization, Optional.empty(), now)
                .chain(counted -> counted.episodes().isEmpty() && stored.isEmpty()
                        ? Uni.createFrom().voidItem()
                        : store.inUnit(unit -> {
                            boolean whole = period.isWhole(today, measures.openDays(), counted.since());
                            MeasureReport report = MeasureResources.report(
                                    definition, period, organization, whole, counted.groups(), now);
                            MeasureResources.tellGap(report, period, counted.since());
                            report.setId(id);
                            stored.filter(before -> isSame(before, report))
                                    .ifPresent(before -> report.setDateElement(before.getDateElement()));
                            return put(report, now, unit);
                        }));
    }

    /** Where a report comes from commits with it; one that says the same has come from there before. */
    private static Uni<Void> put(MeasureReport report, Instant now, UnitOfWork unit) {
        return unit.put(Caller.PLATFORM, report)
                .chain(saved -> saved.isEmpty()
                        ? Uni.createFrom().voidItem()
                        : unit.put(
                                        Caller.PLATFORM,
                                        ReportProvenance.of(report, saved.get().version(), now))
                                .replaceWithVoid());
    }

    /** But for the time when it was made. */
    private static boolean isSame(MeasureReport before, MeasureReport after) {
        MeasureReport bare = before.copy();
        // What is read from the store has type and version in its id.
        bare.setId(after.getIdElement().getIdPart());
        bare.setMeta(after.getMeta());
        bare.setDateElement(after.getDateElement());
        return bare.equalsDeep(after);
    }
}
