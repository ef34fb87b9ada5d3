package org.careloop.gateway.app;

import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.careloop.calleraccess.PageLinks;
import org.careloop.fhirmodel.BundleText;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.fhirsearch.QueryParameter;
import org.careloop.fhirsearch.SearchParser;
import org.careloop.gateway.GatewayConfig;

/**
 * AuditEvents out of the trails of all services, the newest first. Each service decides what is open to the caller; one that
 * does not answer fails the search, for a trail with a gap looks like one without.
 */
@Singleton
public class AuditAcross {

    private static final String TYPE = "AuditEvent";
    private static final Pattern DISCLOSURES =
            Pattern.compile("Patient/(?<id>[A-Za-z0-9.-]{1,64})/(?:[$]|%24)disclosures");
    private static final Pattern EVENT = Pattern.compile("AuditEvent/(?<service>[a-z-]+)\\.[0-9]+");
    private static final String SHARE = "/federation/audit-events";

    private final Origins origins;
    private final ServiceCalls calls;
    private final PageLinks pageLinks;
    private final GatewayConfig config;

    AuditAcross(Origins origins, ServiceCalls calls, PageLinks pageLinks, GatewayConfig config) {
        this.origins = origins;
        this.calls = calls;
        this.pageLinks = pageLinks;
        this.config = config;
    }

    /** An event where it stands: newest first, then by service and number. */
    private record Entry(long micros, String service, long seq, JsonObject told) {

        static final Comparator<Entry> NEWEST_FIRST = Comparator.comparingLong(Entry::micros)
                .thenComparing(Entry::service, Comparator.reverseOrder())
                .thenComparingLong(Entry::seq)
                .reversed();

        static Entry of(JsonObject told) {
            String[] place = told.getString("place").split("~", 3);
            return new Entry(Long.parseLong(place[0]), place[1], Long.parseLong(place[2]), told);
        }
    }

    /** Returns the answer when {@code request} is about the trail; empty when it is not. */
    Optional<Uni<WholeAnswer>> handle(WholeRequest request) {
        boolean reads = AnswerWhole.READING.contains(request.method());
        if (request.path().equals(TYPE) && reads
                || request.path().equals(TYPE + "/_search") && request.method().equals(HttpMethod.POST)) {
            return Optional.of(search(TYPE, request, List.of()));
        }
        Matcher event = EVENT.matcher(request.path());
        if (reads && event.matches() && origins.services().contains(event.group("service"))) {
            return Optional.of(calls.whole(event.group("service"), request));
        }
        Matcher disclosures = DISCLOSURES.matcher(request.path());
        return reads && disclosures.matches()
                ? Optional.of(disclosures(request, disclosures.group("id")))
                : Optional.empty();
    }

    /** {@code start} and {@code end} are days, as {@code $everything} has them. */
    private Uni<WholeAnswer> disclosures(WholeRequest request, String patient) {
        return search(
                request.path(),
                request,
                List.of(new QueryParameter("patient", patient), new QueryParameter("_disclosures", "true")));
    }

    private Uni<WholeAnswer> search(String path, WholeRequest request, List<QueryParameter> fixed) {
        String token = ServiceCalls.token(request.headers());
        List<QueryParameter> asked = pageLinks.opened(path, token, request.parameters());
        List<QueryParameter> query = new ArrayList<>(fixed);
        asked.forEach(parameter -> query.add(fixed.isEmpty() ? parameter : ofDisclosures(parameter)));
        Buffer form = Buffer.buffer(QueryParameter.format(query).substring(query.isEmpty() ? 0 : 1));
        return ResolveAcross.inParallel(
                        origins.services().stream().sorted().toList(),
                        service -> calls.ask(service, HttpMethod.POST, SHARE, Optional.of(form), request.headers()))
                .map(shares -> shares.stream().map(JsonObject::new).toList())
                .map(shares -> WholeAnswer.ok(bundle(path, asked, shares, token)));
    }

    private static QueryParameter ofDisclosures(QueryParameter parameter) {
        return switch (parameter.name()) {
            case "start" -> new QueryParameter("date", "ge" + parameter.value());
            case "end" -> new QueryParameter("date", "le" + parameter.value());
            case "_count", "_total", "_format", "_pretty", SearchParser.CURSOR -> parameter;
            default ->
                throw new FhirProblem(
                        ProblemCode.UNSUPPORTED_PARAMETER,
                        "query: not a parameter of $disclosures (expected: start, end, _count, _total)");
        };
    }

    private Buffer bundle(String path, List<QueryParameter> asked, List<JsonObject> shares, String token) {
        List<Entry> all = shares.stream()
                .flatMap(share -> share.getJsonArray("entries").stream())
                .map(told -> Entry.of((JsonObject) told))
                .sorted(Entry.NEWEST_FIRST)
                .toList();
        // Each share holds so many at most, and more only if it says so.
        int count = shares.stream()
                .mapToInt(share -> share.getInteger("count"))
                .min()
                .orElse(0);
        List<Entry> shown = all.subList(0, Math.min(count, all.size()));
        boolean more = shown.size() < all.size() || shares.stream().anyMatch(share -> share.getBoolean("more"));
        OptionalLong total = shares.stream().allMatch(share -> share.containsKey("total"))
                ? OptionalLong.of(shares.stream()
                        .mapToLong(share -> share.getLong("total"))
                        .sum())
                : OptionalLong.empty();
        Map<String, String> links =
                links(path, asked, more && !shown.isEmpty() ? Optional.of(shown.getLast()) : Optional.empty(), token);
        Buffer bundle = Buffer.buffer(8192).appendString(BundleText.start("searchset", total, links));
        String before = BundleText.FIRST_ENTRY;
        for (Entry entry : shown) {
            bundle.appendString(before + "{\"fullUrl\":\"" + config.baseUrl() + "/" + TYPE + "/"
                    + entry.told().getString("id") + "\",\"resource\":"
                    + entry.told().getString("body")
                    + ",\"search\":{\"mode\":\"match\"}}");
            before = ",";
        }
        return bundle.appendString(shown.isEmpty() ? "}" : BundleText.END);
    }

    private Map<String, String> links(String path, List<QueryParameter> asked, Optional<Entry> last, String token) {
        List<QueryParameter> applied = asked.stream()
                .filter(parameter -> !parameter.name().equals(SearchParser.CURSOR))
                .toList();
        Map<String, String> links = new LinkedHashMap<>();
        links.put("self", config.baseUrl() + "/" + path + QueryParameter.format(applied));
        last.ifPresent(entry -> {
            List<QueryParameter> next = new ArrayList<>(applied);
            next.add(new QueryParameter(SearchParser.CURSOR, entry.told().getString("place")));
            links.put("next", config.baseUrl() + "/" + path + pageLinks.seal(path, token, next));
        });
        return links;
    }
}
