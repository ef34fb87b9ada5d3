package org.careloop.fhirstore.internal;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.careloop.fhirsearch.Comparison;
import org.careloop.fhirsearch.Condition;
import org.careloop.fhirsearch.DateRange;
import org.careloop.fhirsearch.HistoryRequest;

/**
 * The statement that reads a history. For each type it takes one page out of each of three indexes (current, deleted and
 * superseded versions), so its effort does not grow with what is stored.
 */
final class HistorySql {

    private static final String CURRENT =
            "r.type, r.id, r.version, r.changed, r.deleted, r.body, r.rid, r.author, r.patient";
    private static final String SUPERSEDED =
            "h.type, h.id, h.version, h.changed, h.deleted, h.body, r.rid, null::text as author, h.patient";

    private final SqlParameters parameters;
    private final HistoryRequest request;
    private final String unfenced;

    HistorySql(SqlParameters parameters, HistoryRequest request, String unfenced) {
        this.parameters = parameters;
        this.request = request;
        this.unfenced = unfenced;
    }

    /** Returns the text; one row more than a page tells that there is a next one. */
    String text(Function<String, Condition> access) {
        Map<Condition, List<String>> types = request.types().stream().collect(Collectors.groupingBy(access));
        String branches = types.entrySet().stream()
                .filter(open -> !open.getKey().equals(Condition.NOTHING))
                .flatMap(open -> Stream.of("not r.deleted", "r.deleted", "")
                        .map(which -> branch(Set.copyOf(open.getValue()), open.getKey(), which)))
                .collect(Collectors.joining(" union all "));
        return "select v.* from ("
                + (branches.isEmpty() ? "select " + CURRENT + " from resource r where false" + unfenced : branches)
                + ") v order by v.changed desc, v.rid desc, v.version desc limit " + page();
    }

    private String branch(Set<String> types, Condition access, String which) {
        boolean current = !which.isEmpty();
        String v = current ? "r" : "h";
        return "select x.* from unnest(" + parameters.add(types.toArray(String[]::new))
                + "::text[]) t (type) cross join lateral (select "
                + (current
                        ? CURRENT + " from resource r where r.type = t.type and " + which
                        : SUPERSEDED + " from resource_history h join resource r on r.type = h.type and r.id = h.id"
                                + " where h.type = t.type"
                                + new ConditionSql(parameters).ofEarlier(access, "h", "r"))
                + request.id()
                        .map(id -> " and " + v + ".id = " + parameters.add(id))
                        .orElse("")
                + unfenced
                + (access.equals(Condition.EVERYTHING)
                        ? ""
                        : " and " + new ConditionSql(parameters).compile(access, "r"))
                + request.since().map(since -> " and " + since(v, since)).orElse("")
                + request.at().map(at -> at(v, at)).orElse("")
                + request.cursor().map(cursor -> " and " + after(v, cursor)).orElse("")
                + " order by " + v + ".changed desc, r.rid desc, " + v + ".version desc limit " + page() + ") x";
    }

    private String page() {
        return parameters.add(request.count() + 1L);
    }

    private String since(String v, Instant since) {
        return new ConditionSql(parameters)
                .compile(new Condition.Changed(Comparison.GE, new DateRange(since, since)), v);
    }

    /** A version was current from its own time to that of the next one. */
    private String at(String v, DateRange at) {
        String begun = " and " + v + ".changed < " + time(at.high());
        return v.equals("r")
                ? begun
                : begun + " and case when r.version = h.version + 1 then r.changed else (select n.changed from"
                        + " resource_history n where n.type = h.type and n.id = h.id and n.version = h.version + 1) end > "
                        + time(at.low());
    }

    private String after(String v, HistoryRequest.Cursor cursor) {
        return "(" + v + ".changed, r.rid, " + v + ".version) < (timestamptz 'epoch' + "
                + parameters.add(cursor.changedMicros()) + " * interval '1 microsecond', "
                + parameters.add(cursor.row())
                + ", " + parameters.add(cursor.version()) + ")";
    }

    private String time(Instant instant) {
        return parameters.add(OffsetDateTime.ofInstant(instant, ZoneOffset.UTC));
    }
}
