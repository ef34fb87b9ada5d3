package org.careloop.patients.app;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.careloop.fhirrest.OwnOperation;
import org.careloop.fhirsearch.Condition;
import org.careloop.fhirsearch.QueryParameter;
import org.careloop.fhirstore.ResourceStore;
import org.careloop.patients.store.MatchReviews;
import org.careloop.patients.store.MatchReviews.Review;

/**
 * The pairs of Patients of which a person has to decide whether they are one person, as far as the caller sees both: nobody learns from
 * a pair of somebody who is hidden from them. {@code $merge} decides that they are, {@link KeepApart} that they are not.
 */
@Singleton
public class ReviewMatches implements OwnOperation {

    private static final int PAGE = 100;

    private final ResourceStore store;
    private final MatchReviews reviews;

    ReviewMatches(ResourceStore store, MatchReviews reviews) {
        this.store = store;
        this.reviews = reviews;
    }

    @Override
    public String type() {
        return "Patient";
    }

    @Override
    public String name() {
        return "match-reviews";
    }

    @Override
    public String definition() {
        return "https://careloop.org/fhir/OperationDefinition/Patient-match-reviews";
    }

    /** Returns up to {@code most} open pairs, those that wait longest first. Fails as a search of Patients does. */
    public Uni<List<Review>> handle(int most, Function<String, Condition> shown) {
        return next(new Review("", "", 0, "", "", Instant.EPOCH), most, new ArrayList<>(), shown);
    }

    private Uni<List<Review>> next(Review after, int most, List<Review> open, Function<String, Condition> shown) {
        return store.inUnit(unit -> reviews.open(unit, after, PAGE))
                .chain(page -> page.isEmpty()
                        ? Uni.createFrom().item(open)
                        : seen(page, shown).chain(seen -> {
                            page.stream()
                                    .filter(each -> seen.contains(each.one()) && seen.contains(each.other()))
                                    .limit(most - open.size())
                                    .forEach(open::add);
                            return open.size() == most || page.size() < PAGE
                                    ? Uni.createFrom().item(open)
                                    : next(page.getLast(), most, open, shown);
                        }));
    }

    private Uni<Set<String>> seen(List<Review> page, Function<String, Condition> shown) {
        String ids = page.stream()
                .flatMap(each -> Stream.of(each.one(), each.other()))
                .distinct()
                .collect(Collectors.joining(","));
        List<QueryParameter> query =
                List.of(new QueryParameter("_id", ids), new QueryParameter("_count", Integer.toString(2 * PAGE)));
        return store.search(store.parser().parse("Patient", query), shown)
                .map(found -> found.matches().stream()
                        .map(each -> each.key().id().value())
                        .collect(Collectors.toCollection(HashSet::new)));
    }
}
