package org.careloop.referrals.domain;

import java.time.ZonedDateTime;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.careloop.referrals.domain.AgencyChoice.Candidate;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Extension;
import org.hl7.fhir.r4.model.HealthcareService;
import org.hl7.fhir.r4.model.HealthcareService.DaysOfWeek;
import org.hl7.fhir.r4.model.Location;
import org.hl7.fhir.r4.model.Organization;

/** Agencies and needs among which tests choose. */
final class Candidates {

    static final Coding HOME_HEALTH = new Coding("http://nucc.org/provider-taxonomy", "251E00000X", null);
    static final ZonedDateTime NOW = ZonedDateTime.parse("2026-11-28T15:00:00-05:00[America/New_York]");
    static final PersonServed AT_HOME = person(Optional.of("02139"), Optional.of("MA"));

    private Candidates() {}

    static Candidate forAges(Candidate candidate, int low, int high) {
        Eligibility.addAges(candidate.service().addEligibility(), Optional.of(low), Optional.of(high));
        return candidate;
    }

    static Candidate withHours(Candidate candidate, String day) {
        candidate.service().addAvailableTime().setAllDay(true).addDaysOfWeek(DaysOfWeek.fromCode(day));
        return candidate;
    }

    static AgencyChoice rank(ServiceNeed need, List<Candidate> candidates) {
        return AgencyChoice.rank(need, candidates, Map.of());
    }

    static PersonServed person(Optional<String> postalCode, Optional<String> state) {
        return new PersonServed(postalCode, state, List.of(), Optional.empty(), Optional.empty());
    }

    static ServiceNeed need(
            String key, PersonServed person, Set<String> wished, List<Agreement> agreements, Set<String> declined) {
        return new ServiceNeed(key, List.of(HOME_HEALTH), person, Optional.empty(), wished, agreements, declined, NOW);
    }

    static List<String> order(AgencyChoice choice) {
        return choice.offers().stream()
                .map(offer -> offer.service().substring("HealthcareService/".length()))
                .toList();
    }

    static List<ChoiceReason> exclusions(AgencyChoice choice, String id) {
        return choice.offers().stream()
                .filter(offer -> offer.service().equals("HealthcareService/" + id))
                .flatMap(offer -> offer.reasons().stream())
                .filter(ChoiceReason::excludes)
                .toList();
    }

    static ServiceNeed need(String postalCode) {
        return need("plan-1#home-health", postalCode);
    }

    static ServiceNeed need(String key, String postalCode) {
        PersonServed person = new PersonServed(
                Optional.of(postalCode), Optional.of("MA"), List.of("en", "es"), Optional.empty(), Optional.empty());
        return need(key, person, Set.of(), List.of(), Set.of());
    }

    static Optional<String> present(String text) {
        return text.isEmpty() ? Optional.empty() : Optional.of(text);
    }

    static Candidate candidate(String id, String postalCode) {
        HealthcareService service = new HealthcareService().setActive(true);
        service.setId(id);
        service.addType(new CodeableConcept(HOME_HEALTH.copy()));
        Organization organization = new Organization().setActive(true);
        organization.setId("org-" + id);
        Location area = new Location();
        area.getAddress().setPostalCode(postalCode);
        return new Candidate(service, organization, List.of(area));
    }

    static Candidate state(String id, String state) {
        Candidate candidate = candidate(id, "");
        candidate.coverage().getFirst().getAddress().setState(state);
        return candidate;
    }

    static Candidate speaking(Candidate candidate, String... languages) {
        Arrays.stream(languages)
                .forEach(language -> candidate
                        .service()
                        .addCommunication(new CodeableConcept(new Coding("urn:ietf:bcp:47", language, null))));
        return candidate;
    }

    static ServiceNeed agreed(List<Agreement> agreements) {
        return need("k", AT_HOME, Set.of(), agreements, Set.of());
    }

    static Candidate withCapacity(Candidate candidate, String code) {
        Extension status = new Extension("capacityStatus", new CodeableConcept(new Coding("urn:x", code, null)));
        Extension extension = new Extension(
                "http://hl7.org/fhir/us/sdoh-clinicalcare/StructureDefinition/SDOHCC-ExtensionHealthcareServiceCapacityStatus");
        extension.setExtension(Collections.singletonList(status));
        candidate.service().addExtension(extension);
        return candidate;
    }
}
