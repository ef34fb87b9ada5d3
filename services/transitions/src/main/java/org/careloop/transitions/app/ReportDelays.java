package org.careloop.transitions.app;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.careloop.fhirmodel.DayPeriod;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.fhirrest.OperationInput;
import org.careloop.fhirrest.OwnOperation;
import org.careloop.fhirsearch.Condition;
import org.careloop.fhirsearch.QueryParameter;
import org.careloop.fhirstore.ResourceStore;
import org.careloop.transitions.TransitionsConfig;
import org.careloop.transitions.domain.AvoidableReport;
import org.careloop.transitions.domain.AvoidableRules;
import org.careloop.transitions.domain.Sites;
import org.careloop.transitions.domain.StayDelay;
import org.careloop.transitions.domain.StayTimes;
import org.careloop.transitions.store.DelayEntries;
import org.hl7.fhir.r4.model.Encounter;
import org.hl7.fhir.r4.model.MeasureReport;

/** The avoidable days of the stays that the caller sees, by month, facility, reason and attribution. */
@Singleton
public class ReportDelays implements OwnOperation {

    /** A unit finds one more at once, and with that one more could have been left out. */
    private static final int MOST_FOUND = 999;

    private final ResourceStore store;
    private final AvoidableRules rules;
    private final DelayEntries entries;
    private final Sites sites;
    private final TransitionsConfig config;
    private final Clock clock;

    ReportDelays(
            ResourceStore store,
            AvoidableRules rules,
            DelayEntries entries,
            Sites sites,
            TransitionsConfig config,
            Clock clock) {
        this.store = store;
        this.rules = rules;
        this.entries = entries;
        this.sites = sites;
        this.config = config;
        this.clock = clock;
        int most = config.reviews().mostStays();
        if (most < 1 || most > MOST_FOUND) {
            throw new IllegalStateException(
                    "careloop.transitions.reviews.most-stays: out of range (expected: 1 to " + MOST_FOUND + ")");
        }
    }

    @Override
    public String type() {
        return "Encounter";
    }

    @Override
    public String name() {
        return "avoidable-days-report";
    }

    @Override
    public String definition() {
        return "https://careloop.org/fhir/OperationDefinition/Encounter-avoidable-days-report";
    }

    /**
     * Returns the avoidable days of the days that {@code asked} names. Fails with {@link ProblemCode#INVALID_PARAMETER} without days,
     * with {@link ProblemCode#TOO_COSTLY} when there are too many stays, and as a search of Encounters does.
     */
    public Uni<MeasureReport> handle(
            OperationInput asked, Optional<String> reporter, Function<String, Condition> shown) {
        asked.allow("start", "end", "facility");
        DayPeriod days = DayPeriod.of(asked.required("start"), asked.required("end"), config.timeZone());
        List<QueryParameter> criteria = new ArrayList<>(List.of(
                // A day more at each end: sites have their own.
                new QueryParameter("date", "ge" + days.start().minusDays(1)),
                new QueryParameter("date", "le" + days.end().plusDays(1)),
                // Visits, of which there are many more, have no delay.
                new QueryParameter("class", String.join(",", config.classes()))));
        asked.text("facility").ifPresent(each -> criteria.add(new QueryParameter("service-provider", each)));
        Instant now = clock.instant();
        return store.inUnit(unit -> unit.search("Encounter", criteria, shown).chain(found -> {
            requireFew(found.size());
            List<Encounter> stays = found.stream()
                    .map(each -> each.as(Encounter.class))
                    .filter(sites::isStay)
                    .toList();
            List<String> ids =
                    stays.stream().map(stay -> stay.getIdElement().getIdPart()).toList();
            return entries.of(ids, unit).map(said -> {
                AvoidableReport report = new AvoidableReport(rules, days);
                for (Encounter stay : stays) {
                    String id = stay.getIdElement().getIdPart();
                    ZoneId zone = sites.of(stay.getServiceProvider()).zone();
                    StayTimes.of(stay, zone, now)
                            .ifPresent(times -> report.add(
                                    id,
                                    String.valueOf(stay.getServiceProvider().getReference()),
                                    StayDelay.of(times, said.getOrDefault(id, List.of())),
                                    zone));
                }
                return report.asMeasureReport(reporter, now);
            });
        }));
    }

    private void requireFew(int stays) {
        int most = config.reviews().mostStays();
        if (stays > most) {
            throw new FhirProblem(
                    ProblemCode.TOO_COSTLY,
                    "period: too many stays (expected: a narrower period, or a facility, with at most " + most + ")");
        }
    }
}
