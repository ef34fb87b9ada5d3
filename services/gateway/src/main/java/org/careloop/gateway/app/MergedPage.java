package org.careloop.gateway.app;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.careloop.fhirsearch.SearchRequest;
import org.careloop.gateway.app.ServiceShare.Piece;

/**
 * One page out of the shares of several services.
 *
 * @param included what the services added to their matches themselves
 * @param next where the next page starts; absent on the last one
 */
record MergedPage(List<Piece> matches, List<Piece> included, OptionalLong total, Optional<MergedCursor> next) {

    /**
     * Merges the shares, which come in the order of the services. Without a wish for an order the matches of one service
     * follow those of another: each of them has an order of its own that no write disturbs, and no other is as stable.
     */
    static MergedPage of(Question question, List<ServiceShare> shares) {
        List<Piece> matches = new ArrayList<>();
        List<Piece> included = new ArrayList<>();
        shares.forEach(
                share -> share.pieces().forEach(piece -> (piece.entry().match() ? matches : included).add(piece)));
        // Whether an order is refused must not depend on what is found.
        if (shares.size() > 1) {
            SearchRequest request = question.request();
            matches.sort(Comparator.comparing(
                    piece -> piece.entry().cursor(), request.order().acrossServices(request.onlyType())));
        }
        int count = question.request().count();
        List<Piece> shown = matches.subList(0, Math.min(count, matches.size()));
        MergedCursor cursor = question.cursor();
        for (Piece piece : shown) {
            cursor = cursor.after(piece.service(), piece.entry().cursor());
        }
        boolean more = shown.size() < matches.size()
                || shares.stream().anyMatch(share -> share.page().more());
        return new MergedPage(shown, included, total(shares), more ? Optional.of(cursor) : Optional.empty());
    }

    private static OptionalLong total(List<ServiceShare> shares) {
        return shares.stream().allMatch(share -> share.page().total().isPresent())
                ? OptionalLong.of(shares.stream()
                        .mapToLong(share -> share.page().total().orElse(0))
                        .sum())
                : OptionalLong.empty();
    }
}
