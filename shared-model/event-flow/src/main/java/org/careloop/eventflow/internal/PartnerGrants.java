package org.careloop.eventflow.internal;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.careloop.calleraccess.AccessPolicy;
import org.careloop.eventcontracts.Change;
import org.careloop.eventcontracts.ResourceEvent;
import org.careloop.eventflow.EventSource;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.fhirmodel.ResourceKey;
import org.careloop.fhirsearch.SearchParameters;
import org.careloop.fhirsearch.SearchPath;
import org.careloop.fhirstore.InTurn;
import org.careloop.fhirstore.UnitOfWork;
import org.hl7.fhir.r4.model.Base;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Resource;
import org.jspecify.annotations.Nullable;

/** Keeps which organisation may see which patient's compartment, as the access rules' grants say. */
@Singleton
public class PartnerGrants implements TogetherHandler {

    private static final String OPEN = """
            insert into partner_grant (source, organization, patient, version, open_until)
            select * from unnest($1::text[], $2::text[], $3::text[], $4::bigint[], $5::timestamptz[])
            on conflict (source) do update set organization = excluded.organization, patient = excluded.patient,
              version = excluded.version, open_until = excluded.open_until
            where partner_grant.version < excluded.version and
              (partner_grant.organization, partner_grant.patient, partner_grant.open_until)
                is distinct from (excluded.organization, excluded.patient, excluded.open_until)""";

    /** A resource that names nobody any more opens nothing any more. */
    private static final String CLOSE = """
            update partner_grant g set version = u.version, open_until = u.until
            from unnest($1::text[], $2::bigint[], $3::timestamptz[]) u (source, version, until)
            where g.source = u.source and g.version < u.version""";

    private final List<Watched> watched;

    /** A grant with what is read of a resource for it. */
    private record Watched(AccessPolicy.Grant grant, Set<String> elements) {

        static Watched of(AccessPolicy.Grant grant) {
            Set<String> elements = Stream.of(grant.organization(), grant.patient(), STATUS)
                    .flatMap(parameter -> path(grant.type(), parameter).stream())
                    .flatMap(path -> path.elements().stream())
                    .collect(Collectors.toSet());
            return new Watched(grant, elements);
        }

        Named read(ResourceEvent event) {
            Resource resource = FhirJson.parseOnly(event.payload(), elements);
            boolean open = event.change() != Change.DELETED
                    && values(resource, STATUS)
                            .anyMatch(status -> grant.status().contains(status.primitiveValue()));
            return new Named(
                    event, open, reference(resource, grant.organization()), reference(resource, grant.patient()));
        }
    }

    private static final String STATUS = "status";

    /** Whom one event names. */
    private record Named(
            ResourceEvent event, boolean open, Optional<ResourceKey> organization, Optional<ResourceKey> patient) {

        boolean isComplete() {
            return organization.isPresent() && patient.isPresent();
        }

        OffsetDateTime occurred() {
            return event.occurredAt().atOffset(ZoneOffset.UTC);
        }

        @Nullable
        OffsetDateTime openUntil() {
            return open ? null : occurred();
        }
    }

    PartnerGrants(AccessPolicy policy) {
        this.watched = policy.grants().stream().map(Watched::of).toList();
    }

    @Override
    public Set<EventSource> sources() {
        return watched.stream()
                .map(each -> new EventSource(each.grant.service(), each.grant.type()))
                .collect(Collectors.toSet());
    }

    @Override
    public Uni<Void> handle(List<ResourceEvent> events, UnitOfWork unit) {
        return InTurn.each(watched, each -> {
            Map<Boolean, List<Named>> named = newest(events, each.grant.type()).stream()
                    .map(each::read)
                    .collect(Collectors.partitioningBy(Named::isComplete));
            return open(named.get(true), unit).chain(() -> close(named.get(false), unit));
        });
    }

    /** Only the newest of each resource, because one statement changes a row once. */
    private static Collection<ResourceEvent> newest(List<ResourceEvent> events, String type) {
        return events.stream()
                .filter(event -> event.resource().type().equals(type))
                .collect(Collectors.toMap(
                        ResourceEvent::resource,
                        Function.identity(),
                        BinaryOperator.maxBy(Comparator.comparingLong(ResourceEvent::version)),
                        LinkedHashMap::new))
                .values();
    }

    private static Uni<Void> open(List<Named> named, UnitOfWork unit) {
        return named.isEmpty()
                ? Uni.createFrom().voidItem()
                : unit.sql(
                                OPEN,
                                sources(named),
                                ids(named, Named::organization),
                                ids(named, Named::patient),
                                versions(named),
                                named.stream().map(Named::openUntil).toArray(OffsetDateTime[]::new))
                        .replaceWithVoid();
    }

    private static Uni<Void> close(List<Named> named, UnitOfWork unit) {
        return named.isEmpty()
                ? Uni.createFrom().voidItem()
                : unit.sql(
                                CLOSE,
                                sources(named),
                                versions(named),
                                named.stream().map(Named::occurred).toArray(OffsetDateTime[]::new))
                        .replaceWithVoid();
    }

    private static String[] sources(List<Named> named) {
        return named.stream().map(each -> each.event.resource().reference()).toArray(String[]::new);
    }

    private static String[] ids(List<Named> named, Function<Named, Optional<ResourceKey>> of) {
        return named.stream()
                .map(each -> of.apply(each).orElseThrow().id().value())
                .toArray(String[]::new);
    }

    private static Long[] versions(List<Named> named) {
        return named.stream().map(each -> each.event.version()).toArray(Long[]::new);
    }

    private static Optional<ResourceKey> reference(Resource resource, String parameter) {
        return values(resource, parameter)
                .flatMap(value -> value instanceof Reference reference && reference.hasReference()
                        ? ResourceKey.parse(reference.getReference()).stream()
                        : Stream.empty())
                .findFirst();
    }

    private static Stream<Base> values(Resource resource, String parameter) {
        return path(resource.fhirType(), parameter).stream().flatMap(path -> path.evaluate(resource).stream());
    }

    private static Optional<SearchPath> path(String type, String parameter) {
        return SearchParameters.find(type, parameter).map(found -> found.path());
    }
}
