package org.careloop.transitions;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.careloop.eventcontracts.Change;
import org.careloop.eventcontracts.ResourceEvent;
import org.careloop.eventcontracts.SharedTerms;
import org.careloop.eventcontracts.Topics;
import org.careloop.eventflow.LeaderLoop;
import org.careloop.eventflow.internal.EventDispatcher;
import org.careloop.fhirmodel.ResourceKey;
import org.careloop.fhirsearch.Compartment;
import org.careloop.fhirstore.ResourceStore;
import org.careloop.testkit.Events;
import org.careloop.testkit.RealParts;
import org.careloop.transitions.store.KnownPatients;
import org.junit.jupiter.api.Test;

/** Events that are taken together, most of which change little, have the effect that they have one after the other. */
@QuarkusTest
@QuarkusTestResource(value = RealParts.class, initArgs = @ResourceArg(name = RealParts.DATABASE, value = "transitions"))
class EventsTogetherApiTest {

    private static final LocalDate BORN = LocalDate.of(1950, 5, 1);

    @Inject
    EventDispatcher dispatcher;

    @Inject
    ResourceStore store;

    @Inject
    KnownPatients patients;

    private final ResourceKey patient = key("Patient");
    private final ResourceKey call = key("Communication");

    @Test
    void birthsOfManyAreKept() throws Exception {
        // Given
        ResourceKey other = key("Patient");
        // When
        take("patients", told(patient, 1, "\"birthDate\":\"1950-05-01\""), told(other, 1, "\"birthDate\":\"1950\""));
        // Then of a date that is known in part there is no age
        assertThat(known(patient)).contains(new Known(Optional.of(BORN), false));
        assertThat(known(other)).contains(new Known(Optional.empty(), false));
    }

    @Test
    void aDeathThatIsToldWithTheBirthIsKeptAndTakenBack() throws Exception {
        // When
        take(
                "patients",
                told(patient, 1, "\"birthDate\":\"1950-05-01\""),
                told(patient, 2, "\"birthDate\":\"1950-05-01\",\"deceasedDateTime\":\"2026-03-09\""));
        // Then
        assertThat(known(patient)).map(Known::isDead).contains(true);
        // When it was an error
        take("patients", told(patient, 3, "\"birthDate\":\"1950-05-01\""));
        // Then
        assertThat(known(patient)).map(Known::isDead).contains(false);
        // When the dead letter of the second version is replayed
        take("patients", told(patient, 2, "\"deceasedDateTime\":\"2026-03-09\""));
        // Then
        assertThat(known(patient)).map(Known::isDead).contains(false);
    }

    @Test
    void anOlderBirthThatIsReplayedIsNone() throws Exception {
        // Given
        take("patients", told(patient, 2, "\"birthDate\":\"1950-05-01\""));
        // When
        take("patients", told(patient, 1, "\"birthDate\":\"1970-01-01\""));
        // Then
        assertThat(known(patient)).flatMap(Known::born).contains(BORN);
    }

    @Test
    void whoWasDeletedIsForgotten() throws Exception {
        // Given
        take("patients", told(patient, 1, "\"birthDate\":\"1950-05-01\""));
        // When
        take("patients", event(patient, Change.DELETED, 2, "\"birthDate\":\"1950-05-01\""));
        // Then
        assertThat(known(patient)).isEmpty();
    }

    @Test
    void whoWasAnotherForAMomentStandsForThemselves() throws Exception {
        // When
        take(
                "patients",
                told(patient, 2, """
                        "link":[{"type":"replaced-by","other":{"reference":"Patient/x"},
                         "extension":[{"url":"%s","valueBoolean":true}]}]""".formatted(Compartment.MERGED)),
                told(patient, 3, "\"gender\":\"female\""));
        // Then
        assertThat(rows(
                        "select survivor, former from replaced_record where replaced = $1",
                        patient.id().value()))
                .singleElement()
                .satisfies(row -> {
                    assertThat(row[0]).isNull();
                    assertThat((String[]) row[1]).containsExactly("x");
                });
    }

    @Test
    void whatShowedSomethingAndShowsNothingAnyMoreIsTakenBack() throws Exception {
        // When in one batch
        take("care-plans", told(call, 1, outreach()), told(call, 2, "\"status\":\"completed\""));
        // Then
        assertThat(standing()).isEmpty();
        // Given
        take("care-plans", told(call, 3, outreach()));
        assertThat(standing()).hasSize(1);
        // When in another
        take("care-plans", told(call, 4, "\"status\":\"completed\""));
        // Then
        assertThat(standing()).isEmpty();
    }

    @Test
    void whatShowedNothingLastShowsNothingWhenAnOlderVersionIsReplayed() throws Exception {
        // Given
        take("care-plans", told(call, 2, "\"status\":\"completed\""));
        // When
        take("care-plans", event(call, Change.CREATED, 1, outreach()));
        // Then
        assertThat(standing()).isEmpty();
    }

    /** What is known of a patient. */
    private record Known(Optional<LocalDate> born, boolean isDead) {}

    private Optional<Known> known(ResourceKey whose) throws Exception {
        return LeaderLoop.await(
                        () -> store.inUnit(unit -> patients.find(whose.id().value(), unit)))
                .map(found -> new Known(found.born(), found.died().isPresent()));
    }

    private List<Object[]> standing() throws Exception {
        return rows(
                "select kind from transition_evidence where reference = $1 and withdrawn is null", call.reference());
    }

    private List<Object[]> rows(String query, String parameter) throws Exception {
        return LeaderLoop.await(() -> store.inUnit(unit -> unit.sql(query, parameter)));
    }

    private void take(String service, ResourceEvent... events) throws Exception {
        List<EventDispatcher.Told> told = Stream.of(events)
                .map(event -> new EventDispatcher.Told(
                        Topics.of(service, event.resource().type()), event))
                .toList();
        LeaderLoop.await(() -> dispatcher.dispatch(told));
    }

    private ResourceEvent told(ResourceKey resource, long version, String content) {
        return event(resource, Change.UPDATED, version, content);
    }

    private ResourceEvent event(ResourceKey resource, Change change, long version, String content) {
        String body = "{\"resourceType\":\"%s\",\"id\":\"%s\",%s}"
                .formatted(resource.type(), resource.id().value(), content);
        return Events.event(resource, change, version, patient.reference(), body);
    }

    private String outreach() {
        return """
                "status":"completed","category":[{"coding":[{"system":"%s","code":"outreach"}]}],
                "subject":{"reference":"%2$s"},"encounter":{"reference":"Encounter/none"},"sent":"2026-03-09T10:00:00-04:00",
                "sender":{"reference":"Practitioner/nurse"},"recipient":[{"reference":"%2$s"}],
                "medium":[{"coding":[{"system":"%3$s","code":"PHONE"}]}]""".formatted(
                SharedTerms.COMMUNICATION_CATEGORY_SYSTEM, patient.reference(), SharedTerms.PARTICIPATION_MODE_SYSTEM);
    }

    private static ResourceKey key(String type) {
        return ResourceKey.of(type, UUID.randomUUID().toString());
    }
}
