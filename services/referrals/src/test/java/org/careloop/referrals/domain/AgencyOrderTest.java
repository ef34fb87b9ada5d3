package org.careloop.referrals.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.careloop.referrals.domain.Candidates.AT_HOME;
import static org.careloop.referrals.domain.Candidates.HOME_HEALTH;
import static org.careloop.referrals.domain.Candidates.NOW;
import static org.careloop.referrals.domain.Candidates.agreed;
import static org.careloop.referrals.domain.Candidates.candidate;
import static org.careloop.referrals.domain.Candidates.exclusions;
import static org.careloop.referrals.domain.Candidates.need;
import static org.careloop.referrals.domain.Candidates.order;
import static org.careloop.referrals.domain.Candidates.rank;
import static org.careloop.referrals.domain.Candidates.speaking;
import static org.careloop.referrals.domain.Candidates.state;
import static org.careloop.referrals.domain.Candidates.withCapacity;
import static org.careloop.referrals.domain.Candidates.withHours;
import static org.careloop.referrals.domain.ChoiceReason.AREA_NOT_STATED;
import static org.careloop.referrals.domain.ChoiceReason.CAPACITY_UNKNOWN;
import static org.careloop.referrals.domain.ChoiceReason.LANGUAGE_MATCHES;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.careloop.referrals.domain.AgencyChoice.Candidate;
import org.careloop.referrals.domain.AgencyChoice.Offer;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.DateTimeType;
import org.hl7.fhir.r4.model.Period;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** In which order the agencies that can be asked are asked. */
class AgencyOrderTest {

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
}
