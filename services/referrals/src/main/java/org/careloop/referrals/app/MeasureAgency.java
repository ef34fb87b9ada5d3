package org.careloop.referrals.app;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.careloop.fhirmodel.DayPeriod;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.fhirmodel.ResourceKey;
import org.careloop.fhirrest.OperationInput;
import org.careloop.fhirrest.OwnOperation;
import org.careloop.fhirsearch.Condition;
import org.careloop.fhirsearch.QueryParameter;
import org.careloop.fhirstore.ResourceStore;
import org.careloop.referrals.domain.Agreement.Benchmark;
import org.careloop.referrals.domain.Scorecard;
import org.careloop.referrals.domain.ScorecardReport;
import org.careloop.referrals.domain.ScorecardRules;
import org.careloop.referrals.store.AgencyDirectory;

/**
 * The scorecard of an agency: how it handled the referrals that it was asked for in a period, as far as the caller sees these
 * referrals. Whoever sees none of them is told the same as of an agency that was asked for none.
 */
@Singleton
public class MeasureAgency implements OwnOperation {

    private static final String TYPE = "Organization";
    private static final String[] PARAMETERS = {"start", "end", "service", "as"};

    private final ResourceStore store;
    private final FollowReferrals followReferrals;
    private final AgencyDirectory directory;
    private final ScorecardRules rules;
    private final Clock clock;

    MeasureAgency(
            ResourceStore store,
            FollowReferrals followReferrals,
            AgencyDirectory directory,
            ScorecardRules rules,
            Clock clock) {
        this.store = store;
        this.followReferrals = followReferrals;
        this.directory = directory;
        this.rules = rules;
        this.clock = clock;
    }

    @Override
    public String type() {
        return TYPE;
    }

    @Override
    public String name() {
        return "scorecard";
    }

    @Override
    public String definition() {
        return "https://careloop.org/fhir/OperationDefinition/Organization-scorecard";
    }

    /**
     * What the caller may see: of Organizations to read, and of each type in a search of Tasks.
     *
     * @param requester the organisation whose agreements with the agency are told, a literal reference
     */
    public record Open(Condition agencies, Function<String, Condition> shown, Optional<String> requester) {}

    /**
     * Returns the scorecard of the Organization {@code id}. Fails with {@link ProblemCode#INVALID_PARAMETER} without a period, with
     * {@link ProblemCode#RESOURCE_NOT_FOUND} when there is no such Organization, with {@link ProblemCode#TOO_COSTLY}, and as a search
     * of Tasks does.
     *
     * @param hops fails when the caller may not search what a condition leads through
     */
    public Uni<ScorecardReport> handle(String id, OperationInput asked, Open open, Consumer<Condition> hops) {
        asked.allow(PARAMETERS);
        DayPeriod period = DayPeriod.of(asked.required("start"), asked.required("end"), rules.zone());
        ResourceKey agency = ResourceKey.of(TYPE, id);
        Optional<String> service = asked.text("service");
        Condition referrals = referrals(agency, service);
        hops.accept(referrals);
        return store.find(agency, open.agencies())
                .invoke(found -> found.filter(resource -> !resource.deleted())
                        .orElseThrow(
                                () -> new FhirProblem(ProblemCode.RESOURCE_NOT_FOUND, TYPE + ": no such resource")))
                .chain(() -> followReferrals.handle(referrals, open.shown(), period.from()))
                .chain(followed -> benchmarks(agency, open).map(benchmarks -> {
                    Instant now = clock.instant();
                    return new ScorecardReport(
                            agency.reference(),
                            period,
                            service,
                            now,
                            Scorecard.of(
                                    followed.stream()
                                            .map(FollowedReferral::course)
                                            .toList(),
                                    period,
                                    now,
                                    rules),
                            benchmarks);
                }));
    }

    private Uni<List<Benchmark>> benchmarks(ResourceKey agency, Open open) {
        return open.requester()
                .map(requester -> store.inUnit(unit -> directory.agreements(unit, requester, clock.instant()))
                        .map(agreements -> agreements.stream()
                                .filter(agreement -> agreement.agency().equals(agency.reference()))
                                .flatMap(agreement -> agreement.benchmarks().stream())
                                .toList()))
                .orElseGet(() -> Uni.createFrom().item(List.of()));
    }

    private static Condition referrals(ResourceKey agency, Optional<String> service) {
        List<QueryParameter> filters = new ArrayList<>();
        filters.add(new QueryParameter("owner", agency.reference()));
        // One code: commas would separate several.
        service.map(code -> code.replace("\\", "\\\\").replace(",", "\\,"))
                .ifPresent(code -> filters.add(new QueryParameter("focus:ServiceRequest.code", code)));
        return FollowReferrals.referrals(filters);
    }
}
