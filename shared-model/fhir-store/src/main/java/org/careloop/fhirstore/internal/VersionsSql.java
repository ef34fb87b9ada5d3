package org.careloop.fhirstore.internal;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.careloop.fhirsearch.CombinedIndex;
import org.careloop.fhirsearch.Condition;
import org.careloop.fhirsearch.SearchRequest;

/**
 * The statement that reads all versions of what a search finds, of each no more than some elements: where thousands are read,
 * neither the way nor the memory has to take the rest. The elements are cut out as text; what is stored need not be what {@code
 * jsonb} accepts.
 */
final class VersionsSql {

    private static final String PART =
            "(select convert_to(coalesce(json_object_agg(e.key, e.value)::text, '{}'), 'UTF8')"
                    + " from json_each(convert_from(v.body, 'UTF8')::json) e where e.key = any(";

    private final SqlParameters parameters;
    private final SearchRequest request;
    private final String unfenced;

    VersionsSql(SqlParameters parameters, SearchRequest request, String unfenced) {
        this.parameters = parameters;
        this.request = request;
        this.unfenced = unfenced;
    }

    /** Returns the text; one row more than the request's count tells that there are too many. */
    String text(Function<String, Condition> access, List<CombinedIndex> combined, Set<String> elements, Instant since) {
        SearchSql search = SearchSql.of(parameters, request, access, combined);
        String most = parameters.add(request.count() + 1L);
        String found = "with r as materialized (select r.* from " + search.from() + " where " + search.where()
                + unfenced
                + " and r.changed >= " + parameters.add(OffsetDateTime.ofInstant(since, ZoneOffset.UTC)) + " limit "
                + most + ")";
        String type = request.onlyType().orElseThrow();
        return found + " select v.type, v.id, v.version, v.changed, v.deleted, " + PART
                + parameters.add(elements.toArray(String[]::new)) + ")), v.rid, null::text, v.patient from (select "
                + columns("r") + " from r union all select " + columns("h")
                + " from r join resource_history h on h.type = r.type and h.id = r.id"
                + new ConditionSql(parameters).ofEarlier(access.apply(type), "h", "r")
                + " limit " + most + ") v order by v.rid, v.version";
    }

    private static String columns(String v) {
        return "%1$s.type, %1$s.id, %1$s.version, %1$s.changed, %1$s.deleted, %1$s.body, r.rid, %1$s.patient"
                .formatted(v);
    }
}
