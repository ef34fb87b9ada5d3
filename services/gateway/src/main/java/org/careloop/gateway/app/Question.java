package org.careloop.gateway.app;

import java.util.List;
import org.careloop.fhirsearch.QueryParameter;
import org.careloop.fhirsearch.SearchRequest;

/**
 * A search that the gateway answers.
 *
 * @param path what follows the base URL, for links: a type, a compartment's path, an operation's; empty for the system
 * @param request the search
 * @param added what is added to a page beside the request's own includes, such as whom a record names
 * @param cursor where the page starts
 */
public record Question(String path, SearchRequest request, List<Lead> added, MergedCursor cursor) {

    /** The parameters that say what is shown of a resource, also of an included one. */
    List<QueryParameter> shape() {
        return request.applied().stream()
                .filter(parameter ->
                        parameter.name().equals("_summary") || parameter.name().equals("_elements"))
                .toList();
    }
}
