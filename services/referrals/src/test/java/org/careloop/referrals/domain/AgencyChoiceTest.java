package org.careloop.referrals.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.careloop.referrals.domain.Candidates.AT_HOME;
import static org.careloop.referrals.domain.Candidates.HOME_HEALTH;
import static org.careloop.referrals.domain.Candidates.candidate;
import static org.careloop.referrals.domain.Candidates.exclusions;
import static org.careloop.referrals.domain.Candidates.forAges;
import static org.careloop.referrals.domain.Candidates.need;
import static org.careloop.referrals.domain.Candidates.order;
import static org.careloop.referrals.domain.Candidates.person;
import static org.careloop.referrals.domain.Candidates.present;
import static org.careloop.referrals.domain.Candidates.rank;
import static org.careloop.referrals.domain.Candidates.withCapacity;
import static org.careloop.referrals.domain.ChoiceReason.AREA_MATCHES;
import static org.careloop.referrals.domain.ChoiceReason.HAS_CAPACITY;
import static org.careloop.referrals.domain.ChoiceReason.LANGUAGE_NOT_LISTED;
import static org.careloop.referrals.domain.ChoiceReason.NO_CAPACITY;
import static org.careloop.referrals.domain.ChoiceReason.ORGANIZATION_INACTIVE;
import static org.careloop.referrals.domain.ChoiceReason.OUT_OF_AREA;
import static org.careloop.referrals.domain.ChoiceReason.SERVICE_INACTIVE;
import static org.careloop.referrals.domain.ChoiceReason.SERVICE_TYPE_DIFFERS;
import static org.careloop.referrals.domain.ChoiceReason.SERVICE_TYPE_MATCHES;

import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.careloop.referrals.domain.AgencyChoice.Candidate;
import org.careloop.referrals.domain.AgencyChoice.Offer;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which agencies can be asked for a need, and why the others cannot. */
class AgencyChoiceTest {

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
    void findsServiceByItsCategoryToo() {
        // Given
        Candidate candidate = candidate("a", "02139");
        candidate.service().setType(null).addCategory(new CodeableConcept(HOME_HEALTH.copy()));
        // When, Then
        assertThat(rank(need("02139"), List.of(candidate)).hasEligible()).isTrue();
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
    void asksNobodyWhoDeclined() {
        // Given
        ServiceNeed need = need("k", AT_HOME, Set.of(), List.of(), Set.of("Organization/org-near"));
        // When
        AgencyChoice choice = rank(need, List.of(candidate("near", "02139"), candidate("far", "021")));
        // Then
        assertThat(order(choice)).containsExactly("far", "near");
        assertThat(choice.offers().getLast().reasons()).contains(ChoiceReason.DECLINED);
    }
}
