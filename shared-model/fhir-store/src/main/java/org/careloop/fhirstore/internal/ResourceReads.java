package org.careloop.fhirstore.internal;

import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import org.careloop.fhirmodel.ResourceKey;
import org.careloop.fhirsearch.Condition;
import org.careloop.fhirsearch.SearchRequest;
import org.careloop.fhirsearch.SearchRequest.Cursor;
import org.careloop.fhirstore.SearchPage;
import org.careloop.fhirstore.StoredResource;

/** The statements that read. One statement answers one interaction, but for a total. */
public final class ResourceReads {

    private static final String COLUMNS = "r.type, r.id, r.version, r.changed, r.deleted, r.body, r.rid";
    private static final String HISTORY_COLUMNS = "h.type, h.id, h.version, h.changed, h.deleted, h.body, 0::bigint";
    private static final int MOST_INCLUDED = 1000;

    private final SqlRunner sql;
    private final Set<String> types;

    /** Reads through {@code sql}; {@code types} are those that this store holds. */
    public ResourceReads(SqlRunner sql, Set<String> types) {
        this.sql = sql;
        this.types = types;
    }

    /** Returns the current version, also of a deleted resource, if it fulfils {@code access}. */
    public Uni<Optional<StoredResource>> find(ResourceKey key, Condition access) {
        return find(key, access, "");
    }

    /** As {@link #find}, and nobody else changes the resource before this transaction ends. */
    public Uni<Optional<StoredResource>> lock(ResourceKey key, Condition access) {
        return find(key, access, " for update of r");
    }

    private Uni<Optional<StoredResource>> find(ResourceKey key, Condition access, String lock) {
        SqlParameters parameters = new SqlParameters();
        String text = "select " + COLUMNS + " from resource r where r.type = " + parameters.add(key.type())
                + " and r.id = " + parameters.add(key.id().value()) + and(parameters, access, "r") + lock;
        return sql.run(text, parameters.toArray())
                .map(rows -> rows.stream().findFirst().map(ResourceReads::resource));
    }

    /** Returns one version, if the current one fulfils {@code access}. */
    public Uni<Optional<StoredResource>> version(ResourceKey key, long version, Condition access) {
        return history(key, access, " where v.version = " + version, 1)
                .map(found -> found.stream().findFirst());
    }

    /** Returns all versions, newest first, if the current one fulfils {@code access}. */
    public Uni<List<StoredResource>> history(ResourceKey key, Condition access, int count) {
        return history(key, access, "", count);
    }

    private Uni<List<StoredResource>> history(ResourceKey key, Condition access, String filter, int count) {
        SqlParameters parameters = new SqlParameters();
        String text = "with r as materialized (select r.* from resource r where r.type = " + parameters.add(key.type())
                + " and r.id = " + parameters.add(key.id().value()) + and(parameters, access, "r")
                + ") select v.* from ("
                + "select " + COLUMNS + " from r union all select " + HISTORY_COLUMNS
                + " from resource_history h join r on r.type = h.type and r.id = h.id"
                // An earlier version of somebody else's record is not shown to who sees only the current patient's.
                + (access.equals(Condition.EVERYTHING) ? "" : " and h.patient is not distinct from r.patient") + ") v"
                + filter
                + " order by v.version desc limit " + parameters.add((long) count);
        return sql.run(text, parameters.toArray())
                .map(rows -> rows.stream().map(ResourceReads::resource).toList());
    }

    /** Returns one page; {@code access} tells for each type what may be shown. */
    public Uni<SearchPage> search(SearchRequest request, Function<String, Condition> access) {
        Uni<OptionalLong> total = request.total()
                ? count(request, access).map(OptionalLong::of)
                : Uni.createFrom().item(OptionalLong.empty());
        return total.chain(counted -> request.count() == 0
                ? Uni.createFrom().item(new SearchPage(List.of(), List.of(), counted, Optional.empty()))
                : page(request, access, counted));
    }

    private Uni<Long> count(SearchRequest request, Function<String, Condition> access) {
        SqlParameters parameters = new SqlParameters();
        String text = "select count(*) from resource r where " + matches(parameters, request, access);
        return sql.run(text, parameters.toArray()).map(rows -> (Long) rows.getFirst()[0]);
    }

    private Uni<SearchPage> page(SearchRequest request, Function<String, Condition> access, OptionalLong total) {
        SqlParameters parameters = new SqlParameters();
        String order = switch (request.order()) {
            case NEWEST_CREATED -> "r.rid desc";
            case NEWEST_CHANGED -> "r.changed desc, r.rid desc";
            case OLDEST_CHANGED -> "r.changed, r.rid";
        };
        StringBuilder text = new StringBuilder("with page as materialized (select r.*, row_number() over (order by ")
                .append(order)
                .append(") as place from resource r where ")
                .append(matches(parameters, request, access));
        request.cursor().ifPresent(cursor -> text.append(" and ").append(after(parameters, request.order(), cursor)));
        text.append(" order by ").append(order).append(" limit ").append(parameters.add(request.count() + 1L));
        text.append(") select true, place, ").append(COLUMNS).append(" from page r");
        for (SearchRequest.Include include : request.includes()) {
            included(parameters, include, request.count(), access)
                    .forEach(each -> text.append(" union all ").append(each));
        }
        text.append(" order by 1 desc, 2");
        return sql.run(text.toString(), parameters.toArray()).map(rows -> page(rows, request, total));
    }

    private List<String> included(
            SqlParameters parameters, SearchRequest.Include include, int count, Function<String, Condition> access) {
        List<String> selects = new ArrayList<>();
        for (String type : types) {
            boolean wanted = include.reverse()
                    ? include.source().equals(type)
                    : include.target().map(type::equals).orElse(true);
            if (wanted) {
                String join = (include.reverse()
                                ? "i.rid = r.rid join page p on p.ref = i.target"
                                : "i.target = r.ref join page p on p.rid = i.rid")
                        + " and p.place <= " + parameters.add((long) count);
                selects.add("(select distinct on (r.rid) false, 0::bigint, " + COLUMNS
                        + " from resource r join reference_index i on " + join + " where i.parameter = "
                        + parameters.add(include.key()) + " and r.type = " + parameters.add(type)
                        + " and not r.deleted" + and(parameters, access.apply(type), "r") + " limit "
                        + parameters.add((long) MOST_INCLUDED) + ")");
            }
        }
        return selects;
    }

    private String matches(SqlParameters parameters, SearchRequest request, Function<String, Condition> access) {
        return "r.type = " + parameters.add(request.type()) + " and not r.deleted"
                + and(parameters, request.condition().chainedWithin(access), "r")
                + and(parameters, access.apply(request.type()), "r");
    }

    private static String and(SqlParameters parameters, Condition condition, String r) {
        return condition.equals(Condition.EVERYTHING)
                ? ""
                : " and " + new ConditionSql(parameters).compile(condition, r);
    }

    private static String after(SqlParameters parameters, SearchRequest.Order order, Cursor cursor) {
        String row = parameters.add(cursor.row());
        String changed =
                "timestamptz 'epoch' + " + parameters.add(cursor.changedMicros()) + " * interval '1 microsecond'";
        return switch (order) {
            case NEWEST_CREATED -> "r.rid < " + row;
            case NEWEST_CHANGED -> "(r.changed, r.rid) < (" + changed + ", " + row + ")";
            case OLDEST_CHANGED -> "(r.changed, r.rid) > (" + changed + ", " + row + ")";
        };
    }

    private static SearchPage page(List<Object[]> rows, SearchRequest request, OptionalLong total) {
        List<StoredResource> matches = new ArrayList<>();
        List<StoredResource> included = new ArrayList<>();
        Set<Long> seen = new HashSet<>();
        boolean more = false;
        for (Object[] row : rows) {
            StoredResource resource = resource(row, 2);
            if (!(Boolean) row[0]) {
                if (seen.add(resource.row())) {
                    included.add(resource);
                }
            } else if (matches.size() < request.count()) {
                matches.add(resource);
                seen.add(resource.row());
            } else {
                more = true;
            }
        }
        Optional<Cursor> next = more ? Optional.of(cursor(matches.getLast())) : Optional.empty();
        return new SearchPage(matches, included, total, next);
    }

    private static Cursor cursor(StoredResource last) {
        Instant changed = last.changed();
        return new Cursor(changed.getEpochSecond() * 1_000_000 + changed.getNano() / 1_000, last.row());
    }

    private static StoredResource resource(Object[] row) {
        return resource(row, 0);
    }

    private static StoredResource resource(Object[] row, int from) {
        return new StoredResource(
                ResourceKey.of((String) row[from], (String) row[from + 1]),
                (Long) row[from + 2],
                ((OffsetDateTime) row[from + 3]).toInstant(),
                (Boolean) row[from + 4],
                (Buffer) row[from + 5],
                (Long) row[from + 6]);
    }
}
