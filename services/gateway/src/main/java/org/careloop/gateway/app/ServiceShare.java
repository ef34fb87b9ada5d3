package org.careloop.gateway.app;

import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.fhirsearch.FederatedPage;
import org.careloop.fhirsearch.FederatedSearch;

/** What one service answered to a {@link FederatedSearch}. */
record ServiceShare(String service, FederatedPage page, List<Piece> pieces) {

    /** One entry: what is told of it, its bytes, and the service that it came from. */
    record Piece(String service, FederatedPage.Entry entry, Buffer bytes) {}

    /** Takes the line and the entries apart; nothing is copied. */
    static ServiceShare of(String service, Buffer answer) {
        int end = 0;
        while (end < answer.length() && answer.getByte(end) != '\n') {
            end++;
        }
        FederatedPage page = FederatedPage.parse(answer.getBytes(0, end), end)
                .orElseThrow(() -> new FhirProblem(ProblemCode.INTERNAL, "service: unknown answer"));
        List<Piece> pieces = new ArrayList<>(page.entries().size());
        int at = end + 1;
        for (FederatedPage.Entry entry : page.entries()) {
            pieces.add(new Piece(service, entry, answer.slice(at, at + entry.length())));
            at += entry.length();
        }
        return new ServiceShare(service, page, pieces);
    }

    /** The keys of what the entries refer to by {@code parameter}. */
    Set<Long> targets(long parameter) {
        return page.targets().getOrDefault(parameter, Set.of());
    }
}
