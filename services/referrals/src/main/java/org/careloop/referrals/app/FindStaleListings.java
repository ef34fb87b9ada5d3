package org.careloop.referrals.app;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BinaryOperator;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.fhirrest.OperationInput;
import org.careloop.fhirrest.OwnOperation;
import org.careloop.fhirsearch.Condition;
import org.careloop.fhirsearch.IndexHash;
import org.careloop.fhirsearch.QueryParameter;
import org.careloop.fhirsearch.SearchParser;
import org.careloop.fhirsearch.SearchRequest;
import org.careloop.fhirstore.HeavyWork;
import org.careloop.fhirstore.StoredResource;
import org.careloop.referrals.ReferralsConfig;
import org.careloop.referrals.domain.DirectoryRules;
import org.careloop.referrals.domain.Verification;
import org.careloop.referrals.store.AgencyDirectory;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.VerificationResult;

/**
 * The listings that nobody has verified for too long: who looks after the directory calls these agencies. A listing that was
 * never verified counts from its last change; one that is not active is not for referrals, so it is left out.
 */
@Singleton
public class FindStaleListings implements OwnOperation {

    private static final String TYPE = "HealthcareService";
    private static final String PROOF = "VerificationResult";
    private static final BinaryOperator<Instant> LATER = BinaryOperator.maxBy(Comparator.naturalOrder());

    private final ReadEachPage pages;
    private final DirectoryRules rules;
    private final Clock clock;
    private final int most;

    FindStaleListings(ReadEachPage pages, DirectoryRules rules, Clock clock, ReferralsConfig config) {
        this.pages = pages;
        this.rules = rules;
        this.clock = clock;
        this.most = config.maxStaleListings();
    }

    @Override
    public String type() {
        return TYPE;
    }

    @Override
    public String name() {
        return "stale";
    }

    @Override
    public String definition() {
        return "https://careloop.org/fhir/OperationDefinition/HealthcareService-stale";
    }

    /**
     * Returns the stale listings, longest unverified first. Fails with {@link ProblemCode#TOO_COSTLY} when there are too many,
     * and as a search does.
     *
     * @param hops fails when the caller may not search what a condition leads through
     */
    public Uni<List<StoredResource>> handle(
            OperationInput asked, Function<String, Condition> shown, Consumer<Condition> hops) {
        asked.allow("service");
        List<Condition> conditions = new ArrayList<>();
        conditions.add(filter(TYPE, "active:not", "false"));
        asked.text("service").ifPresent(kinds -> conditions.add(isOf(kinds)));
        conditions.add(isStale(clock.instant()));
        Condition stale = new Condition.AllOf(conditions);
        hops.accept(stale);
        List<StoredResource> found = new ArrayList<>();
        Map<String, Instant> verified = new HashMap<>();
        return pages.handle(TYPE, stale, shown, page -> {
                    found.addAll(page);
                    if (found.size() > most) {
                        throw new FhirProblem(
                                ProblemCode.TOO_COSTLY,
                                "service: too many stale listings (expected: at most " + most + "; narrow it)");
                    }
                    return lastVerified(page, shown, verified);
                })
                .map(ignored -> found.stream()
                        .sorted(Comparator.comparing(
                                each -> verified.getOrDefault(each.key().reference(), each.changed())))
                        .toList());
    }

    private Condition isStale(Instant now) {
        List<Condition> special = rules.special().stream()
                .map(limit ->
                        isOf(limit.kinds().stream().map(AgencyDirectory::token).collect(Collectors.joining(","))))
                .toList();
        List<Condition> stale = new ArrayList<>();
        for (int i = 0; i < special.size(); i++) {
            stale.add(new Condition.AllOf(List.of(
                    special.get(i),
                    isUnverifiedSince(now.minus(rules.special().get(i).after())))));
        }
        stale.add(new Condition.AllOf(
                List.of(new Condition.Not(new Condition.AnyOf(special)), isUnverifiedSince(now.minus(rules.usual())))));
        return new Condition.AnyOf(stale);
    }

    private static Condition isUnverifiedSince(Instant limit) {
        Condition holds = filter(PROOF, "status", "attested,validated");
        return new Condition.AllOf(List.of(
                new Condition.Not(
                        verified(new Condition.AllOf(List.of(holds, filter(PROOF, "performed", "ge" + limit))))),
                new Condition.AnyOf(
                        List.of(verified(holds), filter(TYPE, SearchRequest.SortKey.CHANGED, "lt" + limit)))));
    }

    private static Condition verified(Condition how) {
        return new Condition.ReverseChain(PROOF, IndexHash.ofParameter(PROOF, "target"), how);
    }

    private static Condition isOf(String kinds) {
        return new Condition.AnyOf(AgencyDirectory.KINDS.stream()
                .map(parameter -> filter(TYPE, parameter, kinds))
                .toList());
    }

    private static Condition filter(String type, String name, String value) {
        return SearchParser.condition(type, List.of(new QueryParameter(name, value)));
    }

    /** Adds to {@code verified} when each of {@code listings} was last found to hold, by literal references. */
    private Uni<Void> lastVerified(
            List<StoredResource> listings, Function<String, Condition> shown, Map<String, Instant> verified) {
        if (listings.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        String targets = listings.stream().map(each -> each.key().reference()).collect(Collectors.joining(","));
        return pages.handle(
                PROOF,
                filter(PROOF, "target", targets),
                shown,
                page -> HeavyWork.run(
                                page.stream()
                                        .mapToInt(each -> each.body().length())
                                        .sum(),
                                () -> {
                                    page.forEach(each -> note(each.as(VerificationResult.class), verified));
                                    return page;
                                })
                        .replaceWithVoid());
    }

    private static void note(VerificationResult result, Map<String, Instant> verified) {
        Verification.performed(result)
                .ifPresent(at -> result.getTarget().stream()
                        .map(Reference::getReference)
                        .forEach(target -> verified.merge(target, at, LATER)));
    }
}
