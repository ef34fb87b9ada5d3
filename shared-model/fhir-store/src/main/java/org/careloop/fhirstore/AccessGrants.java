package org.careloop.fhirstore;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.careloop.calleraccess.AccessPolicy;
import org.careloop.calleraccess.Grant;
import org.careloop.calleraccess.Naming;
import org.careloop.fhirmodel.ResourceKey;
import org.careloop.fhirsearch.IndexHash;
import org.careloop.fhirstore.internal.SqlRunner;
import org.hl7.fhir.r4.model.Resource;

/** Which resources open which patients' compartments to whom, as this service's SQL asks for it. */
@Singleton
public class AccessGrants {

    private static final String ROWS = """
            jsonb_to_recordset($2::text::jsonb) as o (source text, name text, grantee text, patient text,
              open_from timestamptz, open_until timestamptz, ended boolean)""";

    /** What a later version opens is left alone; of what goes on opening, the row stays and changes. */
    private static final String KEEP = """
            with newer as (
              insert into grant_version (source, version)
              select * from jsonb_to_recordset($1::text::jsonb) as s (source text, version bigint) order by source
              on conflict (source) do update set version = excluded.version
                where grant_version.version < excluded.version
              returning source),
            opened as (select o.* from %s where o.source in (select source from newer)),
            named as (
              select * from jsonb_to_recordset($3::text::jsonb) as n (source text, source_ref bigint, target bigint)
              where source in (select source from newer)),
            unnamed as (
              delete from named_reference x using newer n where x.source = n.source and not exists (
                select from named m where (m.source, m.target) = (x.source, x.target))),
            naming as (
              insert into named_reference (source, source_ref, target) select source, source_ref, target from named
              on conflict do nothing),
            gone as (
              delete from access_grant g using newer n where g.source = n.source and not exists (
                select from opened o where (o.source, o.name, o.grantee, o.patient)
                  = (g.source, g.name, g.grantee, g.patient)))
            insert into access_grant (source, name, grantee, patient, open_from, open_until, ended)
            select source, name, grantee, patient, open_from, open_until, ended from opened
            on conflict (source, name, grantee, patient) do update set open_from = excluded.open_from,
              open_until = case when access_grant.ended and excluded.ended
                then least(access_grant.open_until, excluded.open_until) else excluded.open_until end,
              ended = excluded.ended""".formatted(ROWS);

    private static final String TOLD = """
            select coalesce(jsonb_agg(to_jsonb(g) || jsonb_build_object('version', v.version)), '[]')::text
            from access_grant g join grant_version v using (source)
            where g.patient = $1 and split_part(g.source, '/', 1) = any($2::text[])""";

    private static final ObjectMapper JSON = new ObjectMapper();

    private final List<Grant> grants;
    private final List<Naming> named;

    AccessGrants(AccessPolicy policy) {
        this.grants = policy.grants();
        this.named = policy.named();
    }

    /**
     * A version of a resource.
     *
     * @param author id of the Organization that made the resource
     * @param at when this version was made
     * @param content as far as {@link Grant#elements} go
     */
    public record Version(
            ResourceKey key, long version, Optional<String> author, Instant at, boolean deleted, Resource content) {}

    /** The types that open compartments, or name what is opened with them. */
    public Set<String> types() {
        return Stream.concat(grants.stream().map(Grant::type), named.stream().map(Naming::type))
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Tells whether resources of {@code type} open compartments. */
    boolean opens(String type) {
        return grants.stream().anyMatch(grant -> grant.type().equals(type));
    }

    /** The service that holds {@code type}, one of {@link #types}. */
    public String holder(String type) {
        return Stream.concat(
                        grants.stream()
                                .filter(grant -> grant.type().equals(type))
                                .map(Grant::service),
                        named.stream()
                                .filter(naming -> naming.type().equals(type))
                                .map(Naming::service))
                .findFirst()
                .orElseThrow();
    }

    /** The elements of resources of {@code type} by which it is told what they open. */
    public Set<String> elements(String type) {
        return Stream.concat(
                        grants.stream()
                                .filter(grant -> grant.type().equals(type))
                                .flatMap(grant -> grant.elements().stream()),
                        named.stream()
                                .filter(naming -> naming.type().equals(type))
                                .flatMap(naming -> naming.read().stream()))
                .collect(Collectors.toUnmodifiableSet());
    }

    /**
     * Keeps what {@code versions} open, instead of what earlier versions did; of a resource of which a later version is known,
     * nothing changes. Each resource must be among them once.
     */
    public Uni<Void> keep(Collection<Version> versions, UnitOfWork unit) {
        ArrayNode sources = JsonNodeFactory.instance.arrayNode();
        ArrayNode opened = JsonNodeFactory.instance.arrayNode();
        ArrayNode naming = JsonNodeFactory.instance.arrayNode();
        for (Version version : versions) {
            String source = version.key().reference();
            sources.addObject().put("source", source).put("version", version.version());
            grants.stream()
                    .filter(grant -> grant.type().equals(version.key().type()))
                    .filter(grant -> !version.deleted() || grant.outlivesDeletion())
                    .flatMap(grant -> grant.opened(version.content(), version.author(), version.at()).stream())
                    .forEach(each -> add(opened, source, each));
            named.stream()
                    .filter(each -> each.type().equals(version.key().type()) && !version.deleted())
                    .flatMap(each -> each.named(version.content()).stream())
                    .distinct()
                    .forEach(target -> naming.addObject()
                            .put("source", source)
                            .put("source_ref", IndexHash.ofTarget(source))
                            .put("target", IndexHash.ofTarget(target.reference())));
        }
        return versions.isEmpty()
                ? Uni.createFrom().voidItem()
                : unit.sql(KEEP, sources.toString(), opened.toString(), naming.toString())
                        .replaceWithVoid();
    }

    /** Returns as JSON what is kept of {@code patient} because of resources of {@code types}, for {@link #keepTold}. */
    Uni<String> told(String patient, Set<String> types, SqlRunner sql) {
        return sql.run(TOLD, patient, types.toArray(String[]::new)).map(rows -> (String) rows.getFirst()[0]);
    }

    /**
     * Keeps what other services told; names that only they know are left out. So are resources that name others, of which
     * only the event tells all: it must not be taken for known.
     */
    Uni<Void> keepTold(List<String> told, UnitOfWork unit) {
        Set<String> names = grants.stream().map(Grant::name).collect(Collectors.toSet());
        ArrayNode opened = JsonNodeFactory.instance.arrayNode();
        Map<String, Long> versions = new TreeMap<>();
        for (String each : told) {
            for (JsonNode row : read(each)) {
                String source = row.path("source").asText();
                if (names.contains(row.path("name").asText()) && !names(source)) {
                    opened.add(row);
                    versions.put(
                            row.path("source").asText(), row.path("version").asLong());
                }
            }
        }
        ArrayNode sources = JsonNodeFactory.instance.arrayNode();
        versions.forEach(
                (source, version) -> sources.addObject().put("source", source).put("version", version));
        return sources.isEmpty()
                ? Uni.createFrom().voidItem()
                : unit.sql(KEEP, sources.toString(), opened.toString(), "[]").replaceWithVoid();
    }

    private boolean names(String source) {
        return named.stream().anyMatch(each -> source.startsWith(each.type() + "/"));
    }

    private static JsonNode read(String told) {
        try {
            return JSON.readTree(told);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not told by a service");
        }
    }

    private static void add(ArrayNode opened, String source, Grant.Opened each) {
        var row = opened.addObject()
                .put("source", source)
                .put("name", each.name())
                .put("grantee", each.grantee())
                .put("patient", each.patient())
                .put("ended", each.ended());
        each.time().from().ifPresent(from -> row.put("open_from", from.toString()));
        each.time().until().ifPresent(until -> row.put("open_until", until.toString()));
    }
}
