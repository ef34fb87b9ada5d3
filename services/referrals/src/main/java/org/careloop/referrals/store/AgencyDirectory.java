package org.careloop.referrals.store;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.careloop.fhirsearch.Condition;
import org.careloop.fhirsearch.QueryParameter;
import org.careloop.fhirstore.InTurn;
import org.careloop.fhirstore.UnitOfWork;
import org.careloop.referrals.domain.AgencyChoice.Candidate;
import org.careloop.referrals.domain.Agreement;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.HealthcareService;
import org.hl7.fhir.r4.model.Location;
import org.hl7.fhir.r4.model.Organization;
import org.hl7.fhir.r4.model.OrganizationAffiliation;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Resource;

/**
 * Who offers a kind of service, with its organisation and the places that it covers, from the directory's resources.
 */
@Singleton
public class AgencyDirectory {

    /** A service says what it does by {@code type} or, more coarsely, by {@code category}. */
    public static final List<String> KINDS = List.of("service-type", "service-category");

    private static final String OF_SERVICE = "_has:HealthcareService:";

    AgencyDirectory() {}

    /**
     * Returns the services of any of {@code types}, at most 1000 for each of type and category; one whose organisation
     * is not in the directory (yet) is left out, and so is a Location that is not there.
     */
    public Uni<List<Candidate>> candidates(UnitOfWork unit, Collection<Coding> types) {
        if (types.isEmpty()) {
            return Uni.createFrom().item(List.of());
        }
        String value = types.stream().map(AgencyDirectory::token).collect(Collectors.joining(","));
        return find(unit, HealthcareService.class, "", value)
                .chain(services -> find(unit, Organization.class, OF_SERVICE + "organization:", value)
                        .chain(organizations -> find(unit, Location.class, OF_SERVICE + "coverage-area:", value)
                                .map(locations -> join(services, organizations, locations))));
    }

    /** Returns the agreements of {@code requester}, a literal reference, that are in force {@code at} a time. */
    public Uni<List<Agreement>> agreements(UnitOfWork unit, String requester, Instant at) {
        return requester.isEmpty()
                ? Uni.createFrom().item(List.of())
                : unit.search(OrganizationAffiliation.class, "primary-organization=" + requester)
                        .map(found -> found.stream()
                                .flatMap(affiliation -> Agreement.of(affiliation, at).stream())
                                .toList());
    }

    private static <T extends Resource> Uni<Map<String, T>> find(
            UnitOfWork unit, Class<T> type, String chain, String value) {
        Map<String, T> found = new LinkedHashMap<>();
        return InTurn.each(
                        KINDS,
                        kind -> unit.search(
                                        type.getSimpleName(),
                                        List.of(new QueryParameter(chain + kind, value)),
                                        Condition.EVERYTHING)
                                .invoke(page -> page.forEach(
                                        each -> found.put(each.key().reference(), each.as(type)))))
                .replaceWith(found);
    }

    private static List<Candidate> join(
            Map<String, HealthcareService> services,
            Map<String, Organization> organizations,
            Map<String, Location> locations) {
        List<Candidate> candidates = new ArrayList<>();
        services.values()
                .forEach(service -> get(organizations, service.getProvidedBy())
                        .ifPresent(organization -> candidates.add(new Candidate(
                                service,
                                organization,
                                service.getCoverageArea().stream()
                                        .flatMap(area -> get(locations, area).stream())
                                        .toList()))));
        return candidates;
    }

    private static <T> Optional<T> get(Map<String, T> found, Reference reference) {
        return Optional.ofNullable(found.get(
                reference.getReferenceElement().toUnqualifiedVersionless().getValue()));
    }

    /** Returns the value of a token parameter that finds {@code coding}: commas separate alternatives, so those within are escaped. */
    public static String token(Coding coding) {
        String text = coding.hasSystem() ? coding.getSystem() + "|" + coding.getCode() : coding.getCode();
        return text.replace("\\", "\\\\").replace(",", "\\,");
    }
}
