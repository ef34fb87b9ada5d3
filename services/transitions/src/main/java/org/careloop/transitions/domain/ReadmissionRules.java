package org.careloop.transitions.domain;

import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.careloop.ruledata.RuleSource;
import org.hl7.fhir.r4.model.CodeableConcept;

/** What makes a readmission, a planned one, and a transfer; data, {@code rules/readmissions-2026.yaml}. */
public record ReadmissionRules(
        String version,
        Set<String> classes,
        Set<String> postAcuteClasses,
        int withinDays,
        int transferDays,
        Set<DischargeDestination> transferDestinations,
        List<Codes> transferSources,
        Set<String> plannedPriorities,
        Set<String> unplannedPriorities,
        Set<String> plannedTypes,
        Set<String> unplannedTypes,
        int expectedWithinDays,
        List<String> plannedReasons) {

    private static final String PRIORITY = "http://terminology.hl7.org/CodeSystem/v3-ActPriority";
    private static final String TYPE = "http://terminology.hl7.org/CodeSystem/v2-0007";

    /** Some codes of one system. */
    public record Codes(String system, Set<String> codes) {

        private boolean name(CodeableConcept concept) {
            return codes.stream().anyMatch(code -> concept.hasCoding(system, code));
        }
    }

    /** Returns the rules that come with the service. */
    public static ReadmissionRules shipped() {
        return of(RuleSource.shipped());
    }

    /** Returns the rules of {@code source}; fails as it does. */
    public static ReadmissionRules of(RuleSource source) {
        return source.read(ReadmissionRules.class, "rules/readmissions-2026.yaml");
    }

    /** Returns how {@code stay}, which begins {@code days} after the end of {@code before}, follows from it; empty when it does not. */
    Optional<StayRelation> relation(StaySpan before, StaySpan stay, long days) {
        if (days < 0 || days > withinDays) {
            return Optional.empty();
        }
        if (days <= transferDays && isTransfer(before, stay)) {
            return Optional.of(StayRelation.DIRECT_TRANSFER);
        }
        if (isPlanned(stay)) {
            return Optional.of(StayRelation.READMISSION_PLANNED);
        }
        return Optional.of(days == 0 ? StayRelation.SAME_DAY_RETURN : StayRelation.READMISSION_UNPLANNED);
    }

    private boolean isTransfer(StaySpan before, StaySpan stay) {
        return before.destination().filter(transferDestinations::contains).isPresent()
                || transferSources.stream().anyMatch(source -> source.name(stay.admitSource()));
    }

    private boolean isPlanned(StaySpan stay) {
        if (stay.reasons().stream().anyMatch(this::isPlannedReason)) {
            return true;
        }
        if (unplannedPriorities.stream().anyMatch(code -> stay.priority().hasCoding(PRIORITY, code))) {
            return false;
        }
        return plannedPriorities.stream().anyMatch(code -> stay.priority().hasCoding(PRIORITY, code))
                || isOf(stay, plannedTypes)
                || isExpected(stay) && !isOf(stay, unplannedTypes);
    }

    private static boolean isOf(StaySpan stay, Set<String> types) {
        return stay.types().stream().anyMatch(type -> types.stream().anyMatch(code -> type.hasCoding(TYPE, code)));
    }

    private boolean isExpected(StaySpan stay) {
        return stay.expected()
                .filter(day -> Math.abs(ChronoUnit.DAYS.between(day, stay.startDay())) <= expectedWithinDays)
                .isPresent();
    }

    private boolean isPlannedReason(String code) {
        return plannedReasons.stream().anyMatch(prefix -> code.startsWith(prefix.replace(".", "")));
    }
}
