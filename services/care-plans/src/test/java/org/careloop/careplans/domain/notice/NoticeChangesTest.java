package org.careloop.careplans.domain.notice;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.careloop.careplans.domain.notice.NoticeCourse.Apart;
import org.careloop.careplans.domain.notice.NoticeCourse.Decision;
import org.careloop.careplans.domain.notice.NoticeCourse.Document;
import org.careloop.careplans.domain.notice.NoticeCourse.Due;
import org.careloop.careplans.domain.notice.NoticeCourse.Known;
import org.careloop.careplans.domain.notice.NoticeCourse.Recipients;
import org.careloop.careplans.domain.notice.NoticeCourse.Sent;
import org.careloop.careplans.domain.notice.NoticeCourse.TakeBack;
import org.careloop.careplans.domain.notice.NoticeCourse.Why;
import org.careloop.eventcontracts.SharedTerms;
import org.hl7.fhir.r4.model.Communication;
import org.hl7.fhir.r4.model.Encounter;
import org.hl7.fhir.r4.model.Encounter.EncounterStatus;
import org.hl7.fhir.r4.model.Reference;
import org.junit.jupiter.api.Test;

/** What is told of a stay of which another patient, time or class is told later. */
class NoticeChangesTest {

    private static final Instant NOW = Instant.parse("2026-03-08T12:00:00Z");
    private static final Instant START = NOW.minus(Duration.ofDays(2));
    private static final Duration MERGE_TOLD = Duration.ofMinutes(2);
    private static final String HOME = "Organization/home";
    private static final String AGENCY = "Organization/agency";

    private final NoticeCourse course = new NoticeCourse(Set.of("IMP", "EMER"), Duration.ofDays(30), MERGE_TOLD);

    @Test
    void aStayOfAnotherPatientIsTakenBackWholeAndToldOfThem() {
        // Given what was told of the wrong one, which is known for long enough
        Instant apart = NOW.minus(MERGE_TOLD);
        Sent admission = sent("admission", HOME, "other", START, apart);
        Sent document = new Sent("c2", "d1", AGENCY, true, "other", Optional.empty(), Optional.of(apart));
        Document wrong = document("other");
        // When
        Decision decision = decide(stay("IMP", START), List.of(wrong), List.of(admission, document));
        // Then
        assertThat(decision.takeBack())
                .containsExactly(new TakeBack(admission, Why.CANCELLED), new TakeBack(document, Why.CANCELLED));
        assertThat(decision.send()).containsExactly(due("admission", 2));
        // When the document is that of the right one
        assertThat(decide(stay("IMP", START), List.of(document("ada")), List.of())
                        .send())
                .extracting(Due::about)
                .contains("d1");
    }

    @Test
    void aStayThatHasJustBecomeAnothersMayBeOfAMergeThatWasNotHeardOfYet() {
        // Given
        Sent admission = new Sent("c1", "admission", HOME, true, "other", Optional.of(START), Optional.empty());
        Instant later = START.plusSeconds(60);
        // When
        Decision decision = decide(stay("IMP", later), List.of(), List.of(admission));
        // Then
        assertThat(decision)
                .isEqualTo(new Decision(
                        List.of(),
                        List.of(),
                        List.of(new Apart("c1", Optional.of(NOW))),
                        Optional.of(NOW.plus(MERGE_TOLD))));
        // When it is looked again before the time
        Instant seen = NOW.minus(MERGE_TOLD).plusSeconds(1);
        Sent seenBefore = sent("admission", HOME, "other", START, seen);
        decision = decide(stay("IMP", START), List.of(), List.of(seenBefore));
        // Then
        assertThat(decision)
                .isEqualTo(new Decision(List.of(), List.of(), List.of(), Optional.of(seen.plus(MERGE_TOLD))));
        // When there was no such stay, whoever's it is
        Encounter error = stay("IMP", START).setStatus(EncounterStatus.ENTEREDINERROR);
        assertThat(decide(error, List.of(), List.of(seenBefore)).takeBack())
                .containsExactly(new TakeBack(seenBefore, Why.CANCELLED));
        // When the merge is heard of
        Sent same = sent("admission", HOME, "ada", START, seen);
        decision = decide(stay("IMP", START), List.of(), List.of(same));
        // Then
        assertThat(decision)
                .isEqualTo(new Decision(
                        List.of(), List.of(), List.of(new Apart("c1", Optional.empty())), Optional.empty()));
    }

    @Test
    void whoIsNoMedicalHomeAnyMoreIsNotPromisedTheRightTime() {
        // Given
        Sent admission = sent("admission", AGENCY, "ada", START);
        Encounter stay = stay("IMP", START.plusSeconds(60));
        // When
        Decision decision = decide(stay, List.of(), List.of(admission));
        // Then
        assertThat(decision.takeBack()).containsExactly(new TakeBack(admission, Why.MISTIMED));
        assertThat(decision.send()).extracting(Due::recipient).containsExactly(HOME);
        Communication notice = Notice.of(stay, due("admission", 1), new Reference("Organization/clinic"), NOW);
        assertThat(text(Notice.correction(notice, Why.CORRECTED, NOW))).contains("another notice");
        Communication correction = Notice.correction(notice, Why.MISTIMED, NOW);
        assertThat(text(correction)).endsWith("it was at another time.");
        assertThat(correction.getReasonCodeFirstRep().getCodingFirstRep().getCode())
                .isEqualTo("admission-corrected");
    }

    private static String text(Communication correction) {
        return correction.getPayloadFirstRep().getContentStringType().getValue();
    }

    @Test
    void anotherTimeIsCorrectedAlsoWhenItIsNoNewsAnyMore() {
        // Given
        Instant old = NOW.minus(Duration.ofDays(40));
        Sent admission = sent("admission", HOME, "ada", old);
        // When
        Decision decision = decide(stay("IMP", old.plusSeconds(3600)), List.of(), List.of(admission));
        // Then
        assertThat(decision.takeBack()).containsExactly(new TakeBack(admission, Why.CORRECTED));
        assertThat(decision.send())
                .singleElement()
                .satisfies(due -> assertThat(due.round()).isEqualTo(2))
                .satisfies(due -> assertThat(due.happened()).contains(old.plusSeconds(3600)));
        Communication notice =
                Notice.of(stay("IMP", START), due("admission", 1), new Reference("Organization/clinic"), NOW);
        Communication correction = Notice.correction(notice, Why.CORRECTED, NOW);
        assertThat(correction.getReasonCodeFirstRep().getCodingFirstRep().getCode())
                .isEqualTo("admission-corrected");
        // When it is the same
        assertThat(decide(stay("IMP", old), List.of(), List.of(admission)))
                .isEqualTo(new Decision(List.of(), List.of(), List.of(), Optional.empty()));
    }

    @Test
    void whoIsAdmittedFromTheEmergencyDepartmentIsToldAsAdmitted() {
        // When
        Decision registered = decide(stay("EMER", START), List.of(), List.of());
        // Then
        assertThat(registered.send()).containsExactly(due("emergency-registration", 1));
        Communication notice =
                Notice.of(stay("EMER", START), registered.send().getFirst(), new Reference("Organization/clinic"), NOW);
        assertThat(notice.getPayloadFirstRep().getContentStringType().getValue())
                .startsWith("Registered in the emergency department");
        // When they are admitted, at a later time
        Sent emergency = sent("emergency-registration", HOME, "ada", START);
        Instant admitted = START.plusSeconds(7200);
        Decision decision = decide(stay("IMP", admitted), List.of(), List.of(emergency));
        // Then
        assertThat(decision.send())
                .singleElement()
                .satisfies(due -> assertThat(due.about()).isEqualTo("admission"))
                .satisfies(due -> assertThat(due.happened()).contains(admitted));
        assertThat(decision.takeBack()).isEmpty();
        // When there was none of it
        Encounter error = stay("IMP", admitted).setStatus(EncounterStatus.ENTEREDINERROR);
        assertThat(decide(error, List.of(), List.of(emergency)).takeBack())
                .containsExactly(new TakeBack(emergency, Why.CANCELLED));
    }

    @Test
    void whoLeavesTheEmergencyDepartmentIsNotToldAsDischarged() {
        Encounter left = stay("EMER", START).setStatus(EncounterStatus.FINISHED);
        left.getPeriod().setEnd(Date.from(START.plusSeconds(3600)));
        assertThat(decide(left, List.of(), List.of()).send())
                .extracting(Due::about)
                .containsExactly("emergency-registration", "emergency-departure");
        // When they were admitted after all
        Sent departure = sent("emergency-departure", HOME, "ada", START.plusSeconds(3600));
        assertThat(decide(stay("IMP", START), List.of(), List.of(departure)).takeBack())
                .containsExactly(new TakeBack(departure, Why.CANCELLED));
    }

    @Test
    void whatIsSentTellsWhetherItIsForTheMedicalHome() {
        // When
        Decision decision =
                decide(stay("IMP", START).setStatus(EncounterStatus.INPROGRESS), List.of(document("ada")), List.of());
        // Then
        assertThat(decision.send())
                .extracting(due -> kind(Notice.of(stay("IMP", START), due, new Reference("Organization/clinic"), NOW)))
                .containsExactly("medical-home", "partner");
    }

    private static String kind(Communication sent) {
        return sent.getExtensionByUrl(SharedTerms.RECIPIENT_KIND_EXTENSION)
                .getValue()
                .primitiveValue();
    }

    private Decision decide(Encounter stay, List<Document> documents, List<Sent> sent) {
        return course.of(stay, new Known("ada", documents, new Recipients(List.of(HOME), Set.of(AGENCY)), sent), NOW);
    }

    private static Document document(String patient) {
        return new Document("d1", 1, "Organization/clinic", Set.of(), Set.of(), true, patient);
    }

    private static Sent sent(String about, String recipient, String patient, Instant happened) {
        return new Sent("c1", about, recipient, true, patient, Optional.of(happened), Optional.empty());
    }

    private static Sent sent(String about, String recipient, String patient, Instant happened, Instant apart) {
        return new Sent("c1", about, recipient, true, patient, Optional.of(happened), Optional.of(apart));
    }

    private static Due due(String about, int round) {
        return new Due(about, HOME, round, Set.of(), true, Optional.of(START));
    }

    private static Encounter stay(String type, Instant start) {
        Encounter stay = new Encounter()
                .setStatus(EncounterStatus.INPROGRESS)
                .setServiceProvider(new Reference("Organization/hospital"));
        stay.setId("stay");
        stay.getClass_().setCode(type);
        stay.getPeriod().setStart(Date.from(start));
        return stay;
    }
}
