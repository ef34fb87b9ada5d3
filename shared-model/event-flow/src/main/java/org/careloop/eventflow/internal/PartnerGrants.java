package org.careloop.eventflow.internal;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.careloop.calleraccess.AccessPolicy;
import org.careloop.eventcontracts.Change;
import org.careloop.eventcontracts.ResourceEvent;
import org.careloop.eventflow.EventHandler;
import org.careloop.eventflow.EventSource;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.fhirmodel.ResourceKey;
import org.careloop.fhirsearch.SearchParameters;
import org.careloop.fhirstore.InTurn;
import org.careloop.fhirstore.UnitOfWork;
import org.hl7.fhir.r4.model.Base;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Resource;

/** Keeps which organisation may see which patient's compartment, as the access rules' grants say. */
@Singleton
public class PartnerGrants implements EventHandler {

    private static final String UPSERT = """
            insert into partner_grant (source, organization, patient, version, open_until) values ($1, $2, $3, $4, $5)
            on conflict (source) do update set organization = excluded.organization, patient = excluded.patient,
              version = excluded.version, open_until = excluded.open_until
            where partner_grant.version < excluded.version and
              (partner_grant.organization, partner_grant.patient, partner_grant.open_until)
                is distinct from (excluded.organization, excluded.patient, excluded.open_until)""";

    /** A resource that names nobody any more opens nothing any more. */
    private static final String CLOSE =
            "update partner_grant set version = $2, open_until = $3 where source = $1 and version < $2";

    private final List<AccessPolicy.Grant> grants;

    PartnerGrants(AccessPolicy policy) {
        this.grants = policy.grants();
    }

    @Override
    public Set<EventSource> sources() {
        return grants.stream()
                .map(grant -> new EventSource(grant.service(), grant.type()))
                .collect(Collectors.toSet());
    }

    @Override
    public Uni<Void> handle(ResourceEvent event, UnitOfWork unit) {
        Resource resource = FhirJson.parse(event.payload());
        List<AccessPolicy.Grant> concerned = grants.stream()
                .filter(grant -> grant.type().equals(resource.fhirType()))
                .toList();
        return InTurn.each(concerned, grant -> keep(grant, resource, event, unit));
    }

    private static Uni<Void> keep(AccessPolicy.Grant grant, Resource resource, ResourceEvent event, UnitOfWork unit) {
        List<ResourceKey> organizations = references(resource, grant.organization());
        List<ResourceKey> patients = references(resource, grant.patient());
        if (organizations.isEmpty() || patients.isEmpty()) {
            return unit.sql(
                            CLOSE,
                            event.resource().reference(),
                            event.version(),
                            event.occurredAt().atOffset(ZoneOffset.UTC))
                    .replaceWithVoid();
        }
        boolean open = event.change() != Change.DELETED
                && values(resource, "status").stream()
                        .anyMatch(status -> grant.status().contains(status.primitiveValue()));
        Object until = open ? null : event.occurredAt().atOffset(ZoneOffset.UTC);
        return unit.sql(
                        UPSERT,
                        event.resource().reference(),
                        organizations.getFirst().id().value(),
                        patients.getFirst().id().value(),
                        event.version(),
                        until)
                .replaceWithVoid();
    }

    private static List<ResourceKey> references(Resource resource, String parameter) {
        return values(resource, parameter).stream()
                .flatMap(value -> value instanceof Reference reference && reference.hasReference()
                        ? ResourceKey.parse(reference.getReference()).stream()
                        : Stream.empty())
                .toList();
    }

    private static List<Base> values(Resource resource, String parameter) {
        return SearchParameters.find(resource.fhirType(), parameter)
                .map(found -> found.path().evaluate(resource))
                .orElse(List.of());
    }
}
