package org.careloop.fhirrest;

import io.vertx.core.buffer.Buffer;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.careloop.calleraccess.PageLinks;
import org.careloop.fhirmodel.BundleText;
import org.careloop.fhirsearch.HistoryRequest;
import org.careloop.fhirsearch.QueryParameter;
import org.careloop.fhirsearch.SearchParser;
import org.careloop.fhirsearch.SearchRequest;
import org.careloop.fhirstore.HistoryPage;
import org.careloop.fhirstore.SearchPage;
import org.careloop.fhirstore.StoredResource;

/** Puts stored bytes together to Bundles; nothing is parsed. */
@Singleton
public class BundleWriter {

    private static final String MATCH = ",\"search\":{\"mode\":\"match\"}}";
    private static final String INCLUDE = ",\"search\":{\"mode\":\"include\"}}";

    private final String baseUrl;
    private final PageLinks pageLinks;

    BundleWriter(FhirRestConfig config, PageLinks pageLinks) {
        this.baseUrl = config.baseUrl();
        this.pageLinks = pageLinks;
    }

    /** The answer to {@code request} of the caller whose verified token {@code token} is. */
    public Buffer searchset(SearchRequest request, SearchPage page, String token) {
        Map<String, String> links = links(request.onlyType().orElse(""), request.applied(), page.next(), token);
        Buffer bundle = Buffer.buffer(8192).appendString(BundleText.start("searchset", page.total(), links));
        Entries entries = new Entries(bundle);
        page.matches().forEach(match -> entries.add(match, MATCH));
        page.included().forEach(match -> entries.add(match, INCLUDE));
        return entries.end();
    }

    /** The answer to an operation at {@code path} that finds {@code matches}, all of them on this one page. */
    public Buffer searchset(String path, List<QueryParameter> applied, List<StoredResource> matches) {
        Map<String, String> links = Map.of("self", baseUrl + "/" + path + QueryParameter.format(applied));
        Buffer bundle =
                Buffer.buffer(8192).appendString(BundleText.start("searchset", OptionalLong.of(matches.size()), links));
        Entries entries = new Entries(bundle);
        matches.forEach(match -> entries.add(match, MATCH));
        return entries.end();
    }

    /**
     * The answer to {@code request} of the caller whose verified token {@code token} is; a total is told where it costs
     * nothing: when there is only one page.
     */
    public Buffer history(HistoryRequest request, HistoryPage page, String token) {
        Map<String, String> links = links(request.path(), request.applied(), page.next(), token);
        boolean whole = request.cursor().isEmpty() && page.next().isEmpty();
        OptionalLong total = whole ? OptionalLong.of(page.versions().size()) : OptionalLong.empty();
        Buffer bundle = Buffer.buffer(8192).appendString(BundleText.start("history", total, links));
        Entries entries = new Entries(bundle);
        page.versions().forEach(entries::addVersion);
        return entries.end();
    }

    private Map<String, String> links(
            String path, List<QueryParameter> applied, Optional<? extends Record> next, String token) {
        Map<String, String> links = new LinkedHashMap<>();
        links.put("self", baseUrl + "/" + path + QueryParameter.format(applied));
        next.ifPresent(cursor -> {
            List<QueryParameter> page = new ArrayList<>(applied);
            page.add(new QueryParameter(SearchParser.CURSOR, cursor.toString()));
            links.put("next", baseUrl + "/" + path + pageLinks.seal(path, token, page));
        });
        return links;
    }

    /** One entry of a history, for a Bundle that somebody else puts together. */
    Buffer entry(StoredResource version) {
        Buffer entry = Buffer.buffer(version.body().length() + 300);
        appendVersion(entry, version);
        return entry;
    }

    /** One entry of a searchset, for a Bundle that somebody else puts together. */
    Buffer entry(StoredResource resource, boolean match) {
        Buffer entry = Buffer.buffer(resource.body().length() + 200);
        append(entry, resource, match ? MATCH : INCLUDE);
        return entry;
    }

    private void append(Buffer bundle, StoredResource resource, String rest) {
        open(bundle, resource);
        bundle.appendString(",\"resource\":").appendBuffer(resource.body()).appendString(rest);
    }

    private void appendVersion(Buffer bundle, StoredResource version) {
        open(bundle, version);
        if (!version.deleted()) {
            bundle.appendString(",\"resource\":").appendBuffer(version.body());
        }
        String method = version.deleted() ? "DELETE" : version.version() == 1 ? "POST" : "PUT";
        String url =
                method.equals("POST") ? version.key().type() : version.key().reference();
        String status = method.equals("POST") ? "201" : method.equals("PUT") ? "200" : "204";
        bundle.appendString(
                ",\"request\":{\"method\":\"" + method + "\",\"url\":\"" + url + "\"},\"response\":{\"status\":\""
                        + status + "\",\"etag\":\"W/\\\"" + version.version() + "\\\"\",\"lastModified\":\""
                        + version.changed()
                        + "\"}}");
    }

    private void open(Buffer bundle, StoredResource resource) {
        bundle.appendString("{\"fullUrl\":\"" + baseUrl + "/" + resource.key().reference() + "\"");
    }

    private final class Entries {
        private final Buffer bundle;
        private boolean any;

        Entries(Buffer bundle) {
            this.bundle = bundle;
        }

        void add(StoredResource resource, String rest) {
            next();
            append(bundle, resource, rest);
        }

        void addVersion(StoredResource version) {
            next();
            appendVersion(bundle, version);
        }

        private void next() {
            bundle.appendString(any ? "," : BundleText.FIRST_ENTRY);
            any = true;
        }

        Buffer end() {
            return bundle.appendString(any ? BundleText.END : "}");
        }
    }
}
