package org.careloop.fhirrest;

import io.vertx.core.buffer.Buffer;
import jakarta.inject.Singleton;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import org.careloop.fhirsearch.QueryParameter;
import org.careloop.fhirsearch.SearchParser;
import org.careloop.fhirsearch.SearchRequest;
import org.careloop.fhirstore.SearchPage;
import org.careloop.fhirstore.StoredResource;

/** Puts stored bytes together to Bundles; nothing is parsed. */
@Singleton
public class BundleWriter {

    private final String baseUrl;

    BundleWriter(FhirRestConfig config) {
        this.baseUrl = config.baseUrl();
    }

    /** The answer to {@code request}. */
    public Buffer searchset(SearchRequest request, SearchPage page) {
        Buffer bundle = start("searchset");
        page.total().ifPresent(total -> bundle.appendString(",\"total\":" + total));
        String self = baseUrl + "/" + request.type() + query(request.applied());
        bundle.appendString(",\"link\":[{\"relation\":\"self\",\"url\":\"" + self + "\"}");
        page.next()
                .ifPresent(next -> bundle.appendString(",{\"relation\":\"next\",\"url\":\"" + self
                        + (request.applied().isEmpty() ? "?" : "&") + SearchParser.CURSOR + "=" + next + "\"}"));
        bundle.appendString("]");
        Entries entries = new Entries(bundle);
        page.matches().forEach(match -> entries.add(match, ",\"search\":{\"mode\":\"match\"}"));
        page.included().forEach(match -> entries.add(match, ",\"search\":{\"mode\":\"include\"}"));
        return entries.end();
    }

    /** The versions of one resource, newest first. */
    public Buffer history(List<StoredResource> versions) {
        Buffer bundle = start("history").appendString(",\"total\":" + versions.size());
        Entries entries = new Entries(bundle);
        versions.forEach(entries::addVersion);
        return entries.end();
    }

    private static Buffer start(String type) {
        return Buffer.buffer(8192)
                .appendString("{\"resourceType\":\"Bundle\",\"meta\":{\"lastUpdated\":\"" + Instant.now()
                        + "\"},\"type\":\"" + type + "\"");
    }

    private static String query(List<QueryParameter> parameters) {
        return parameters.isEmpty()
                ? ""
                : parameters.stream()
                        .map(parameter -> encode(parameter.name()) + "=" + encode(parameter.value()))
                        .collect(Collectors.joining("&", "?", ""));
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8)
                .replace("%3A", ":")
                .replace("%2F", "/");
    }

    private final class Entries {
        private final Buffer bundle;
        private boolean any;

        Entries(Buffer bundle) {
            this.bundle = bundle;
        }

        void add(StoredResource resource, String rest) {
            open(resource);
            bundle.appendString(",\"resource\":").appendBuffer(resource.body()).appendString(rest + "}");
        }

        void addVersion(StoredResource version) {
            open(version);
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

        private void open(StoredResource resource) {
            bundle.appendString((any ? "," : ",\"entry\":[") + "{\"fullUrl\":\"" + baseUrl + "/"
                    + resource.key().reference() + "\"");
            any = true;
        }

        Buffer end() {
            return bundle.appendString(any ? "]}" : "}");
        }
    }
}
