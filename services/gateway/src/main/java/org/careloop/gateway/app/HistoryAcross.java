package org.careloop.gateway.app;

import io.smallrye.mutiny.Uni;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.careloop.calleraccess.PageLinks;
import org.careloop.fhirmodel.BundleText;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.fhirsearch.FederatedHistory;
import org.careloop.fhirsearch.HistoryRequest;
import org.careloop.fhirsearch.HistoryRequest.Cursor;
import org.careloop.fhirsearch.QueryParameter;
import org.careloop.fhirsearch.SearchParser;
import org.careloop.gateway.GatewayConfig;

/**
 * One history out of those of several services, newest first. What may be shown, each service decides by the caller's own
 * token; a service that has nothing open for the caller adds nothing.
 *
 * @see <a href="https://hl7.org/fhir/R4/http.html#history">FHIR R4 history</a>
 */
@Singleton
public class HistoryAcross {

    private final Origins origins;
    private final ServiceCalls calls;
    private final PageLinks pageLinks;
    private final GatewayConfig config;

    HistoryAcross(Origins origins, ServiceCalls calls, PageLinks pageLinks, GatewayConfig config) {
        this.origins = origins;
        this.calls = calls;
        this.pageLinks = pageLinks;
        this.config = config;
    }

    private record Piece(String service, Cursor cursor, Buffer bytes) {}

    private record Share(boolean more, List<Piece> pieces, Optional<ServiceCalls.Refused> refusal) {}

    /**
     * Returns the history of all resources of {@code types}, which services hold. Fails as the services do when none of them
     * has anything open.
     *
     * @param caller the headers of the client's request
     */
    public Uni<Buffer> handle(Set<String> types, List<QueryParameter> parameters, MultiMap caller) {
        Map<String, Cursor> cursors = new TreeMap<>();
        List<QueryParameter> others = new ArrayList<>();
        String path = types.size() == 1 ? types.iterator().next() + "/_history" : "_history";
        for (QueryParameter parameter : pageLinks.opened(path, ServiceCalls.token(caller), parameters)) {
            if (parameter.name().equals(SearchParser.CURSOR)) {
                cursors.putAll(cursors(parameter.value()));
            } else {
                others.add(parameter);
            }
        }
        HistoryRequest request = HistoryRequest.parse(
                types, others, Math.min(config.defaultPageSize(), config.maxHistory()), config.maxHistory());
        List<String> services = origins.services().stream()
                .filter(service -> types.stream().anyMatch(origins.typesOf(service)::contains))
                .sorted()
                .toList();
        return ResolveAcross.inParallel(services, service -> ask(service, request, cursors, caller))
                .map(shares -> bundle(request, services, cursors, shares, ServiceCalls.token(caller)));
    }

    private Uni<Share> ask(String service, HistoryRequest request, Map<String, Cursor> cursors, MultiMap caller) {
        HistoryRequest here = request.of(request.types().stream()
                        .filter(origins.typesOf(service)::contains)
                        .collect(Collectors.toUnmodifiableSet()))
                .from(Optional.ofNullable(cursors.get(service)));
        return calls.ask(
                        service,
                        HttpMethod.POST,
                        "/federation/history",
                        Optional.of(Buffer.buffer(FederatedHistory.ask(here))),
                        caller)
                .map(answer -> share(service, answer))
                .onFailure(OpenWays::isNothingOpen)
                .recoverWithItem(failure -> new Share(false, List.of(), Optional.of((ServiceCalls.Refused) failure)));
    }

    /** Takes the line and the entries apart; nothing is copied. */
    private static Share share(String service, Buffer answer) {
        int end = 0;
        while (end < answer.length() && answer.getByte(end) != '\n') {
            end++;
        }
        FederatedHistory history = FederatedHistory.parse(answer.getBytes(0, end));
        List<Piece> pieces = new ArrayList<>();
        int at = end + 1;
        for (FederatedHistory.Entry entry : history.entries()) {
            pieces.add(new Piece(service, entry.cursor(), answer.slice(at, at + entry.length())));
            at += entry.length();
        }
        return new Share(history.more(), pieces, Optional.empty());
    }

    private Buffer bundle(
            HistoryRequest request,
            List<String> services,
            Map<String, Cursor> cursors,
            List<Share> shares,
            String token) {
        if (shares.stream().allMatch(share -> share.refusal().isPresent())) {
            throw shares.getFirst().refusal().orElseThrow();
        }
        List<Piece> all = shares.stream()
                .flatMap(share -> share.pieces().stream())
                .sorted(Comparator.comparingLong((Piece piece) -> piece.cursor().changedMicros())
                        .reversed())
                .toList();
        List<Piece> shown = all.subList(0, Math.min(request.count(), all.size()));
        boolean more = shown.size() < all.size() || shares.stream().anyMatch(Share::more);
        String self = config.baseUrl() + "/" + request.path() + QueryParameter.format(request.applied());
        Map<String, String> links = new LinkedHashMap<>();
        links.put("self", self);
        if (more) {
            List<QueryParameter> next = new ArrayList<>(request.applied());
            next.add(new QueryParameter(SearchParser.CURSOR, next(services, cursors, shown)));
            links.put("next", config.baseUrl() + "/" + request.path() + pageLinks.seal(request.path(), token, next));
        }
        OptionalLong total = more || !cursors.isEmpty() ? OptionalLong.empty() : OptionalLong.of(shown.size());
        Buffer bundle = Buffer.buffer(8192).appendString(BundleText.start("history", total, links));
        boolean any = false;
        for (Piece piece : shown) {
            bundle.appendString(any ? "," : BundleText.FIRST_ENTRY).appendBuffer(piece.bytes());
            any = true;
        }
        return bundle.appendString(any ? BundleText.END : "}");
    }

    /** A service of which nothing was shown goes on at the time of the page, so that later writes do not come into it. */
    private static String next(List<String> services, Map<String, Cursor> cursors, List<Piece> shown) {
        Map<String, Cursor> next = new TreeMap<>();
        for (String service : services) {
            next.put(
                    service,
                    cursors.getOrDefault(
                            service, Cursor.notAfter(shown.getLast().cursor().changedMicros())));
        }
        shown.forEach(piece -> next.put(piece.service(), piece.cursor()));
        return next.entrySet().stream()
                .map(each -> each.getKey() + "~" + each.getValue())
                .collect(Collectors.joining("."));
    }

    private static Map<String, Cursor> cursors(String text) {
        Map<String, Cursor> cursors = new TreeMap<>();
        for (String part : text.split("\\.")) {
            int end = part.indexOf('~');
            if (end < 1) {
                throw new FhirProblem(
                        ProblemCode.INVALID_PARAMETER,
                        SearchParser.CURSOR + ": not a link of ours (expected: as given)");
            }
            cursors.put(part.substring(0, end), Cursor.parse(part.substring(end + 1)));
        }
        return cursors;
    }
}
