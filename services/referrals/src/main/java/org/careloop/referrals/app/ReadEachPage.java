package org.careloop.referrals.app;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.function.Function;
import org.careloop.fhirsearch.Condition;
import org.careloop.fhirsearch.QueryParameter;
import org.careloop.fhirsearch.SearchRequest;
import org.careloop.fhirstore.ResourceStore;
import org.careloop.fhirstore.StoredResource;

/** All that fulfils a condition, page by page, so that whoever takes them decides what is kept. */
@Singleton
class ReadEachPage {

    private static final List<QueryParameter> MOST =
            List.of(new QueryParameter("_count", Integer.toString(Integer.MAX_VALUE)));

    private final ResourceStore store;

    ReadEachPage(ResourceStore store) {
        this.store = store;
    }

    /** Hands each page of {@code type} to {@code take}, and fails as it or a search does. */
    Uni<Void> handle(
            String type,
            Condition condition,
            Function<String, Condition> shown,
            Function<List<StoredResource>, Uni<Void>> take) {
        return handle(store.parser().parse(type, MOST).withCondition(condition), shown, take);
    }

    /** Hands each page of {@code search}, from where it begins, to {@code take}, and fails as it or a search does. */
    Uni<Void> handle(
            SearchRequest search, Function<String, Condition> shown, Function<List<StoredResource>, Uni<Void>> take) {
        return store.search(search, shown)
                .chain(page -> take.apply(page.matches())
                        .chain(() -> page.next().isEmpty()
                                ? Uni.createFrom().voidItem()
                                : handle(search.from(page.next()), shown, take)));
    }
}
