package org.careloop.referrals.domain.hsds;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.hl7.fhir.r4.model.Address;
import org.hl7.fhir.r4.model.Location;
import org.hl7.fhir.r4.model.Location.LocationStatus;
import org.hl7.fhir.r4.model.Reference;

/** Locations: where services are, and the areas that they cover. */
final class HsdsPlaces {

    static final String TYPE = "Location";

    private static final Pattern POSTAL_CODE = Pattern.compile("\\d{3,5}");
    private static final Pattern STATE = Pattern.compile("[A-Z]{2}");

    private final HsdsTables tables;
    private final HsdsSource source;

    HsdsPlaces(HsdsTables tables, HsdsSource source) {
        this.tables = tables;
        this.source = source;
    }

    /** Returns the place that {@code row} tells of; empty, and told, when it has no id. */
    Optional<Location> place(HsdsRow row) {
        if (row.id().isEmpty()) {
            tables.add(HsdsIssue.leftOut(row, HsdsRow.ID, "missing (expected: the row's own)"));
            return Optional.empty();
        }
        String id = row.id().get();
        Location place = new Location().setStatus(LocationStatus.ACTIVE).addIdentifier(source.identifier(id));
        place.setId(source.idOf(TYPE, id).value());
        row.get("name").ifPresent(place::setName);
        row.get("alternate_name").ifPresent(place::addAlias);
        row.get("description").ifPresent(place::setDescription);
        place.setTelecom(HsdsContacts.of(row, tables.of(row, "phone", "location_id")));
        position(row, place);
        owner(row).ifPresent(place::setManagingOrganization);
        List<HsdsRow> addresses = tables.of(row, "address", "location_id");
        addresses.stream().findFirst().ifPresent(address -> place.setAddress(address(address)));
        addresses.stream()
                .skip(1)
                .forEach(more -> tables.add(HsdsIssue.leftOut(
                        more, "location_id", "of a place that has an address already (expected: one)")));
        return Optional.of(place);
    }

    /** Whose place it is, so that this agency can keep it: by itself, or by the services that are there if all are of one. */
    private Optional<Reference> owner(HsdsRow row) {
        Optional<Reference> own =
                source.reference("Organization", tables.target(row, "organization_id", "organization"));
        if (own.isPresent()) {
            return own;
        }
        List<HsdsRow> providers = tables.of(row, "service_at_location", "location_id").stream()
                .flatMap(link -> tables.target(link, "service_id", "service").stream())
                .flatMap(service -> tables.target(service, "organization_id", "organization").stream())
                .distinct()
                .toList();
        return providers.size() == 1
                ? source.reference("Organization", Optional.of(providers.getFirst()))
                : Optional.empty();
    }

    private void position(HsdsRow row, Location place) {
        Optional<String> latitude = row.get("latitude");
        Optional<String> longitude = row.get("longitude");
        if (latitude.isEmpty() && longitude.isEmpty()) {
            return;
        }
        try {
            place.getPosition()
                    .setLatitude(new BigDecimal(latitude.orElse("")))
                    .setLongitude(new BigDecimal(longitude.orElse("")));
        } catch (NumberFormatException e) {
            place.setPosition(null);
            tables.add(HsdsIssue.inPart(row, "latitude", "not a number, or longitude (expected: both)"));
        }
    }

    private static Address address(HsdsRow row) {
        Address address = new Address();
        Stream.of("attention", "address_1", "address_2")
                .flatMap(column -> row.get(column).stream())
                .forEach(address::addLine);
        row.get("city").ifPresent(address::setCity);
        row.get("region").ifPresent(address::setDistrict);
        row.get("state_province").ifPresent(address::setState);
        row.get("postal_code").ifPresent(address::setPostalCode);
        row.get("country").ifPresent(address::setCountry);
        row.get("address_type")
                .filter("postal"::equalsIgnoreCase)
                .ifPresent(type -> address.setType(Address.AddressType.POSTAL));
        return address;
    }

    /**
     * Returns the areas that {@code row} lists by postal codes, beginnings of them, or states. An area that is none of these is
     * kept by its name: no referral can tell who lives there.
     */
    List<Location> areas(HsdsRow row, Optional<Reference> owner) {
        Optional<String> text = Stream.of(row.get("extent"), row.get("name"), row.get("service_area"))
                .flatMap(Optional::stream)
                .filter(value -> Arrays.stream(parts(value)).allMatch(HsdsPlaces::isArea))
                .findFirst();
        row.get("extent")
                .filter(extent -> !Optional.of(extent).equals(text))
                .ifPresent(extent -> tables.add(HsdsIssue.inPart(
                        row, "extent", "neither postal codes nor states, so it is not kept (expected: such)")));
        List<Location> areas = new ArrayList<>();
        if (text.isPresent()) {
            Arrays.stream(parts(text.get())).distinct().forEach(part -> areas.add(area(row, part)));
        } else if (row.get("name").or(() -> row.get("service_area")).isPresent()) {
            areas.add(area(row, ""));
            tables.add(HsdsIssue.inPart(
                    row,
                    "name",
                    "neither postal codes nor states, so the service is asked for nobody (expected: such)"));
        } else {
            tables.add(HsdsIssue.leftOut(row, "name", "missing (expected: postal codes, or states)"));
        }
        owner.ifPresent(agency -> areas.forEach(area -> area.setManagingOrganization(agency.copy())));
        return areas;
    }

    private Location area(HsdsRow row, String part) {
        // A row without an id is told from others of its service by what it says.
        String key = row.id()
                .orElseGet(() -> row.get("service_id").orElse("") + "#"
                        + row.get("name").or(() -> row.get("service_area")).orElse(""));
        Location area = new Location().setStatus(LocationStatus.ACTIVE);
        area.addIdentifier(source.identifier(part.isEmpty() ? key : key + "#" + part));
        area.setId(source.idOf("area", key, part).value());
        row.get("description").ifPresent(area::setDescription);
        row.get("name").or(() -> row.get("service_area")).ifPresent(area::setName);
        if (POSTAL_CODE.matcher(part).matches()) {
            area.getAddress().setPostalCode(part);
        } else if (!part.isEmpty()) {
            area.getAddress().setState(part);
        }
        return area;
    }

    private static boolean isArea(String part) {
        return POSTAL_CODE.matcher(part).matches() || STATE.matcher(part).matches();
    }

    private static String[] parts(String text) {
        return text.strip().toUpperCase(Locale.ROOT).split("[,;\\s]+");
    }
}
