package org.careloop.referrals;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.careloop.eventcontracts.Change;
import org.careloop.eventcontracts.ResourceEvent;
import org.careloop.eventcontracts.Topics;
import org.careloop.eventflow.LeaderLoop;
import org.careloop.eventflow.internal.EventDispatcher;
import org.careloop.fhirmodel.ResourceKey;
import org.careloop.fhirstore.ResourceStore;
import org.careloop.referrals.domain.PersonServed;
import org.careloop.referrals.store.PatientAreas;
import org.careloop.testkit.Events;
import org.careloop.testkit.RealParts;
import org.junit.jupiter.api.Test;

/** Of each person the newest version counts, however many are told together and in whatever order. */
@QuarkusTest
@QuarkusTestResource(value = RealParts.class, initArgs = @ResourceArg(name = RealParts.DATABASE, value = "referrals"))
class PatientAreasApiTest {

    @Inject
    EventDispatcher dispatcher;

    @Inject
    ResourceStore store;

    @Inject
    PatientAreas areas;

    private final ResourceKey patient = key();

    @Test
    void theNewestOfManyCounts() throws Exception {
        // Given
        ResourceKey other = key();
        // When
        take(lives(patient, 3, "97477"), lives(other, 1, "10001"), lives(patient, 2, "60601"));
        // Then
        assertThat(postalCode(patient)).contains("97477");
        assertThat(postalCode(other)).contains("10001");
        // When an older one is replayed
        take(lives(patient, 1, "94016"));
        // Then
        assertThat(postalCode(patient)).contains("97477");
        // When they have moved
        take(lives(patient, 4, "94016"));
        // Then
        assertThat(postalCode(patient)).contains("94016");
    }

    @Test
    void whoWasDeletedInTheSameBatchIsNotKept() throws Exception {
        // When
        take(lives(patient, 1, "97477"), event(patient, Change.DELETED, 2, "97477"));
        // Then
        assertThat(find(patient)).isEmpty();
    }

    @Test
    void whatIsNotSaidIsAbsent() throws Exception {
        // When
        take(Events.event(
                patient,
                Change.CREATED,
                1,
                patient.reference(),
                "{\"resourceType\":\"Patient\",\"id\":\"" + patient.id().value() + "\"}"));
        // Then
        assertThat(find(patient))
                .contains(new PersonServed(
                        Optional.empty(), Optional.empty(), List.of(), Optional.empty(), Optional.empty()));
    }

    private Optional<String> postalCode(ResourceKey whose) throws Exception {
        return find(whose).flatMap(PersonServed::postalCode);
    }

    private Optional<PersonServed> find(ResourceKey whose) throws Exception {
        return LeaderLoop.await(() -> store.inUnit(unit -> areas.find(unit, whose.reference())));
    }

    private void take(ResourceEvent... events) throws Exception {
        List<EventDispatcher.Told> told = Stream.of(events)
                .map(event -> new EventDispatcher.Told(Topics.of("patients", "Patient"), event))
                .toList();
        LeaderLoop.await(() -> dispatcher.dispatch(told));
    }

    private static ResourceEvent lives(ResourceKey person, long version, String postalCode) {
        return event(person, Change.UPDATED, version, postalCode);
    }

    private static ResourceEvent event(ResourceKey person, Change change, long version, String postalCode) {
        return Events.event(person, change, version, person.reference(), """
                {"resourceType":"Patient","id":"%s","address":[{"use":"home","postalCode":"%s"}]}""".formatted(
                        person.id().value(), postalCode));
    }

    private static ResourceKey key() {
        return ResourceKey.of("Patient", UUID.randomUUID().toString());
    }
}
