package org.careloop.patients.app;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
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
import org.careloop.patients.store.MatchReviews.Waiting;

/**
 * The pairs of Patients of which a person has to decide whether they are one person, as far as the caller sees both: nobody learns from
 * a pair of somebody who is hidden from them. {@code $merge} decides that they are, {@link KeepApart} that they are not.
 */
@Singleton
public class ReviewMatches implements OwnOperation {

    private static final int PAGE = 100;
    private static final int MOST_PAGES = 10;

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

    /**
     * Some of the open pairs.
     *
     * @param next the place behind which the rest is; empty when there is none
     */
    public record Page(List<Review> pairs, Optional<Long> next) {}

    /**
     * Returns up to {@code most} open pairs behind the place {@code after}, those that wait longest first; fewer where most of them are
     * not the caller's, because one call looks at a thousand at most. Fails as a search of Patients does.
     */
    public Uni<Page> handle(long after, int most, Function<String, Condition> shown) {
        return next(after, most, MOST_PAGES, List.of(), shown);
    }

    private Uni<Page> next(long after, int most, int pages, List<Review> open, Function<String, Condition> shown) {
        return store.inUnit(unit -> reviews.open(unit, after, PAGE))
                .chain(page -> page.isEmpty()
                        ? Uni.createFrom().item(new Page(open, Optional.empty()))
                        : seen(page, shown).chain(seen -> with(page, seen, most, pages, open, shown)));
    }

    private Uni<Page> with(
            List<Waiting> page,
            Set<String> seen,
            int most,
            int pages,
            List<Review> before,
            Function<String, Condition> shown) {
        List<Review> open = new ArrayList<>(before);
        for (Waiting each : page) {
            if (seen.contains(each.review().one())
                    && seen.contains(each.review().other())) {
                if (open.size() == most) {
                    return Uni.createFrom().item(new Page(open, Optional.of(each.place() - 1)));
                }
                open.add(each.review());
            }
        }
        if (page.size() < PAGE) {
            return Uni.createFrom().item(new Page(open, Optional.empty()));
        }
        long last = page.getLast().place();
        return pages == 1
                ? Uni.createFrom().item(new Page(open, Optional.of(last)))
                : next(last, most, pages - 1, open, shown);
    }

    private Uni<Set<String>> seen(List<Waiting> page, Function<String, Condition> shown) {
        String ids = page.stream()
                .flatMap(each -> Stream.of(each.review().one(), each.review().other()))
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
