package org.careloop.referrals.domain;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.careloop.eventcontracts.SharedTerms;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.DateTimeType;
import org.hl7.fhir.r4.model.Period;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.ServiceRequest;
import org.hl7.fhir.r4.model.Timing;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What asks for the same twice. */
class DuplicatesTest {

    @ParameterizedTest
    @CsvSource({
        "2026-11-01, 2026-11-30, 2026-11-30, 2026-12-10, true",
        "2026-11-01, 2026-11-30, 2026-12-01, 2026-12-10, false",
        "2026-11-01, , 2027-01-01, 2027-02-01, true",
        ", 2026-11-30, 2026-12-01, , false",
        "2026-11-01T10:00:00Z, 2026-11-01T11:00:00Z, 2026-11-01T11:00:00Z, 2026-11-01T12:00:00Z, true",
        "2026-11-01T10:00:00Z, 2026-11-01T11:00:00Z, 2026-11-01T11:00:01Z, 2026-11-01T12:00:00Z, false"
    })
    void isTheSameServiceInTimesThatOverlap(
            String start, String end, String otherStart, String otherEnd, boolean expected) {
        ServiceRequest one = request("1").setOccurrence(period(start, end));
        ServiceRequest other = request("2").setOccurrence(period(otherStart, otherEnd));
        assertThat(Duplicates.alike(one, other)).isEqualTo(expected);
        assertThat(Duplicates.alike(other, one)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "2026-11-01, 2026-11-01T15:00:00Z, true",
        "2026-11-01, 2026-11-02T15:00:00Z, false",
        "2026-11, 2026-11-30, true",
        "2026, 2027, false"
    })
    void aDayLastsADay(String one, String other, boolean expected) {
        assertThat(Duplicates.alike(
                        request("1").setOccurrence(new DateTimeType(one)),
                        request("2").setOccurrence(new DateTimeType(other))))
                .isEqualTo(expected);
    }

    @Test
    void whatHasNoTimeIsAtAnyTime() {
        assertThat(Duplicates.alike(request("1"), request("2").setOccurrence(period("2030-01-01", null))))
                .isTrue();
        assertThat(Duplicates.alike(request("1"), request("2").setOccurrence(new Timing())))
                .isTrue();
    }

    @Test
    void theSameIdentifierIsTheSameWhateverElseItSays() {
        ServiceRequest one = identified("1", "urn:orders").setOccurrence(period("2026-11-01", "2026-11-02"));
        ServiceRequest other = identified("2", "urn:orders").setCode(null);
        assertThat(Duplicates.alike(one, other)).isTrue();
        assertThat(Duplicates.alike(one, identified("2", "urn:others").setCode(null)))
                .isFalse();
    }

    @ParameterizedTest
    @MethodSource
    void isNotTheSame(Consumer<ServiceRequest> change) {
        // Given
        ServiceRequest one = request("1");
        ServiceRequest other = request("2");
        assertThat(Duplicates.alike(one, other)).isTrue();
        // When
        change.accept(other);
        // Then
        assertThat(Duplicates.alike(one, other)).isFalse();
        assertThat(Duplicates.alike(other, one)).isFalse();
    }

    static Stream<Consumer<ServiceRequest>> isNotTheSame() {
        return Stream.of(
                request -> request.setId("1"),
                request -> request.setCode(new CodeableConcept(new Coding("urn:codes", "meals", null))),
                request -> request.setCode(new CodeableConcept().setText("Rides")),
                request -> request.setCategory(List.of(new CodeableConcept(new Coding("urn:needs", "housing", null)))),
                request -> request.setPerformer(List.of(new Reference("Organization/bay"))),
                request -> request.addBasedOn(new Reference("ServiceRequest/1")),
                request -> request.addReplaces(new Reference("ServiceRequest/1")));
    }

    @Test
    void whatOneOfThemDoesNotSayTellsNothing() {
        assertThat(Duplicates.alike(request("1"), request("2").setCategory(null).setPerformer(null)))
                .isTrue();
    }

    /** Two who do not know of each other ask different agencies for the same. */
    @Test
    void ofTwoRequestersTheSameServiceIsTheSameWhoeverWasNamed() {
        ServiceRequest other = request("2")
                .setRequester(new Reference("Organization/other"))
                .setPerformer(List.of(new Reference("Organization/bay")));
        assertThat(Duplicates.alike(request("1"), other)).isTrue();
    }

    /** The platform chooses for what was planned, so another agency is no other wish. */
    @Test
    void whatWasPlannedTwiceIsTheSameWhoeverWasChosen() {
        ServiceRequest planned = request("2").setPerformer(List.of(new Reference("Organization/bay")));
        planned.addIdentifier().setSystem(SharedTerms.PLAN_ACTIVITY_SYSTEM).setValue("plan-1#rides");
        assertThat(Duplicates.alike(request("1"), planned)).isTrue();
    }

    @Test
    void onlyTheLaterIsToldOfTheEarliest() {
        List<ServiceRequest> all = List.of(stored("c", 1), stored("a", 2), stored("b", 2));
        assertThat(Duplicates.before(all.get(2), all.stream())).contains(all.get(0));
        assertThat(Duplicates.before(all.get(1), all.stream())).contains(all.get(0));
        assertThat(Duplicates.before(all.get(0), all.stream())).isEmpty();
        assertThat(Duplicates.before(all.get(2), all.stream().skip(1))).contains(all.get(1));
        assertThat(Duplicates.before(all.get(1), all.stream().skip(1))).isEmpty();
    }

    private static ServiceRequest stored(String id, int second) {
        ServiceRequest request = request(id);
        request.getMeta().setLastUpdated(Date.from(Instant.ofEpochSecond(second)));
        return request;
    }

    private static ServiceRequest identified(String id, String system) {
        ServiceRequest request = request(id);
        request.addIdentifier().setSystem(system).setValue("order-7");
        return request;
    }

    private static ServiceRequest request(String id) {
        ServiceRequest request = new ServiceRequest()
                .setCode(new CodeableConcept(new Coding("urn:codes", "rides", null)))
                .setRequester(new Reference("Organization/clinic"))
                .addCategory(new CodeableConcept(new Coding("urn:needs", "mobility", null)))
                .addPerformer(new Reference("Organization/harbor"));
        request.setId(id);
        return request;
    }

    private static Period period(String start, String end) {
        Period period = new Period();
        if (start != null) {
            period.setStartElement(new DateTimeType(start));
        }
        if (end != null) {
            period.setEndElement(new DateTimeType(end));
        }
        return period;
    }
}
