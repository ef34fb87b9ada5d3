package org.careloop.referrals.domain;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.careloop.fhirmodel.FhirId;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.HealthcareService;
import org.hl7.fhir.r4.model.Location;
import org.hl7.fhir.r4.model.Organization;

/**
 * The agencies that could serve a need, best first, each with the reasons for its place: the choice list, to be kept.
 *
 * <p>Area: a service says where it is available by {@code HealthcareService.coverageArea}; of each of these Locations
 * {@code address.postalCode} is a postal code or the beginning of one ({@code 021}), and where it is absent {@code
 * address.state} is the whole state. Capacity is SDOHCC's capacity status extension.
 *
 * <p>Order: the penalties of {@link ChoiceReason}, then how exactly the area matches. Equals are ordered by a hash of need and service: the same need always
 * gets the same list, and no agency is always first.
 */
public record AgencyChoice(List<Offer> offers) {

    /**
     * A service of the directory with the Organization that provides it and the Locations of its {@code coverageArea}.
     */
    public record Candidate(HealthcareService service, Organization organization, List<Location> coverage) {
        /** The organisation as a literal reference. */
        public String agency() {
            return "Organization/" + organization.getIdElement().getIdPart();
        }
    }

    /**
     * One candidate in its place; {@code service} and {@code organization} are literal references. The agency may be
     * asked if none of {@code reasons} excludes it.
     */
    public record Offer(String service, String organization, List<ChoiceReason> reasons) {
        /** Whether nothing speaks against asking this agency. */
        public boolean isEligible() {
            return reasons.stream().noneMatch(ChoiceReason::excludes);
        }
    }

    /** Whom the platform asked for a referral: literal references of the service and its Organization. */
    public record Asked(WaitingReferral referral, String service, String organization) {}

    private record Ranked(Offer offer, int areaPrecision, String tieBreak) {}

    private static final Comparator<Ranked> BEST_FIRST = Comparator.comparing(
                    (Ranked ranked) -> !ranked.offer().isEligible())
            .thenComparing(ranked -> ranked.offer().reasons().stream()
                    .mapToInt(ChoiceReason::penalty)
                    .sum())
            .thenComparing(Ranked::areaPrecision, Comparator.reverseOrder())
            .thenComparing(Ranked::tieBreak);

    /**
     * Ranks {@code candidates} for {@code need}; every candidate is in the list, those that are excluded last.
     *
     * @param standings what the figures say of Organizations, by literal references; those of whom they say nothing are not there
     */
    public static AgencyChoice rank(
            ServiceNeed need, Collection<Candidate> candidates, Map<String, ChoiceReason> standings) {
        return new AgencyChoice(candidates.stream()
                .map(candidate -> judge(need, candidate, standings))
                .sorted(BEST_FIRST)
                .map(Ranked::offer)
                .toList());
    }

    /** The agencies to ask, at most {@code most}, best first, each by its best service; empty when none is eligible. */
    public List<Offer> best(int most) {
        Map<String, Offer> byOrganization = new LinkedHashMap<>();
        offers.stream()
                .filter(Offer::isEligible)
                .forEach(offer -> byOrganization.putIfAbsent(offer.organization(), offer));
        return byOrganization.values().stream().limit(most).toList();
    }

    /** Whether any agency may be asked. */
    public boolean hasEligible() {
        return offers.stream().anyMatch(Offer::isEligible);
    }

    private static Ranked judge(ServiceNeed need, Candidate candidate, Map<String, ChoiceReason> standings) {
        HealthcareService service = candidate.service();
        String id = service.getIdElement().getIdPart();
        int precision = areaPrecision(need, candidate.coverage());
        List<ChoiceReason> reasons = new ArrayList<>();
        if (service.hasActive() && !service.getActive()) {
            reasons.add(ChoiceReason.SERVICE_INACTIVE);
        }
        if (candidate.organization().hasActive() && !candidate.organization().getActive()) {
            reasons.add(ChoiceReason.ORGANIZATION_INACTIVE);
        }
        String organization = candidate.agency();
        if (need.declined().contains(organization)) {
            reasons.add(ChoiceReason.DECLINED);
        }
        if (need.wished().contains(organization) || need.wished().contains("HealthcareService/" + id)) {
            reasons.add(ChoiceReason.WISHED);
        }
        need.agreements().stream()
                .filter(agreement -> agreement.agency().equals(organization))
                .map(agreement ->
                        agreement.restricts(need.serviceTypes()) ? ChoiceReason.RESTRICTED : ChoiceReason.PARTNER)
                .min(Comparator.naturalOrder())
                .ifPresent(reasons::add);
        reasons.add(serviceType(need, service));
        reasons.add(area(need, candidate.coverage(), precision));
        reasons.add(capacity(service));
        reasons.add(language(need, service));
        Eligibility.judge(service, need.person(), need.at().toLocalDate()).ifPresent(reasons::add);
        need.when()
                .flatMap(when -> OpeningHours.judge(
                        service, when, need.at().toInstant(), need.at().getZone()))
                .ifPresent(reasons::add);
        Optional.ofNullable(standings.get(organization)).ifPresent(reasons::add);
        return new Ranked(
                new Offer("HealthcareService/" + id, organization, List.copyOf(reasons)),
                precision,
                FhirId.derivedFrom(need.key(), id).value());
    }

    private static ChoiceReason serviceType(ServiceNeed need, HealthcareService service) {
        List<CodeableConcept> offered = new ArrayList<>(service.getType());
        offered.addAll(service.getCategory());
        boolean matches = offered.stream()
                .flatMap(concept -> concept.getCoding().stream())
                .anyMatch(coding -> need.serviceTypes().stream().anyMatch(wanted -> isSame(wanted, coding)));
        return matches ? ChoiceReason.SERVICE_TYPE_MATCHES : ChoiceReason.SERVICE_TYPE_DIFFERS;
    }

    private static ChoiceReason area(ServiceNeed need, List<Location> coverage, int precision) {
        if (coverage.isEmpty()) {
            return ChoiceReason.AREA_NOT_STATED;
        }
        if (need.person().postalCode().isEmpty() && need.person().state().isEmpty()) {
            return ChoiceReason.AREA_OF_PERSON_UNKNOWN;
        }
        return precision > 0 ? ChoiceReason.AREA_MATCHES : ChoiceReason.OUT_OF_AREA;
    }

    /** 0: not covered, 1: by state, more: by so many characters of the postal code. */
    private static int areaPrecision(ServiceNeed need, List<Location> coverage) {
        return coverage.stream()
                .mapToInt(location -> {
                    String prefix = ServiceNeed.normalized(location.getAddress().getPostalCode());
                    String state = location.getAddress().getState();
                    if (!prefix.isEmpty()) {
                        boolean covers = need.person()
                                .postalCode()
                                .filter(code -> code.startsWith(prefix))
                                .isPresent();
                        return covers ? 1 + prefix.length() : 0;
                    }
                    return state != null
                                    && need.person()
                                            .state()
                                            .filter(state::equalsIgnoreCase)
                                            .isPresent()
                            ? 1
                            : 0;
                })
                .max()
                .orElse(0);
    }

    private static ChoiceReason capacity(HealthcareService service) {
        return Capacity.of(service).map(ChoiceReason::ofCapacity).orElse(ChoiceReason.CAPACITY_UNKNOWN);
    }

    private static ChoiceReason language(ServiceNeed need, HealthcareService service) {
        boolean matches = service.getCommunication().stream()
                .flatMap(concept -> concept.getCoding().stream())
                .filter(Coding::hasCode)
                .map(coding -> coding.getCode().toLowerCase(Locale.ROOT).split("-")[0])
                .anyMatch(need.person().languages()::contains);
        return matches ? ChoiceReason.LANGUAGE_MATCHES : ChoiceReason.LANGUAGE_NOT_LISTED;
    }

    private static boolean isSame(Coding wanted, Coding offered) {
        return wanted.hasCode()
                && wanted.getCode().equals(offered.getCode())
                && Objects.equals(wanted.getSystem(), offered.getSystem());
    }
}
