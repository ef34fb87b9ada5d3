package org.careloop.fhirstore;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.careloop.calleraccess.AccessPolicy;
import org.careloop.calleraccess.Between;
import org.careloop.calleraccess.Grant;
import org.careloop.calleraccess.Naming;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.fhirmodel.ResourceKey;
import org.careloop.fhirsearch.IndexHash;
import org.careloop.fhirstore.internal.SqlRunner;
import org.hl7.fhir.r4.model.Resource;

/** Which resources open which patients' compartments to whom, as this service's SQL asks for it. */
@Singleton
public class AccessGrants {

    private static final String ROWS = """
            jsonb_to_recordset($3::text::jsonb) as o (source text, name text, grantee text, patient text,
              open_from timestamptz, open_until timestamptz, ended boolean)""";

    /**
     * What a later version opens is left alone; of what goes on opening, the row stays, and changes if it has to. The rows of the sources are
     * found by their list: by {@code newer} alone, all grants of all patients were read for each version.
     */
    private static final String KEEP = """
            with newer as (
              insert into grant_version (source, version)
              select * from unnest($1::text[], $2::bigint[]) as s (source, version) order by source
              on conflict (source) do update set version = excluded.version
                where grant_version.version < excluded.version
              returning source),
            opened as (select o.* from %s where o.source in (select source from newer)),
            named as (
              select * from jsonb_to_recordset($4::text::jsonb) as n (source text, source_ref bigint, target bigint)
              where source in (select source from newer)),
            unnamed as (
              delete from named_reference x using newer n
              where x.source = any($1::text[]) and x.source = n.source and not exists (
                select from named m where (m.source, m.target) = (x.source, x.target))),
            naming as (
              insert into named_reference (source, source_ref, target) select source, source_ref, target from named
              on conflict do nothing),
            gone as (
              delete from access_grant g using newer n
              where g.source = any($1::text[]) and g.source = n.source and not exists (
                select from opened o where (o.source, o.name, o.grantee, o.patient)
                  = (g.source, g.name, g.grantee, g.patient)))
            insert into access_grant (source, name, grantee, patient, open_from, open_until, ended)
            select source, name, grantee, patient, open_from, open_until, ended from opened
            on conflict (source, name, grantee, patient) do update set open_from = excluded.open_from,
              open_until = case when access_grant.ended and excluded.ended
                then least(access_grant.open_until, excluded.open_until) else excluded.open_until end,
              ended = excluded.ended
            where (access_grant.open_from, access_grant.open_until, access_grant.ended)
              is distinct from (excluded.open_from, excluded.open_until, excluded.ended)""".formatted(ROWS);

    private static final String TOLD = """
            select coalesce(jsonb_agg(jsonb_build_object('type', r.type, 'id', r.id, 'version', r.version, 'author', r.author,
              'changed', r.changed, 'deleted', r.deleted, 'body', convert_from(r.body, 'UTF8'))), '[]')::text
            from resource r where r.patient = $1 and r.type = any($2::text[])""";

    private static final ObjectMapper JSON = new ObjectMapper();

    private final List<Grant> grants;
    private final List<Naming> named;

    /** By types. */
    private final Map<String, Set<String>> elements;

    AccessGrants(AccessPolicy policy) {
        this.grants = policy.grants();
        this.named = policy.named();
        this.elements = types().stream().collect(Collectors.toUnmodifiableMap(type -> type, this::elementsOf));
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

    /** The types that open compartments, or name what is opened with them, by the services that hold them, but for {@code held}. */
    Map<String, Set<String>> typesElsewhere(Set<String> held) {
        return types().stream()
                .filter(type -> !held.contains(type))
                .collect(Collectors.groupingBy(this::holder, Collectors.toSet()));
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
        return elements.getOrDefault(type, Set.of());
    }

    private Set<String> elementsOf(String type) {
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
        ArrayNode opened = JsonNodeFactory.instance.arrayNode();
        ArrayNode naming = JsonNodeFactory.instance.arrayNode();
        for (Version version : versions) {
            String source = version.key().reference();
            opened(version).forEach(each -> add(opened, source, each));
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
                : unit.sql(
                                KEEP,
                                versions.stream()
                                        .map(version -> version.key().reference())
                                        .toArray(String[]::new),
                                versions.stream().map(Version::version).toArray(Long[]::new),
                                opened.toString(),
                                naming.toString())
                        .replaceWithVoid();
    }

    /**
     * Keeps that {@code organization} sees the patients that it registers elsewhere in the same transaction, until their own
     * events tell.
     */
    Uni<Void> keepExpected(Set<String> patients, String organization, UnitOfWork unit) {
        List<String> sources =
                patients.stream().map(patient -> "Patient/" + patient).toList();
        ArrayNode opened = JsonNodeFactory.instance.arrayNode();
        for (String patient : patients) {
            grants.stream()
                    .filter(Grant::opensWhatItsAuthorRegisters)
                    .forEach(grant -> add(
                            opened,
                            "Patient/" + patient,
                            new Grant.Opened(grant.name(), organization, patient, Between.ALWAYS, false)));
        }
        return opened.isEmpty()
                ? Uni.createFrom().voidItem()
                : unit.sql(
                                KEEP,
                                sources.toArray(String[]::new),
                                Collections.nCopies(sources.size(), 0L).toArray(Long[]::new),
                                opened.toString(),
                                "[]")
                        .replaceWithVoid();
    }

    /**
     * Returns as JSON, for {@link #keepTold}, the resources of {@code types} in the compartment of {@code patient}: who asks has
     * rules of its own of what they open.
     */
    static Uni<String> told(String patient, Set<String> types, SqlRunner sql) {
        return sql.run(TOLD, patient, types.toArray(String[]::new)).map(rows -> (String) rows.getFirst()[0]);
    }

    /**
     * Keeps what other services told, as if their events had come already; but of what has ended only the events tell since when.
     */
    Uni<Void> keepTold(List<String> told, UnitOfWork unit) {
        List<Version> versions = new ArrayList<>();
        for (String each : told) {
            for (JsonNode resource : read(each)) {
                Version version = version(resource);
                if (!hasEnded(version)) {
                    versions.add(version);
                }
            }
        }
        return keep(versions, unit);
    }

    private boolean hasEnded(Version version) {
        return opened(version).anyMatch(Grant.Opened::ended);
    }

    private Stream<Grant.Opened> opened(Version version) {
        return grants.stream()
                .filter(grant -> grant.type().equals(version.key().type()))
                .filter(grant -> !version.deleted() || grant.outlivesDeletion())
                .flatMap(grant -> grant.opened(version.content(), version.author(), version.at()).stream());
    }

    private Version version(JsonNode told) {
        String type = told.path("type").asText();
        return new Version(
                ResourceKey.of(type, told.path("id").asText()),
                told.path("version").asLong(),
                Optional.ofNullable(told.path("author").textValue()),
                OffsetDateTime.parse(told.path("changed").asText()).toInstant(),
                told.path("deleted").asBoolean(),
                FhirJson.parseOnly(told.path("body").asText().getBytes(StandardCharsets.UTF_8), elements(type)));
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
