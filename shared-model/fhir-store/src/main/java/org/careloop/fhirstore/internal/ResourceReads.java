package org.careloop.fhirstore.internal;

import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.fhirmodel.ResourceKey;
import org.careloop.fhirsearch.CombinedIndex;
import org.careloop.fhirsearch.Condition;
import org.careloop.fhirsearch.HistoryRequest;
import org.careloop.fhirsearch.SearchRequest;
import org.careloop.fhirsearch.SearchRequest.Cursor;
import org.careloop.fhirstore.HistoryPage;
import org.careloop.fhirstore.SearchPage;
import org.careloop.fhirstore.StoredResource;

/** The statements that read. One statement answers one interaction, but for a total. */
public final class ResourceReads {

    private static final String COLUMNS =
            "r.type, r.id, r.version, r.changed, r.deleted, r.body, r.rid, r.author, r.patient";
    private static final String HISTORY_COLUMNS =
            "h.type, h.id, h.version, h.changed, h.deleted, h.body, 0::bigint, null::text, h.patient";
    private static final int MOST_INCLUDED = 1000;

    /** In a row of a search: after whether it matched, its place and {@link #COLUMNS}. */
    private static final int FIRST_SORT_VALUE = 11;

    private final SqlRunner sql;
    private final Set<String> types;
    private final Supplier<List<CombinedIndex>> combined;
    private final boolean fenced;

    private ResourceReads(SqlRunner sql, Set<String> types, Supplier<List<CombinedIndex>> combined, boolean fenced) {
        this.sql = sql;
        this.types = types;
        this.combined = combined;
        this.fenced = fenced;
    }

    /**
     * Reads outside transactions; {@code types} are those that this store holds, {@code combined} tells which indexes hold
     * all of them.
     */
    public static ResourceReads committed(SqlRunner sql, Set<String> types, Supplier<List<CombinedIndex>> combined) {
        return new ResourceReads(sql, types, combined, true);
    }

    /** Reads inside a transaction, as it sees the store. */
    public static ResourceReads within(SqlRunner sql, Set<String> types) {
        return new ResourceReads(sql, types, List::of, false);
    }

    /** Writes a statement; the second argument is the predicate that belongs into its where clause. */
    private interface Statement {
        String of(SqlParameters parameters, String unfenced);
    }

    private Uni<List<Object[]>> read(Collection<String> touched, Statement statement) {
        if (!fenced) {
            SqlParameters parameters = new SqlParameters();
            String text = statement.of(parameters, "");
            return sql.run(text, parameters.toArray());
        }
        return Fences.waiting(among -> {
            SqlParameters parameters = new SqlParameters();
            String text = statement.of(parameters, " and " + Fences.predicate(parameters, touched, among));
            return sql.run(text, parameters.toArray());
        });
    }

    /**
     * Returns those of {@code keys}, see {@link org.careloop.fhirsearch.IndexHash#ofTarget}, that no resource here has that is not
     * deleted and fulfils {@code access}. Does not wait for the end of spanning transactions, since one of them may ask this.
     */
    public Uni<Set<Long>> absent(Set<Long> keys, Condition access) {
        if (keys.isEmpty()) {
            return Uni.createFrom().item(Set.of());
        }
        SqlParameters parameters = new SqlParameters();
        String text = "select u.ref from unnest(" + parameters.addKeys(keys)
                + ") u (ref) where not exists (select from resource r where r.ref = u.ref and not r.deleted"
                + and(parameters, access, "r") + ")";
        return sql.run(text, parameters.toArray())
                .map(rows -> rows.stream().map(row -> (Long) row[0]).collect(Collectors.toSet()));
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
        return read(
                        Set.of(key.type()),
                        (parameters, unfenced) -> "select " + COLUMNS + " from resource r where r.type = "
                                + parameters.add(key.type()) + " and r.id = "
                                + parameters.add(key.id().value()) + unfenced + and(parameters, access, "r") + lock)
                .map(rows -> rows.stream().findFirst().map(ResourceReads::resource));
    }

    /** Returns one version, if the current one fulfils {@code access}. */
    public Uni<Optional<StoredResource>> version(ResourceKey key, long version, Condition access) {
        return read(
                        Set.of(key.type()),
                        (parameters, unfenced) -> "with r as materialized (select r.* from resource r where r.type = "
                                + parameters.add(key.type()) + " and r.id = "
                                + parameters.add(key.id().value()) + unfenced + and(parameters, access, "r")
                                + ") select v.* from (select " + COLUMNS + " from r union all select "
                                + HISTORY_COLUMNS + " from resource_history h join r on r.type = h.type and r.id = h.id"
                                + new ConditionSql(parameters).ofEarlier(access, "h", "r")
                                + ") v where v.version = " + parameters.add(version))
                .map(rows -> rows.stream().findFirst().map(ResourceReads::resource));
    }

    /** Returns one page of versions whose current one fulfils what {@code access} tells for its type. */
    public Uni<HistoryPage> history(HistoryRequest request, Function<String, Condition> access) {
        return read(
                        request.types(),
                        (parameters, unfenced) -> new HistorySql(parameters, request, unfenced).text(access))
                .map(rows -> history(rows, request.count()));
    }

    private static HistoryPage history(List<Object[]> rows, int count) {
        List<StoredResource> versions =
                rows.stream().limit(count).map(ResourceReads::resource).toList();
        return new HistoryPage(
                versions, rows.size() > count ? Optional.of(versions.getLast().place()) : Optional.empty());
    }

    /**
     * Returns all versions of the matches, each with {@code elements} alone, those of one resource together and oldest first; what
     * was not changed since {@code since} is left out. Fails with TOO_COSTLY when there are more than the request's count.
     */
    public Uni<List<StoredResource>> versions(
            SearchRequest request, Function<String, Condition> access, Set<String> elements, Instant since) {
        return read(
                        touched(request),
                        (parameters, unfenced) -> new VersionsSql(parameters, request, unfenced)
                                .text(access, combined.get(), elements, since))
                .map(rows -> {
                    if (rows.size() > request.count()) {
                        throw new FhirProblem(
                                ProblemCode.TOO_COSTLY,
                                "query: too many versions to look at (expected: at most " + request.count()
                                        + "; narrow it)");
                    }
                    return rows.stream().map(ResourceReads::resource).toList();
                });
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
        return read(touched(request), (parameters, unfenced) -> {
                    SearchSql search = SearchSql.of(parameters, request, access, combined.get());
                    return "select count(*) from " + search.from() + " where " + search.where() + unfenced;
                })
                .map(rows -> (Long) rows.getFirst()[0]);
    }

    private Uni<SearchPage> page(SearchRequest request, Function<String, Condition> access, OptionalLong total) {
        return read(touched(request), (parameters, unfenced) -> page(parameters, request, access, unfenced))
                .map(rows -> page(rows, request, total));
    }

    private String page(
            SqlParameters parameters, SearchRequest request, Function<String, Condition> access, String unfenced) {
        SearchSql search = SearchSql.of(parameters, request, access, combined.get());
        SortSql sort = SortSql.of(parameters, request, search);
        String matches = sort.matches(search, unfenced, request.count() + 1L);
        if (request.includes().isEmpty()) {
            return "select true, 0::bigint, " + COLUMNS + sort.values() + matches;
        }
        StringBuilder text = new StringBuilder("with page as materialized (select r.*, row_number() over (order by ")
                .append(sort.order())
                .append(") as place")
                .append(matches)
                .append(") select true, place, ")
                .append(COLUMNS)
                .append(sort.values())
                .append(" from page r");
        for (SearchRequest.Include include : request.includes()) {
            included(parameters, include, request.count(), access, sort.none())
                    .forEach(each -> text.append(" union all ").append(each));
        }
        return text.append(" order by 1 desc, 2").toString();
    }

    /** The types whose resources decide what a search answers. */
    private Set<String> touched(SearchRequest request) {
        Set<String> touched = new HashSet<>(request.types());
        request.condition().chainedTypes().forEach(touched::add);
        for (SearchRequest.Include include : request.includes()) {
            if (include.reverse()) {
                touched.add(include.source());
            } else {
                include.target().ifPresentOrElse(touched::add, () -> touched.addAll(types));
            }
        }
        return touched;
    }

    private List<String> included(
            SqlParameters parameters,
            SearchRequest.Include include,
            int count,
            Function<String, Condition> access,
            String unsorted) {
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
                selects.add("(select distinct on (r.rid) false, 0::bigint, " + COLUMNS + unsorted
                        + " from resource r join reference_index i on " + join + " where i.parameter = "
                        + parameters.addKey(include.key()) + " and r.type = " + SqlParameters.type(type)
                        + " and not r.deleted" + and(parameters, access.apply(type), "r") + " limit "
                        + (MOST_INCLUDED + 1L) + ")");
            }
        }
        return selects;
    }

    /** Returns the keys of all matches; fails with TOO_COSTLY when there are more than the request's count. */
    public Uni<Set<Long>> keys(SearchRequest request, Function<String, Condition> access) {
        return read(touched(request), (parameters, unfenced) -> {
                    SearchSql search = SearchSql.of(parameters, request, access, combined.get());
                    return "select r.ref from " + search.from() + " where " + search.where() + unfenced + " limit "
                            + (request.count() + 1L);
                })
                .map(rows -> keys(rows, request.count()));
    }

    /** Returns the keys of all to which matches refer by {@code references}; fails as {@link #keys} does. */
    public Uni<Set<Long>> targets(SearchRequest request, Set<Long> references, Function<String, Condition> access) {
        return read(touched(request), (parameters, unfenced) -> {
                    SearchSql search = SearchSql.of(parameters, request, access, combined.get());
                    return "select distinct i.target from " + search.from()
                            + " join reference_index i on i.rid = r.rid where " + search.where() + unfenced
                            + " and i.parameter = any(" + parameters.addKeys(references) + ") limit "
                            + (request.count() + 1L);
                })
                .map(rows -> keys(rows, request.count()));
    }

    private static Set<Long> keys(List<Object[]> rows, int most) {
        if (rows.size() > most) {
            throw new FhirProblem(
                    ProblemCode.TOO_COSTLY,
                    "query: a chain or _has across services finds too many (expected: at most " + most + ")");
        }
        return rows.stream().map(row -> (Long) row[0]).collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /**
     * Returns for each of {@code references} the keys of what {@code resources} refer to by it; for that of {@link
     * SearchRequest.Include#ALL_OF_ALL} what they refer to by any.
     */
    public Uni<Map<Long, Set<Long>>> referred(List<StoredResource> resources, Set<Long> references) {
        if (resources.isEmpty() || references.isEmpty()) {
            return Uni.createFrom().item(Map.of());
        }
        long any = SearchRequest.Include.ALL_OF_ALL.key();
        return references.contains(any) ? referredByAny(resources, any) : referredBy(resources, references);
    }

    private Uni<Map<Long, Set<Long>>> referredByAny(List<StoredResource> resources, long any) {
        return sql.run("select distinct target from reference_index where rid = any($1)", new Object[] {rows(resources)
                })
                .map(rows ->
                        Map.of(any, rows.stream().map(row -> (Long) row[0]).collect(Collectors.toUnmodifiableSet())));
    }

    private Uni<Map<Long, Set<Long>>> referredBy(List<StoredResource> resources, Set<Long> references) {
        return sql.run(
                        "select distinct parameter, target from reference_index where rid = any($1) and parameter = any($2)",
                        rows(resources),
                        references.toArray(Long[]::new))
                .map(rows -> rows.stream()
                        .collect(Collectors.groupingBy(
                                row -> (Long) row[0],
                                Collectors.mapping(row -> (Long) row[1], Collectors.toUnmodifiableSet()))));
    }

    private static Long[] rows(List<StoredResource> resources) {
        return resources.stream().map(StoredResource::row).toArray(Long[]::new);
    }

    private static String and(SqlParameters parameters, Condition condition, String r) {
        return condition.equals(Condition.EVERYTHING)
                ? ""
                : " and " + new ConditionSql(parameters).compile(condition, r);
    }

    private static SearchPage page(List<Object[]> rows, SearchRequest request, OptionalLong total) {
        List<StoredResource> matches = new ArrayList<>();
        List<StoredResource> included = new ArrayList<>();
        Set<Long> seen = new HashSet<>();
        boolean more = false;
        for (Object[] row : rows) {
            StoredResource resource = resource(row, 2, SortSql.valuesOf(row, FIRST_SORT_VALUE));
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
        if (included.size() > MOST_INCLUDED) {
            throw tooManyIncluded();
        }
        Optional<Cursor> next = more ? Optional.of(matches.getLast().cursor()) : Optional.empty();
        return new SearchPage(matches, included, total, next);
    }

    private static FhirProblem tooManyIncluded() {
        return new FhirProblem(
                ProblemCode.TOO_COSTLY,
                "_include, _revinclude: too many resources for one page (expected: at most " + MOST_INCLUDED
                        + "; a smaller _count helps)");
    }

    private static StoredResource resource(Object[] row) {
        return resource(row, 0, "");
    }

    private static StoredResource resource(Object[] row, int from, String sortedBy) {
        return new StoredResource(
                ResourceKey.of((String) row[from], (String) row[from + 1]),
                (Long) row[from + 2],
                ((OffsetDateTime) row[from + 3]).toInstant(),
                (Boolean) row[from + 4],
                (Buffer) row[from + 5],
                (Long) row[from + 6],
                Optional.ofNullable((String) row[from + 7]),
                Optional.ofNullable((String) row[from + 8]),
                sortedBy);
    }
}
