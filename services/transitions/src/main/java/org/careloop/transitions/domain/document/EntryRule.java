package org.careloop.transitions.domain.document;

import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Resource;

/**
 * One way into a section.
 *
 * @param where search parameters of the type, each with the codes of which one must be there
 * @param unless the same with the codes of which none may be there
 * @param ofStay whether it must be of the stay: refer to it, or be from its time where it refers to none
 * @param newestOfEachCode whether the newest of each code alone counts
 */
public record EntryRule(
        String type,
        Map<String, List<String>> where,
        Map<String, List<String>> unless,
        Boolean ofStay,
        Boolean newestOfEachCode) {

    /** What belongs to a stay may be reported for some days after it, such as a result that was pending. */
    private static final Duration AFTER = Duration.ofDays(3);

    /** Asks for nothing that the data do not name. */
    public EntryRule {
        where = where == null ? Map.of() : where;
        unless = unless == null ? Map.of() : unless;
        ofStay = ofStay != null && ofStay;
        newestOfEachCode = newestOfEachCode != null && newestOfEachCode;
    }

    boolean selects(Resource resource, DischargedStay stay) {
        return resource.fhirType().equals(type)
                && where.entrySet().stream().allMatch(each -> Codes.has(resource, each.getKey(), each.getValue()))
                && unless.entrySet().stream().noneMatch(each -> Codes.has(resource, each.getKey(), each.getValue()))
                && (!ofStay || isOf(stay, resource));
    }

    private static boolean isOf(DischargedStay stay, Resource resource) {
        if (resource.fhirType().equals("Encounter")) {
            return resource.getIdElement().getIdPart().equals(stay.id());
        }
        return encounters(resource)
                .map(named -> named.contains(stay.reference()))
                .orElseGet(() -> isFromTimeOf(stay, resource));
    }

    /** Which encounters {@code resource} names; empty where it names none. */
    private static Optional<Set<String>> encounters(Resource resource) {
        return Optional.of(Codes.values(resource, "encounter"))
                .filter(found -> !found.isEmpty())
                .map(found -> found.stream()
                        .filter(Reference.class::isInstance)
                        .map(each -> String.valueOf(((Reference) each).getReference()))
                        .collect(Collectors.toSet()));
    }

    /** Tells whether {@code resource} names {@code stay}, or names none and is from one of its days, as they were where it was. */
    static boolean isFrom(DischargedStay stay, Resource resource) {
        return encounters(resource)
                .map(named -> named.contains(stay.reference()))
                .orElseGet(() -> RecordTime.localDate(resource)
                        .filter(day -> stay.admitted()
                                .map(at -> LocalDate.ofInstant(at, stay.zone()))
                                .filter(from -> !day.isBefore(from))
                                .isPresent())
                        .filter(day -> !day.isAfter(LocalDate.ofInstant(stay.discharged(), stay.zone())))
                        .isPresent());
    }

    private static boolean isFromTimeOf(DischargedStay stay, Resource resource) {
        return RecordTime.of(resource).stream()
                .anyMatch(time -> stay.admitted().stream().noneMatch(time::isBefore)
                        && stay.admitted().isPresent()
                        && !time.isAfter(stay.discharged().plus(AFTER)));
    }
}
