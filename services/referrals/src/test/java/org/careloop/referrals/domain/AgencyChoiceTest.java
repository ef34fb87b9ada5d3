package org.careloop.referrals.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.careloop.referrals.domain.ChoiceReason.AREA_MATCHES;
import static org.careloop.referrals.domain.ChoiceReason.AREA_NOT_STATED;
import static org.careloop.referrals.domain.ChoiceReason.CAPACITY_UNKNOWN;
import static org.careloop.referrals.domain.ChoiceReason.HAS_CAPACITY;
import static org.careloop.referrals.domain.ChoiceReason.LANGUAGE_MATCHES;
import static org.careloop.referrals.domain.ChoiceReason.LANGUAGE_NOT_LISTED;
import static org.careloop.referrals.domain.ChoiceReason.NO_CAPACITY;
import static org.careloop.referrals.domain.ChoiceReason.ORGANIZATION_INACTIVE;
import static org.careloop.referrals.domain.ChoiceReason.OUT_OF_AREA;
import static org.careloop.referrals.domain.ChoiceReason.SERVICE_INACTIVE;
import static org.careloop.referrals.domain.ChoiceReason.SERVICE_TYPE_DIFFERS;
import static org.careloop.referrals.domain.ChoiceReason.SERVICE_TYPE_MATCHES;

import java.time.LocalDate;
import java.time.ZonedDateTime;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.careloop.referrals.domain.AgencyChoice.Candidate;
import org.careloop.referrals.domain.AgencyChoice.Offer;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.DateTimeType;
import org.hl7.fhir.r4.model.Extension;
import org.hl7.fhir.r4.model.HealthcareService;
import org.hl7.fhir.r4.model.HealthcareService.DaysOfWeek;
import org.hl7.fhir.r4.model.Location;
import org.hl7.fhir.r4.model.Organization;
import org.hl7.fhir.r4.model.Period;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AgencyChoiceTest {

    private static final Coding HOME_HEALTH = new Coding("http://nucc.org/provider-taxonomy", "251E00000X", null);
    private static final ZonedDateTime NOW = ZonedDateTime.parse("2026-11-28T15:00:00-05:00[America/New_York]");
    private static final PersonServed AT_HOME = person(Optional.of("02139"), Optional.of("MA"));

    @Test
    void keepsEveryCandidateWithItsReasons() {
        // Given
        Candidate closed = candidate("closed", "02139");
        closed.service().setActive(false);
        Candidate gone = candidate("gone", "02139");
        gone.organization().setActive(false);
        Candidate rides = candidate("rides", "02139");
        rides.service().getTypeFirstRep().getCodingFirstRep().setCode("343900000X");
        // When
        AgencyChoice choice = rank(
                need("02139"),
                List.of(
                        closed,
                        gone,
                        rides,
                        candidate("far", "90210"),
                        withCapacity(candidate("full", "02139"), "no-capacity"),
                        withCapacity(candidate("good", "021"), "capacity")));
        // Then
        assertThat(choice.best(3))
                .containsExactly(new Offer(
                        "HealthcareService/good",
                        "Organization/org-good",
                        List.of(SERVICE_TYPE_MATCHES, AREA_MATCHES, HAS_CAPACITY, LANGUAGE_NOT_LISTED)));
        assertThat(choice.offers()).hasSize(6);
        assertThat(exclusions(choice, "closed")).containsExactly(SERVICE_INACTIVE);
        assertThat(exclusions(choice, "gone")).containsExactly(ORGANIZATION_INACTIVE);
        assertThat(exclusions(choice, "rides")).containsExactly(SERVICE_TYPE_DIFFERS);
        assertThat(exclusions(choice, "far")).containsExactly(OUT_OF_AREA);
        assertThat(exclusions(choice, "full")).containsExactly(NO_CAPACITY);
    }

    @Test
    void hasNoBestWhenAllAreExcluded() {
        // When
        AgencyChoice choice = rank(need("02139"), List.of(candidate("far", "90210")));
        // Then
        assertThat(choice.best(1)).isEmpty();
        assertThat(choice.hasEligible()).isFalse();
        assertThat(choice.offers()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "02139, MA, 02139, '', AREA_MATCHES",
        "02139, MA, 021, '', AREA_MATCHES",
        "02139, MA, 02139-1234, '', OUT_OF_AREA",
        "02139, MA, '', MA, AREA_MATCHES",
        "02139, MA, '', ma, AREA_MATCHES",
        "02139, MA, '', NH, OUT_OF_AREA",
        "02139, MA, 022, MA, OUT_OF_AREA",
        "'', MA, '', MA, AREA_MATCHES",
        "'', MA, 021, '', OUT_OF_AREA",
        "'', '', 021, '', AREA_OF_PERSON_UNKNOWN",
        "02139, MA, '', '', OUT_OF_AREA",
    })
    void judgesAreaByPostalCodeThenState(
            String postalCode, String state, String coveredPostalCode, String coveredState, ChoiceReason expected) {
        // Given
        ServiceNeed need = need("k", person(present(postalCode), present(state)), Set.of(), List.of(), Set.of());
        Candidate candidate = candidate("a", coveredPostalCode);
        candidate.coverage().getFirst().getAddress().setState(coveredState);
        // When
        Offer offer = rank(need, List.of(candidate)).offers().getFirst();
        // Then
        assertThat(offer.reasons().get(1)).isEqualTo(expected);
    }

    @Test
    void asksServiceWithoutStatedAreaLast() {
        // Given
        Candidate anywhere = new Candidate(
                candidate("anywhere", "").service(), candidate("anywhere", "").organization(), List.of());
        // When
        AgencyChoice choice = rank(need("02139"), List.of(anywhere, state("statewide", "MA")));
        // Then
        assertThat(order(choice)).containsExactly("statewide", "anywhere");
        assertThat(choice.offers().getLast().reasons()).contains(AREA_NOT_STATED);
        assertThat(choice.offers().getLast().isEligible()).isTrue();
    }

    @Test
    void prefersTheMoreExactArea() {
        // When
        AgencyChoice choice = rank(
                need("02139"), List.of(state("state", "MA"), candidate("region", "021"), candidate("town", "02139")));
        // Then
        assertThat(order(choice)).containsExactly("town", "region", "state");
    }

    @Test
    void ordersByCapacityBeforeAllElse() {
        // Given
        Candidate open = state("open", "MA");
        // When
        AgencyChoice choice = rank(
                need("02139"),
                List.of(
                        withCapacity(speaking(candidate("waitlist", "02139"), "en"), "waitlist"),
                        withCapacity(speaking(candidate("assess", "02139"), "en"), "additional-assessment-required"),
                        speaking(candidate("silent", "02139"), "en"),
                        withCapacity(open, "capacity")));
        // Then
        assertThat(order(choice)).containsExactly("open", "silent", "assess", "waitlist");
        assertThat(choice.offers()).allMatch(Offer::isEligible);
        assertThat(choice.offers().get(1).reasons()).contains(CAPACITY_UNKNOWN);
    }

    @Test
    void prefersAgencyThatSpeaksTheLanguageToTheNearerOne() {
        // When
        AgencyChoice choice =
                rank(need("02139"), List.of(candidate("near", "02139"), speaking(state("spoken", "MA"), "es-MX")));
        // Then
        assertThat(order(choice)).containsExactly("spoken", "near");
        assertThat(choice.offers().getFirst().reasons()).contains(LANGUAGE_MATCHES);
    }

    @Test
    void findsServiceByItsCategoryToo() {
        // Given
        Candidate candidate = candidate("a", "02139");
        candidate.service().setType(null).addCategory(new CodeableConcept(HOME_HEALTH.copy()));
        // When, Then
        assertThat(rank(need("02139"), List.of(candidate)).hasEligible()).isTrue();
    }

    @Test
    void ordersEqualsAlikeEachTimeButNotAlikeForEachNeed() {
        // Given
        List<Candidate> candidates = List.of(candidate("a", "021"), candidate("b", "021"), candidate("c", "021"));
        List<Candidate> reversed = candidates.reversed();
        // When
        Set<String> firsts = new HashSet<>();
        for (int i = 0; i < 50; i++) {
            ServiceNeed need = need("plan-" + i, "02139");
            List<String> order = order(rank(need, candidates));
            assertThat(order(rank(need, reversed))).isEqualTo(order);
            firsts.add(order.getFirst());
        }
        // Then
        assertThat(firsts).containsExactlyInAnyOrder("a", "b", "c");
    }

    /** Each step outweighs all smaller ones together; what has no step of its own changes nothing. */
    @Test
    void noSumOfSmallerReasonsOutweighsALargerOne() {
        List<Integer> steps = Arrays.stream(ChoiceReason.values())
                .filter(reason -> !List.of(
                                ChoiceReason.WISHED,
                                CAPACITY_UNKNOWN,
                                ChoiceReason.ASSESSMENT_REQUIRED,
                                ChoiceReason.WAITLIST)
                        .contains(reason))
                .map(reason -> Math.abs(reason.penalty()))
                .filter(penalty -> penalty > 0)
                .sorted()
                .toList();
        int sum = 0;
        for (int step : steps) {
            assertThat(step).isGreaterThan(sum);
            sum += step;
        }
        assertThat(CAPACITY_UNKNOWN.penalty()).isGreaterThan(sum);
        assertThat(ChoiceReason.ASSESSMENT_REQUIRED.penalty() - CAPACITY_UNKNOWN.penalty())
                .isGreaterThan(sum);
        assertThat(ChoiceReason.WAITLIST.penalty() - ChoiceReason.ASSESSMENT_REQUIRED.penalty())
                .isGreaterThan(sum);
        assertThat(-ChoiceReason.WISHED.penalty()).isGreaterThan(ChoiceReason.WAITLIST.penalty() + sum);
    }

    @Test
    void asksForThoseWhomTheServiceIsFor() {
        // Given
        Candidate mine = forAges(candidate("mine", "021"), 60, 120);
        Candidate children = forAges(candidate("children", "02139"), 0, 17);
        Candidate words = candidate("words", "02139");
        words.service().addEligibility().setComment("Veterans");
        PersonServed person = new PersonServed(
                Optional.of("02139"),
                Optional.of("MA"),
                List.of(),
                Optional.of(new BirthDate(LocalDate.of(1950, 1, 1), LocalDate.of(1950, 12, 31))),
                Optional.empty());
        // When
        AgencyChoice choice = rank(
                need("k", person, Set.of(), List.of(), Set.of()),
                List.of(mine, children, words, candidate("anybody", "0")));
        // Then
        assertThat(order(choice)).containsExactly("mine", "anybody", "words", "children");
        assertThat(choice.offers().getFirst().reasons()).contains(ChoiceReason.ELIGIBLE);
        assertThat(choice.offers().get(2).reasons()).contains(ChoiceReason.ELIGIBILITY_TO_CHECK);
        assertThat(exclusions(choice, "children")).containsExactly(ChoiceReason.NOT_ELIGIBLE);
    }

    @Test
    void prefersHoursThatFitToAnAgreementAndALanguageToHours() {
        // Given
        Candidate open = withHours(candidate("open", "0"), "mon");
        Candidate partner = withHours(candidate("partner", "0"), "tue");
        Candidate spoken = withHours(speaking(candidate("spoken", "0"), "en"), "tue");
        Candidate holiday = withHours(candidate("holiday", "02139"), "mon");
        holiday.service()
                .addNotAvailable()
                .setDuring(new Period()
                        .setStartElement(new DateTimeType("2026-11-30"))
                        .setEndElement(new DateTimeType("2026-12-24")));
        ServiceNeed monday = new ServiceNeed(
                "k",
                List.of(HOME_HEALTH),
                new PersonServed(
                        Optional.of("02139"), Optional.of("MA"), List.of("en"), Optional.empty(), Optional.empty()),
                TimeNeeded.of(new DateTimeType("2026-11-30"), "routine", NOW.getZone()),
                Set.of(),
                List.of(new Agreement("Organization/clinic", "Organization/org-partner", List.of(), List.of())),
                Set.of(),
                NOW);
        // When
        AgencyChoice choice = rank(monday, List.of(open, partner, spoken, holiday));
        // Then
        assertThat(order(choice)).containsExactly("spoken", "open", "partner", "holiday");
        assertThat(choice.offers().getFirst().reasons()).contains(ChoiceReason.HOURS_DIFFER);
        assertThat(choice.offers().get(1).reasons()).contains(ChoiceReason.OPEN_THEN);
        assertThat(exclusions(choice, "holiday")).containsExactly(ChoiceReason.CLOSED_THEN);
    }

    @Test
    void asksWhoAnswersBeforeWhoDoesNotAndCapacityBeforeBoth() {
        // Given
        Map<String, ChoiceReason> standings = Map.of(
                "Organization/org-well", ChoiceReason.ANSWERS_WELL,
                "Organization/org-poor", ChoiceReason.ANSWERS_POORLY,
                "Organization/org-room", ChoiceReason.ANSWERS_POORLY);
        // When
        AgencyChoice choice = AgencyChoice.rank(
                need("02139"),
                List.of(
                        speaking(candidate("poor", "02139"), "en"),
                        candidate("new", "02139"),
                        candidate("well", "0"),
                        withCapacity(candidate("room", "0"), "capacity")),
                standings);
        // Then
        assertThat(order(choice)).containsExactly("room", "well", "new", "poor");
        assertThat(choice.offers().get(1).reasons()).endsWith(ChoiceReason.ANSWERS_WELL);
        assertThat(choice.offers()).allMatch(Offer::isEligible);
    }

    private static Candidate forAges(Candidate candidate, int low, int high) {
        Eligibility.addAges(candidate.service().addEligibility(), Optional.of(low), Optional.of(high));
        return candidate;
    }

    private static Candidate withHours(Candidate candidate, String day) {
        candidate.service().addAvailableTime().setAllDay(true).addDaysOfWeek(DaysOfWeek.fromCode(day));
        return candidate;
    }

    private static AgencyChoice rank(ServiceNeed need, List<Candidate> candidates) {
        return AgencyChoice.rank(need, candidates, Map.of());
    }

    private static PersonServed person(Optional<String> postalCode, Optional<String> state) {
        return new PersonServed(postalCode, state, List.of(), Optional.empty(), Optional.empty());
    }

    private static ServiceNeed need(
            String key, PersonServed person, Set<String> wished, List<Agreement> agreements, Set<String> declined) {
        return new ServiceNeed(key, List.of(HOME_HEALTH), person, Optional.empty(), wished, agreements, declined, NOW);
    }

    private static List<String> order(AgencyChoice choice) {
        return choice.offers().stream()
                .map(offer -> offer.service().substring("HealthcareService/".length()))
                .toList();
    }

    private static List<ChoiceReason> exclusions(AgencyChoice choice, String id) {
        return choice.offers().stream()
                .filter(offer -> offer.service().equals("HealthcareService/" + id))
                .flatMap(offer -> offer.reasons().stream())
                .filter(ChoiceReason::excludes)
                .toList();
    }

    private static ServiceNeed need(String postalCode) {
        return need("plan-1#home-health", postalCode);
    }

    private static ServiceNeed need(String key, String postalCode) {
        PersonServed person = new PersonServed(
                Optional.of(postalCode), Optional.of("MA"), List.of("en", "es"), Optional.empty(), Optional.empty());
        return need(key, person, Set.of(), List.of(), Set.of());
    }

    /** The person's choice comes before capacity, language and area, and cannot undo what speaks against an agency. */
    @ParameterizedTest
    @CsvSource({
        "Organization/org-waiting, waiting near full",
        "HealthcareService/waiting, waiting near full",
        "Organization/org-full, near waiting full",
        "Organization/org-unknown, near waiting full"
    })
    void asksFirstWhomThePersonChose(String wished, String expected) {
        // Given
        ServiceNeed need = need("k", AT_HOME, Set.of(wished), List.of(), Set.of());
        // When
        AgencyChoice choice = rank(
                need,
                List.of(
                        withCapacity(candidate("near", "02139"), "capacity"),
                        withCapacity(candidate("waiting", "0"), "waitlist"),
                        withCapacity(candidate("full", "02139"), "no-capacity")));
        // Then
        assertThat(String.join(" ", order(choice))).isEqualTo(expected);
        assertThat(choice.offers().getFirst().reasons().contains(ChoiceReason.WISHED))
                .isEqualTo(expected.startsWith("waiting"));
    }

    private static Optional<String> present(String text) {
        return text.isEmpty() ? Optional.empty() : Optional.of(text);
    }

    private static Candidate candidate(String id, String postalCode) {
        HealthcareService service = new HealthcareService().setActive(true);
        service.setId(id);
        service.addType(new CodeableConcept(HOME_HEALTH.copy()));
        Organization organization = new Organization().setActive(true);
        organization.setId("org-" + id);
        Location area = new Location();
        area.getAddress().setPostalCode(postalCode);
        return new Candidate(service, organization, List.of(area));
    }

    private static Candidate state(String id, String state) {
        Candidate candidate = candidate(id, "");
        candidate.coverage().getFirst().getAddress().setState(state);
        return candidate;
    }

    private static Candidate speaking(Candidate candidate, String... languages) {
        Arrays.stream(languages)
                .forEach(language -> candidate
                        .service()
                        .addCommunication(new CodeableConcept(new Coding("urn:ietf:bcp:47", language, null))));
        return candidate;
    }

    /** An agreement comes before a better area, and not before a language or capacity; what it excludes is not asked. */
    @Test
    void goesByWhatWasAgreedOn() {
        // Given
        Agreement partner = new Agreement("Organization/clinic", "Organization/org-far", List.of(), List.of());
        Agreement restricted = new Agreement(
                "Organization/clinic",
                "Organization/org-near",
                List.of(new CodeableConcept(HOME_HEALTH.copy())),
                List.of());
        List<Candidate> candidates = List.of(
                candidate("near", "02139"), candidate("far", "0"), withCapacity(candidate("room", "0"), "capacity"));
        // Then
        assertThat(order(rank(agreed(List.of(partner)), candidates))).containsExactly("room", "far", "near");
        AgencyChoice choice = rank(agreed(List.of(partner, restricted)), candidates);
        assertThat(exclusions(choice, "near")).containsExactly(ChoiceReason.RESTRICTED);
    }

    private static ServiceNeed agreed(List<Agreement> agreements) {
        return need("k", AT_HOME, Set.of(), agreements, Set.of());
    }

    @Test
    void asksNobodyWhoDeclined() {
        // Given
        ServiceNeed need = need("k", AT_HOME, Set.of(), List.of(), Set.of("Organization/org-near"));
        // When
        AgencyChoice choice = rank(need, List.of(candidate("near", "02139"), candidate("far", "021")));
        // Then
        assertThat(order(choice)).containsExactly("far", "near");
        assertThat(choice.offers().getLast().reasons()).contains(ChoiceReason.DECLINED);
    }

    private static Candidate withCapacity(Candidate candidate, String code) {
        Extension status = new Extension("capacityStatus", new CodeableConcept(new Coding("urn:x", code, null)));
        Extension extension = new Extension(
                "http://hl7.org/fhir/us/sdoh-clinicalcare/StructureDefinition/SDOHCC-ExtensionHealthcareServiceCapacityStatus");
        extension.setExtension(Collections.singletonList(status));
        candidate.service().addExtension(extension);
        return candidate;
    }
}
