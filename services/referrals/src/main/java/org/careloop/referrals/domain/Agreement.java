package org.careloop.referrals.domain;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.DecimalType;
import org.hl7.fhir.r4.model.Extension;
import org.hl7.fhir.r4.model.OrganizationAffiliation;
import org.hl7.fhir.r4.model.Type;
import org.jspecify.annotations.Nullable;

/**
 * What an organisation that refers has agreed on with an agency: an OrganizationAffiliation whose terms are extensions. Restrictions bind
 * the choice of agencies, benchmarks are held against the scorecard; goals, responsibilities and terms of data sharing are kept.
 *
 * @param requester the organisation that refers, a literal reference
 * @param agency its partner, a literal reference
 */
public record Agreement(
        String requester, String agency, List<CodeableConcept> restrictions, List<Benchmark> benchmarks) {

    /** A figure of the scorecard that was agreed on: rates at least, times in hours at most. */
    public record Benchmark(String figure, BigDecimal target) {

        /** Whether {@code actual} is as agreed. */
        public boolean isMetBy(BigDecimal actual) {
            return figure.startsWith("time-to-") ? actual.compareTo(target) <= 0 : actual.compareTo(target) >= 0;
        }
    }

    static final String TERM = "https://careloop.org/fhir/StructureDefinition/agreement-term";

    private static final Set<String> IN_WORDS = Set.of("goal", "responsibility", "data-sharing");

    /** Returns the agreement that {@code affiliation} is {@code at} a time; empty when it is none, or not in force then. */
    public static Optional<Agreement> of(OrganizationAffiliation affiliation, Instant at) {
        boolean inForce = (!affiliation.hasActive() || affiliation.getActive())
                && (affiliation.getPeriod().getStart() == null
                        || !affiliation.getPeriod().getStart().toInstant().isAfter(at))
                && (affiliation.getPeriod().getEnd() == null
                        || affiliation.getPeriod().getEnd().toInstant().isAfter(at));
        if (!inForce || !affiliation.hasOrganization() || !affiliation.hasParticipatingOrganization()) {
            return Optional.empty();
        }
        List<CodeableConcept> restrictions = new ArrayList<>();
        List<Benchmark> benchmarks = new ArrayList<>();
        for (Extension term : affiliation.getExtensionsByUrl(TERM)) {
            switch (text(term, "kind")) {
                case "restriction" -> restrictions.add((CodeableConcept) value(term, "service"));
                case "benchmark" ->
                    benchmarks.add(
                            new Benchmark(text(term, "figure"), ((DecimalType) value(term, "target")).getValue()));
                default -> {}
            }
        }
        return Optional.of(new Agreement(
                affiliation
                        .getOrganization()
                        .getReferenceElement()
                        .toUnqualifiedVersionless()
                        .getValue(),
                affiliation
                        .getParticipatingOrganization()
                        .getReferenceElement()
                        .toUnqualifiedVersionless()
                        .getValue(),
                List.copyOf(restrictions),
                List.copyOf(benchmarks)));
    }

    /** Whether the agency is not to be asked for any of {@code services}. */
    boolean restricts(Collection<Coding> services) {
        return restrictions.stream()
                .anyMatch(restricted -> services.stream()
                        .anyMatch(service -> restricted.hasCoding(service.getSystem(), service.getCode())));
    }

    /**
     * Fails with {@link ProblemCode#RULE_VIOLATED} and one issue for each term of {@code affiliation} that lacks what its kind needs.
     *
     * @param figures those of the scorecard that may be agreed on
     */
    public static void check(OrganizationAffiliation affiliation, Collection<String> figures) {
        List<FhirProblem.Issue> issues = new ArrayList<>();
        for (Extension term : affiliation.getExtensionsByUrl(TERM)) {
            missing(term, figures)
                    .ifPresent(expected -> issues.add(new FhirProblem.Issue(
                            Optional.of("OrganizationAffiliation.extension"),
                            "OrganizationAffiliation.extension: a term of an agreement that cannot be read (expected: "
                                    + expected + ")")));
        }
        if (!issues.isEmpty()) {
            throw new FhirProblem(ProblemCode.RULE_VIOLATED, issues);
        }
    }

    private static Optional<String> missing(Extension term, Collection<String> figures) {
        String kind = text(term, "kind");
        if (IN_WORDS.contains(kind)) {
            return text(term, "text").isEmpty() ? Optional.of("text with " + kind) : Optional.empty();
        }
        return switch (kind) {
            case "restriction" ->
                value(term, "service") instanceof CodeableConcept service && service.hasCoding()
                        ? Optional.empty()
                        : Optional.of("service, coded, with restriction");
            case "benchmark" ->
                value(term, "target") instanceof DecimalType target
                                && target.hasValue()
                                && figures.contains(text(term, "figure"))
                        ? Optional.empty()
                        : Optional.of("target, a decimal, and figure, one of " + String.join(", ", figures)
                                + ", with benchmark");
            default -> Optional.of("kind: goal, responsibility, data-sharing, restriction or benchmark");
        };
    }

    private static @Nullable Type value(Extension term, String part) {
        Extension found = term.getExtensionByUrl(part);
        return found == null ? null : found.getValue();
    }

    private static String text(Extension term, String part) {
        Type value = value(term, part);
        return value == null || value.primitiveValue() == null ? "" : value.primitiveValue();
    }
}
