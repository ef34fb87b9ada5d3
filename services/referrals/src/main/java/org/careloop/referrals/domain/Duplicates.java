package org.careloop.referrals.domain;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.careloop.eventcontracts.SharedTerms;
import org.hl7.fhir.r4.model.BaseDateTimeType;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.DateTimeType;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.Period;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.ServiceRequest;
import org.hl7.fhir.r4.model.Type;

/**
 * Requests that ask for the same twice: they share an identifier, or ask for the same service ({@code code}, and {@code category} where
 * both have one) for the same person in times that overlap. A request that says that it follows from another, or replaces it, is not the
 * same; nor is one for which the same requester itself named another performer.
 */
public final class Duplicates {

    private record Time(Instant start, Instant end) {
        boolean overlaps(Time other) {
            return start.isBefore(other.end) && other.start.isBefore(end);
        }
    }

    private Duplicates() {}

    /**
     * Tells whether {@code request} and {@code other}, open requests for the same person, ask for the same; never unless an organisation
     * of the directory asks, which can be told.
     */
    public static boolean alike(ServiceRequest request, ServiceRequest other) {
        String requester = request.getRequester().getReference();
        return requester != null
                && requester.startsWith("Organization/")
                && !idOf(other).equals(idOf(request))
                && !follows(request, other)
                && !follows(other, request)
                && (shareIdentifier(request, other) || askForTheSame(request, other));
    }

    /**
     * Returns the earliest of {@code others} that asks for the same as {@code request} and was stored before it.
     *
     * @param others the earliest first, those of one instant by their ids; no more of them are read than needed
     */
    public static Optional<ServiceRequest> before(ServiceRequest request, Stream<ServiceRequest> others) {
        Comparator<ServiceRequest> earliest = Comparator.comparing(
                        (ServiceRequest each) -> each.getMeta().getLastUpdated())
                .thenComparing(Duplicates::idOf);
        return others.takeWhile(other -> earliest.compare(other, request) < 0)
                .filter(other -> alike(request, other))
                .findFirst();
    }

    private static boolean follows(ServiceRequest request, ServiceRequest other) {
        String reference = "ServiceRequest/" + idOf(other);
        return Stream.of(request.getBasedOn(), request.getReplaces())
                .flatMap(Collection::stream)
                .map(Reference::getReference)
                .anyMatch(reference::equals);
    }

    private static boolean shareIdentifier(ServiceRequest request, ServiceRequest other) {
        return request.getIdentifier().stream()
                .filter(Identifier::hasValue)
                .anyMatch(identifier -> other.getIdentifier().stream()
                        .anyMatch(each -> identifier.getValue().equals(each.getValue())
                                && identifier.hasSystem()
                                && identifier.getSystem().equals(each.getSystem())));
    }

    private static boolean askForTheSame(ServiceRequest request, ServiceRequest other) {
        return request.getCode().getCoding().stream()
                        .filter(Coding::hasCode)
                        .anyMatch(coding -> other.getCode().hasCoding(coding.getSystem(), coding.getCode()))
                && isSame(tokens(request.getCategory()), tokens(other.getCategory()))
                && (!Element.isSame("requester", request, other) || isSame(named(request), named(other)))
                && time(request).overlaps(time(other));
    }

    /** What one of them does not say tells nothing. */
    private static boolean isSame(Set<String> some, Set<String> others) {
        return some.isEmpty() || others.isEmpty() || some.stream().anyMatch(others::contains);
    }

    private static Set<String> tokens(List<CodeableConcept> concepts) {
        return concepts.stream()
                .flatMap(concept -> concept.getCoding().stream())
                .map(coding -> coding.getSystem() + "|" + coding.getCode())
                .collect(Collectors.toSet());
    }

    /** Whom the requester named; for what a plan planned the platform chooses. */
    private static Set<String> named(ServiceRequest request) {
        boolean planned = request.getIdentifier().stream()
                .anyMatch(identifier -> SharedTerms.PLAN_ACTIVITY_SYSTEM.equals(identifier.getSystem()));
        return planned
                ? Set.of()
                : request.getPerformer().stream()
                        .filter(Reference::hasReference)
                        .map(Reference::getReference)
                        .collect(Collectors.toSet());
    }

    /** What has no time, or a rhythm, may be at any time. */
    private static Time time(ServiceRequest request) {
        Type occurrence = request.getOccurrence();
        if (occurrence instanceof DateTimeType moment && moment.getValue() != null) {
            return new Time(moment.getValue().toInstant(), endOf(moment));
        }
        if (occurrence instanceof Period period) {
            return new Time(
                    period.getStart() != null ? period.getStart().toInstant() : Instant.MIN,
                    period.getEnd() != null ? endOf(period.getEndElement()) : Instant.MAX);
        }
        return new Time(Instant.MIN, Instant.MAX);
    }

    /** The first instant after {@code moment}, which may be a day, a month or a year. */
    private static Instant endOf(BaseDateTimeType moment) {
        DateTimeType end = new DateTimeType(moment.getValueAsString());
        return switch (moment.getPrecision()) {
            case YEAR, MONTH, DAY -> {
                end.add(moment.getPrecision().getCalendarConstant(), 1);
                yield end.getValue().toInstant();
            }
            default -> moment.getValue().toInstant().plus(Duration.ofSeconds(1));
        };
    }

    private static String idOf(ServiceRequest request) {
        return request.getIdElement().getIdPart();
    }
}
