package org.careloop.referrals.app;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.careloop.fhirmodel.DayPeriod;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.fhirrest.OperationInput;
import org.careloop.fhirrest.OwnOperation;
import org.careloop.fhirsearch.Condition;
import org.careloop.fhirsearch.IndexHash;
import org.careloop.fhirsearch.QueryParameter;
import org.careloop.fhirsearch.SearchRequest;
import org.careloop.fhirstore.ResourceStore;
import org.careloop.referrals.ReferralsConfig;
import org.careloop.referrals.domain.EndReasons;
import org.careloop.referrals.domain.ReferralCourse;
import org.careloop.referrals.domain.ScorecardRules;
import org.careloop.referrals.domain.UnmetNeeds;
import org.careloop.referrals.domain.UnmetNeedsReport;
import org.careloop.referrals.store.LackingReferrals;
import org.careloop.referrals.store.LackingReferrals.Lacking;

/**
 * The needs that no agency met: referrals from plans that found no agency, or whose agency had no capacity, as far as the caller
 * sees their Tasks.
 */
@Singleton
public class CountUnmetNeeds implements OwnOperation {

    private static final String[] PARAMETERS = {"start", "end", "as"};
    private static final QueryParameter UNDONE = new QueryParameter("status", "rejected,cancelled,failed");

    private final ResourceStore store;
    private final FollowReferrals followReferrals;
    private final LackingReferrals lacking;
    private final ScorecardRules rules;
    private final Clock clock;
    private final int most;

    CountUnmetNeeds(
            ResourceStore store,
            FollowReferrals followReferrals,
            LackingReferrals lacking,
            ScorecardRules rules,
            Clock clock,
            ReferralsConfig config) {
        this.store = store;
        this.followReferrals = followReferrals;
        this.lacking = lacking;
        this.rules = rules;
        this.clock = clock;
        this.most = config.maxVersionsCounted();
    }

    @Override
    public String type() {
        return "HealthcareService";
    }

    @Override
    public String name() {
        return "unmet-needs";
    }

    @Override
    public String definition() {
        return "https://careloop.org/fhir/OperationDefinition/HealthcareService-unmet-needs";
    }

    /**
     * Returns what began to lack an agency, or was refused, in the period that {@code asked} names. Fails with {@link
     * ProblemCode#INVALID_PARAMETER} without a period, with {@link ProblemCode#TOO_COSTLY}, and as a search of Tasks does.
     *
     * @param reporter the organisation that asks, a literal reference
     */
    public Uni<UnmetNeedsReport> handle(
            OperationInput asked, Optional<String> reporter, Function<String, Condition> shown) {
        asked.allow(PARAMETERS);
        DayPeriod period = DayPeriod.of(asked.required("start"), asked.required("end"), rules.zone());
        Instant now = clock.instant();
        List<Lacking> found = new ArrayList<>();
        return withoutCapacity(period, shown)
                .invoke(found::addAll)
                .chain(() -> lacking.withoutAgency(period, rules.noAgencyAfter(), now))
                .chain(waited -> thoseShown(waited, shown))
                .invoke(found::addAll)
                .map(ignored -> new UnmetNeedsReport(
                        period,
                        reporter,
                        now,
                        UnmetNeeds.of(found.stream().map(Lacking::referral).toList(), rules)));
    }

    /** Refusals were stored after the period began, or they are not of it. */
    private Uni<List<Lacking>> withoutCapacity(DayPeriod period, Function<String, Condition> shown) {
        return followReferrals
                .handle(FollowReferrals.referrals(List.of(UNDONE)), shown, period.from())
                .map(followed -> followed.stream()
                        .filter(referral -> isFullIn(period, referral.course()))
                        .map(FollowedReferral::task)
                        .toList())
                .chain(lacking::refused);
    }

    private static boolean isFullIn(DayPeriod period, ReferralCourse course) {
        return course.isRefused()
                && course.reason().equals(Optional.of(EndReasons.NO_CAPACITY))
                && course.ended().filter(period::contains).isPresent();
    }

    private Uni<List<Lacking>> thoseShown(List<Lacking> waited, Function<String, Condition> shown) {
        if (waited.isEmpty()) {
            return Uni.createFrom().item(waited);
        }
        Set<String> tasks = waited.stream().map(Lacking::task).collect(Collectors.toSet());
        return store.keys(SearchRequest.all(Set.of(FollowReferrals.TYPE), new Condition.HasId(tasks), most), shown)
                .map(keys -> waited.stream()
                        .filter(each -> keys.contains(IndexHash.ofTarget(FollowReferrals.TYPE + "/" + each.task())))
                        .toList());
    }
}
