package org.careloop.referrals.domain.hsds;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.careloop.referrals.domain.Capacity;
import org.careloop.referrals.domain.Eligibility;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.HealthcareService;
import org.hl7.fhir.r4.model.HealthcareService.HealthcareServiceEligibilityComponent;
import org.hl7.fhir.r4.model.Reference;

/** HealthcareServices from rows of services and of what belongs to them. */
final class HsdsServices {

    static final String TYPE = "HealthcareService";

    private static final String LANGUAGES = "urn:ietf:bcp:47";
    private static final Pattern AGE = Pattern.compile("\\d{1,3}(\\.0+)?");

    /** What FHIR R4 has no element for, and people have to know; each with what it is. */
    private static final Map<String, String> DETAILS = details();

    private final HsdsTables tables;
    private final HsdsSource source;
    private final HsdsTerms terms;
    private final HsdsHours hours;

    HsdsServices(HsdsTables tables, HsdsSource source, HsdsTerms terms, HsdsHours hours) {
        this.tables = tables;
        this.source = source;
        this.terms = terms;
        this.hours = hours;
    }

    private static Map<String, String> details() {
        Map<String, String> details = new LinkedHashMap<>();
        details.put("alert", "Alert");
        details.put("application_process", "How to apply");
        details.put("fees_description", "Fees");
        details.put("fees", "Fees");
        details.put("wait_time", "Waiting time");
        details.put("interpretation_services", "Interpreters");
        details.put("accreditations", "Accreditations");
        details.put("licenses", "Licenses");
        return details;
    }

    /** Returns the service that {@code row} tells of, in {@code areas}; empty, and told, when nobody provides it. */
    Optional<HealthcareService> service(HsdsRow row, List<Reference> areas) {
        Optional<Reference> provider =
                source.reference("Organization", tables.target(row, "organization_id", "organization"));
        Optional<Boolean> active = active(row);
        if (row.id().isEmpty()) {
            return leftOut(row, HsdsRow.ID, "missing (expected: the row's own)");
        }
        if (provider.isEmpty()) {
            return leftOut(row, "organization_id", "not of an organization in this file (expected: one)");
        }
        if (active.isEmpty()) {
            return leftOut(row, "status", "unknown (expected: active, inactive, defunct, temporarily closed)");
        }
        String id = row.id().get();
        HealthcareService service = new HealthcareService()
                .setActive(active.get())
                .setProvidedBy(provider.get())
                .setCoverageArea(areas)
                .addIdentifier(source.identifier(id));
        service.setId(source.idOf(TYPE, id).value());
        row.get("name").ifPresent(service::setName);
        row.get("description").ifPresent(service::setComment);
        details(row).ifPresent(service::setExtraDetails);
        eligibility(row).ifPresent(text -> ages(row, service.addEligibility().setComment(text)));
        program(row).ifPresent(service::addProgram);
        List<HsdsRow> links = tables.of(row, "service_at_location", "service_id");
        places(links).forEach(service::addLocation);
        service.setTelecom(HsdsContacts.of(row, ofService(row, links, "phone")));
        tables.of(row, "language", "service_id").forEach(language -> language(language, service));
        ofService(row, links, "schedule").forEach(schedule -> hours.of(schedule).ifPresent(service::addAvailableTime));
        ofService(row, links, "holiday_schedule")
                .forEach(holiday -> hours.closed(holiday).ifPresent(service::addNotAvailable));
        terms(row).forEach(term -> terms.add(service, term, source));
        capacity(row, service);
        return Optional.of(service);
    }

    private Optional<HealthcareService> leftOut(HsdsRow row, String column, String text) {
        tables.add(HsdsIssue.leftOut(row, column, text));
        return Optional.empty();
    }

    /** What is closed for a while is not for referrals; it comes back with the import that says so. */
    private static Optional<Boolean> active(HsdsRow row) {
        return switch (row.get("status").orElse("active").toLowerCase(Locale.ROOT)) {
            case "active" -> Optional.of(true);
            case "inactive", "defunct", "temporarily closed" -> Optional.of(false);
            default -> Optional.empty();
        };
    }

    private static Optional<String> details(HsdsRow row) {
        List<String> texts = new ArrayList<>();
        DETAILS.forEach((column, label) -> row.get(column).ifPresent(text -> texts.add(label + ": " + text)));
        return texts.isEmpty() ? Optional.empty() : Optional.of(String.join("\n\n", texts));
    }

    private static Optional<String> eligibility(HsdsRow row) {
        List<String> texts = new ArrayList<>();
        row.get("eligibility_description").ifPresent(texts::add);
        row.get("minimum_age").ifPresent(age -> texts.add("From the age of " + age));
        row.get("maximum_age").ifPresent(age -> texts.add("Up to the age of " + age));
        return texts.isEmpty() ? Optional.empty() : Optional.of(String.join("\n\n", texts));
    }

    /** Ages that are no whole years stand in the words alone. */
    private void ages(HsdsRow row, HealthcareServiceEligibilityComponent eligibility) {
        Optional<Integer> low = age(row, "minimum_age");
        Optional<Integer> high = age(row, "maximum_age");
        if (low.isPresent() && high.isPresent() && low.get() > high.get()) {
            tables.add(HsdsIssue.inPart(row, "maximum_age", "below minimum_age (expected: not)"));
        } else if (low.isPresent() || high.isPresent()) {
            Eligibility.addAges(eligibility, low, high);
        }
    }

    private Optional<Integer> age(HsdsRow row, String column) {
        return row.get(column).flatMap(text -> {
            if (AGE.matcher(text).matches()) {
                return Optional.of(Integer.parseInt(text.split("\\.")[0]));
            }
            tables.add(HsdsIssue.inPart(row, column, "no age that is compared (expected: whole years)"));
            return Optional.empty();
        });
    }

    private Optional<CodeableConcept> program(HsdsRow row) {
        return tables.target(row, "program_id", "program").map(program -> {
            CodeableConcept concept = new CodeableConcept();
            Optional<String> name = program.get("name");
            program.id()
                    .ifPresent(
                            id -> concept.addCoding(new Coding(source.system() + "/program", id, name.orElse(null))));
            name.ifPresent(concept::setText);
            return concept;
        });
    }

    private List<Reference> places(List<HsdsRow> links) {
        List<Reference> places = new ArrayList<>();
        for (HsdsRow link : links) {
            Optional<Reference> place =
                    source.reference(HsdsPlaces.TYPE, tables.target(link, "location_id", "location"));
            place.ifPresentOrElse(
                    places::add,
                    () -> tables.add(
                            HsdsIssue.leftOut(link, "location_id", "not of a location in this file (expected: one)")));
        }
        return places;
    }

    /** What is told of the service itself, and of it at one of its places. */
    private List<HsdsRow> ofService(HsdsRow row, List<HsdsRow> links, String table) {
        return Stream.concat(
                        tables.of(row, table, "service_id").stream(),
                        links.stream().flatMap(link -> tables.of(link, table, "service_at_location_id").stream()))
                .distinct()
                .toList();
    }

    private static void language(HsdsRow row, HealthcareService service) {
        CodeableConcept language = new CodeableConcept();
        Optional<String> name = row.get("name").or(() -> row.get("language"));
        row.get("code").ifPresent(code -> language.addCoding(new Coding(LANGUAGES, code, name.orElse(null))));
        name.ifPresent(language::setText);
        if (!language.isEmpty()) {
            service.addCommunication(language);
        }
    }

    /** HSDS 3 tells it by attributes, HSDS 2 by a table of its own. */
    private List<HsdsRow> terms(HsdsRow row) {
        List<HsdsRow> links = new ArrayList<>(tables.of(row, "attribute", "link_id"));
        links.removeIf(link -> link.get("link_entity")
                .filter(entity -> !entity.equals("service"))
                .isPresent());
        links.addAll(tables.of(row, "service_taxonomy", "service_id"));
        List<HsdsRow> found = new ArrayList<>();
        for (HsdsRow link : links) {
            Optional<HsdsRow> term = tables.target(link, "taxonomy_term_id", "taxonomy_term")
                    .or(() -> tables.target(link, "taxonomy_id", "taxonomy_term"));
            term.ifPresentOrElse(
                    found::add,
                    () -> tables.add(HsdsIssue.leftOut(
                            link, "taxonomy_term_id", "not of a taxonomy term in this file (expected: one)")));
        }
        return found;
    }

    /** Several units are places for one more person if any of them is. */
    private void capacity(HsdsRow row, HealthcareService service) {
        List<String> available = tables.of(row, "service_capacity", "service_id").stream()
                .flatMap(capacity -> capacity.get("available").stream())
                .toList();
        if (!available.isEmpty()) {
            Capacity.mark(service, available.stream().anyMatch(number -> !number.matches("-?0*(\\.0*)?|-.*")));
        }
    }
}
