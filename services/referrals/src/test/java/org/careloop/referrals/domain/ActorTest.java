package org.careloop.referrals.domain;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.Set;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.ServiceRequest;
import org.hl7.fhir.r4.model.Task;
import org.hl7.fhir.r4.model.Task.TaskStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ActorTest {

    private static final Set<String> AGENCY = Set.of(Tasks.OWNER);

    @Test
    void knowsRequesterOwnerAndStrangerOfStoredTask() {
        // Given
        Task stored = Tasks.referral(TaskStatus.REQUESTED);
        // When, Then
        assertThat(on(stored, Set.of(Tasks.REQUESTER))).isEqualTo(Actor.REQUESTER);
        assertThat(on(stored, AGENCY)).isEqualTo(Actor.TARGET);
        assertThat(on(stored, Set.of("Organization/safe-rides"))).isEqualTo(Actor.OTHER);
        assertThat(on(stored, Set.of())).isEqualTo(Actor.OTHER);
    }

    @Test
    void isBothForWorkGivenToItself() {
        // Given
        Task stored = Tasks.coordination(TaskStatus.READY).setRequester(new Reference("Organization/riverside-clinic"));
        // When
        Actor actor = on(stored, Set.of("Organization/riverside-clinic"));
        // Then
        assertThat(actor).isEqualTo(Actor.REQUESTER_AND_TARGET);
    }

    @Test
    void gainsNothingByWhatIsSent() {
        // Given
        Task stored = Tasks.referral(TaskStatus.REQUESTED);
        Task sent = stored.copy().setOwner(new Reference("Organization/safe-rides"));
        // When
        Actor actor = Actor.on(Optional.of(stored), sent, Set.of("Organization/safe-rides"), false, false);
        // Then
        assertThat(actor).isEqualTo(Actor.OTHER);
    }

    @Test
    void claimsOpenTaskByNamingItself() {
        // Given
        Task open = Tasks.referral(TaskStatus.REQUESTED).setOwner(null);
        Task sent = Tasks.referral(TaskStatus.ACCEPTED);
        // When, Then
        assertThat(Actor.on(Optional.of(open), sent, AGENCY, false, false)).isEqualTo(Actor.CLAIMER);
        assertThat(Actor.on(Optional.of(open), open.copy(), AGENCY, false, false))
                .isEqualTo(Actor.OTHER);
        assertThat(Actor.on(Optional.of(open), sent, Set.of("Organization/safe-rides"), false, false))
                .isEqualTo(Actor.OTHER);
    }

    @Test
    void doesNotClaimTaskThatIsNotOffered() {
        // Given
        Task draft = Tasks.referral(TaskStatus.DRAFT).setOwner(null);
        // When
        Actor actor = Actor.on(Optional.of(draft), Tasks.referral(TaskStatus.DRAFT), AGENCY, false, false);
        // Then
        assertThat(actor).isEqualTo(Actor.OTHER);
    }

    /** A person's application may see a referral that waits for an agency; taking it would end the search for one. */
    @ParameterizedTest
    @ValueSource(strings = {"Patient/ada", "RelatedPerson/bea"})
    void noPersonClaimsTheirOwnReferral(String person) {
        // Given
        Task open = Tasks.referral(TaskStatus.REQUESTED).setOwner(null);
        Task sent = Tasks.referral(TaskStatus.ACCEPTED).setOwner(new Reference(person));
        // When
        Actor actor = Actor.on(Optional.of(open), sent, Set.of(person), false, false);
        // Then
        assertThat(actor).isEqualTo(Actor.OTHER);
    }

    @Test
    void claimsWhatIsOfferedToItAmongOthersAndNothingElse() {
        // Given
        Task sent = Tasks.referral(TaskStatus.ACCEPTED);
        Task offered = Tasks.offered(TaskStatus.REQUESTED, "Organization/safe-rides", Tasks.OWNER);
        Task toOthers = Tasks.offered(TaskStatus.REQUESTED, "Organization/safe-rides");
        // What is sent does not make it an offer.
        Task sentAsOffer = sent.copy();
        sentAsOffer.getRestriction().addRecipient(new Reference(Tasks.OWNER));
        // When, Then
        assertThat(Actor.on(Optional.of(offered), sent, AGENCY, false, false)).isEqualTo(Actor.CLAIMER);
        assertThat(Actor.on(Optional.of(toOthers), sent, AGENCY, false, false)).isEqualTo(Actor.OTHER);
        assertThat(Actor.on(Optional.of(toOthers), sentAsOffer, AGENCY, false, false))
                .isEqualTo(Actor.OTHER);
        assertThat(Actor.on(Optional.of(offered), sent, Set.of("Organization/safe-rides"), false, false))
                .as("another as owner")
                .isEqualTo(Actor.OTHER);
    }

    @Test
    void doesNotClaimWhatHasAnOwnerThoughItIsOfferedToIt() {
        // Given
        Task owned =
                Tasks.offered(TaskStatus.REQUESTED, Tasks.OWNER).setOwner(new Reference("Organization/safe-rides"));
        // When
        Actor actor = Actor.on(Optional.of(owned), Tasks.referral(TaskStatus.ACCEPTED), AGENCY, false, false);
        // Then
        assertThat(actor).isEqualTo(Actor.OTHER);
    }

    @Test
    void isRequesterOfNewTaskThatNamesIt() {
        // Given
        Task sent = Tasks.referral(TaskStatus.REQUESTED);
        // When, Then
        assertThat(Actor.on(Optional.empty(), sent, Set.of(Tasks.REQUESTER), false, false))
                .isEqualTo(Actor.REQUESTER);
        assertThat(Actor.on(Optional.empty(), sent, AGENCY, false, false)).isEqualTo(Actor.TARGET);
    }

    @Test
    void isPlatformWhateverTheTaskNames() {
        // When
        Actor actor = Actor.on(Optional.empty(), Tasks.referral(TaskStatus.REQUESTED), AGENCY, true, false);
        // Then
        assertThat(actor).isEqualTo(Actor.PLATFORM);
    }

    @Test
    void knowsPartiesOfServiceRequest() {
        // Given
        ServiceRequest request = new ServiceRequest().setRequester(new Reference(Tasks.REQUESTER));
        request.addPerformer(new Reference("HealthcareService/x"));
        request.addPerformer(new Reference(Tasks.OWNER));
        // When, Then
        assertThat(Actor.on(Optional.of(request), request, Set.of(Tasks.REQUESTER), false, false))
                .isEqualTo(Actor.REQUESTER);
        assertThat(Actor.on(Optional.of(request), request, AGENCY, false, false))
                .isEqualTo(Actor.TARGET);
        assertThat(Actor.on(Optional.of(request), request, Set.of("Organization/x"), false, false))
                .isEqualTo(Actor.OTHER);
        assertThat(Actor.on(Optional.of(request), request, Set.of(), true, false))
                .isEqualTo(Actor.PLATFORM);
    }

    private static Actor on(Task stored, Set<String> caller) {
        return Actor.on(Optional.of(stored), stored.copy(), caller, false, false);
    }
}
