package org.careloop.referrals.domain.hsds;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.careloop.fhirmodel.FhirTime;
import org.careloop.referrals.domain.Verification;
import org.hl7.fhir.r4.model.DateTimeType;
import org.hl7.fhir.r4.model.HealthcareService;
import org.hl7.fhir.r4.model.Location;
import org.hl7.fhir.r4.model.Organization;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Resource;

/**
 * What a file of HSDS says, as FHIR. Ids are derived from the source and the row's id, so a second import updates what the first
 * has made.
 *
 * @param listings resources in an order in which each refers only to those before it; a service is followed by the
 *     VerificationResult that the source has it
 * @param issues what was not taken, and why
 * @see <a href="https://docs.openreferral.org/en/v3.0.1/hsds/schema_reference.html">HSDS 3 schema</a>
 */
public record HsdsDirectory(List<Listing> listings, List<HsdsIssue> issues) {

    /** A resource, and the row that it is from. */
    public record Listing(String place, Resource resource) {}

    private static final Pattern DAY = Pattern.compile("\\d{4}-\\d{2}-\\d{2}");

    /**
     * Returns what {@code tables} say.
     *
     * @param now services that do not say when they were assured were so now
     */
    public static HsdsDirectory of(HsdsTables tables, HsdsSource source, HsdsTerms terms, Instant now) {
        return new Reading(tables, source, terms, now).read();
    }

    private static final class Reading {
        private final HsdsTables tables;
        private final HsdsSource source;
        private final Instant now;
        private final HsdsPlaces places;
        private final HsdsServices services;
        private final List<Listing> listings = new ArrayList<>();

        Reading(HsdsTables tables, HsdsSource source, HsdsTerms terms, Instant now) {
            this.tables = tables;
            this.source = source;
            this.now = now;
            this.places = new HsdsPlaces(tables, source);
            HsdsHours hours = new HsdsHours(LocalDate.ofInstant(now, ZoneOffset.UTC), tables);
            this.services = new HsdsServices(tables, source, terms, hours);
        }

        HsdsDirectory read() {
            organizations();
            tables.all("location").forEach(row -> places.place(row).ifPresent(place -> add(row, place)));
            tables.all("service").forEach(this::service);
            return new HsdsDirectory(List.copyOf(listings), tables.issues());
        }

        private void add(HsdsRow row, Resource resource) {
            listings.add(new Listing(row.place(), resource));
        }

        /** The whole before its parts. */
        private void organizations() {
            Map<HsdsRow, Optional<HsdsRow>> parents = new LinkedHashMap<>();
            tables.all("organization")
                    .forEach(row -> parents.put(row, tables.target(row, "parent_organization_id", "organization")));
            Set<HsdsRow> done = new HashSet<>();
            parents.keySet().forEach(row -> withParents(row, parents, done, new HashSet<>()));
        }

        private void withParents(
                HsdsRow row, Map<HsdsRow, Optional<HsdsRow>> parents, Set<HsdsRow> done, Set<HsdsRow> below) {
            if (done.contains(row)) {
                return;
            }
            below.add(row);
            Optional<HsdsRow> parent = parents.getOrDefault(row, Optional.empty());
            if (parent.filter(below::contains).isPresent()) {
                tables.add(HsdsIssue.inPart(row, "parent_organization_id", "leads back to the row (expected: a tree)"));
                parent = Optional.empty();
            }
            parent.ifPresent(above -> withParents(above, parents, done, below));
            if (done.add(row)) {
                organization(row, parent);
            }
        }

        private void organization(HsdsRow row, Optional<HsdsRow> parent) {
            if (row.id().isEmpty() || row.get("name").isEmpty()) {
                tables.add(HsdsIssue.leftOut(row, "name", "missing, or id (expected: both)"));
                return;
            }
            String id = row.id().get();
            Organization organization = new Organization()
                    .setActive(true)
                    .setName(row.get("name").get())
                    .addIdentifier(source.identifier(id));
            organization.setId(source.idOf("Organization", id).value());
            row.get("alternate_name").ifPresent(organization::addAlias);
            organization.setTelecom(HsdsContacts.of(row, tables.of(row, "phone", "organization_id")));
            source.reference("Organization", parent).ifPresent(organization::setPartOf);
            add(row, organization);
        }

        private void service(HsdsRow row) {
            Optional<Reference> owner =
                    source.reference("Organization", tables.target(row, "organization_id", "organization"));
            Map<Location, HsdsRow> areas = new LinkedHashMap<>();
            for (HsdsRow area : tables.of(row, "service_area", "service_id")) {
                places.areas(area, owner).forEach(each -> areas.put(each, area));
            }
            List<Reference> covered = new ArrayList<>(areas.keySet().stream()
                    .map(area -> new Reference(
                            HsdsPlaces.TYPE + "/" + area.getIdElement().getIdPart()))
                    .toList());
            services.service(row, covered).ifPresent(service -> {
                areas.forEach((area, of) -> add(of, area));
                add(row, service);
                add(row, assured(row, service));
            });
        }

        private Resource assured(HsdsRow row, HealthcareService service) {
            Optional<String> day = row.get("assured_date");
            boolean told = day.filter(text -> DAY.matcher(text).matches()).isPresent();
            if (day.isPresent() && !told) {
                tables.add(HsdsIssue.inPart(row, "assured_date", "not a day (expected: YYYY-MM-DD)"));
            }
            DateTimeType at = told ? new DateTimeType(day.get()) : FhirTime.dateTime(now);
            return Verification.byImport(service.getIdElement().getIdPart(), source.name(), at);
        }
    }
}
