package org.careloop.careplans.domain.notice;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.careloop.careplans.domain.notice.NoticeCourse.Decision;
import org.careloop.careplans.domain.notice.NoticeCourse.Document;
import org.careloop.careplans.domain.notice.NoticeCourse.Due;
import org.careloop.careplans.domain.notice.NoticeCourse.Known;
import org.careloop.careplans.domain.notice.NoticeCourse.Recipients;
import org.careloop.careplans.domain.notice.NoticeCourse.Sent;
import org.careloop.careplans.domain.notice.NoticeCourse.TakeBack;
import org.careloop.careplans.domain.notice.NoticeCourse.Why;
import org.careloop.eventcontracts.SharedTerms;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Communication;
import org.hl7.fhir.r4.model.Communication.CommunicationStatus;
import org.hl7.fhir.r4.model.Encounter;
import org.hl7.fhir.r4.model.Encounter.EncounterStatus;
import org.hl7.fhir.r4.model.Patient;
import org.hl7.fhir.r4.model.Reference;
import org.junit.jupiter.api.Test;

class NoticeCourseTest {

    private static final Instant NOW = Instant.parse("2026-03-08T12:00:00Z");
    private static final String PATIENT = "ada";
    private static final String HOME = "Organization/home";
    private static final String AGENCY = "Organization/agency";
    private static final Document DOCUMENT =
            new Document("d1", 1, "Organization/clinic", Set.of(), Set.of(), true, PATIENT);

    private final NoticeCourse course =
            new NoticeCourse(Set.of("IMP", "EMER"), Duration.ofDays(30), Duration.ofMinutes(2));

    @Test
    void theMedicalHomeIsToldOfAdmissionAndDischargeEachOnce() {
        // When
        Decision decision = decide(stay(EncounterStatus.FINISHED), List.of(), List.of());
        // Then
        assertThat(decision.send()).containsExactly(due("admission", HOME, 1), due("discharge", HOME, 1));
        // When they were told
        List<Sent> sent = List.of(sent("c1", "admission", HOME, true), sent("c2", "discharge", HOME, true));
        // Then
        assertThat(decide(stay(EncounterStatus.FINISHED), List.of(), sent))
                .isEqualTo(new Decision(List.of(), List.of(), List.of(), Optional.empty()));
        // When the patient is still there
        assertThat(decide(stay(EncounterStatus.INPROGRESS), List.of(), List.of())
                        .send())
                .containsExactly(due("admission", HOME, 1));
        assertThat(decide(stay(EncounterStatus.PLANNED), List.of(), List.of()).send())
                .isEmpty();
    }

    @Test
    void whatWasNoneIsTakenBackAndToldAnewWhenItIsOne() {
        // Given
        Sent admission = sent("c1", "admission", HOME, true);
        Sent discharge = sent("c2", "discharge", HOME, true);
        // Then
        assertThat(decide(stay(EncounterStatus.INPROGRESS), List.of(), List.of(admission, discharge))
                        .takeBack())
                .containsExactly(cancelled(discharge));
        assertThat(decide(stay(EncounterStatus.ENTEREDINERROR), List.of(), List.of(admission, discharge))
                        .takeBack())
                .containsExactly(cancelled(admission), cancelled(discharge));
        assertThat(decide(stay(EncounterStatus.UNKNOWN), List.of(), List.of(admission, discharge))
                        .takeBack())
                .isEmpty();
        // When it was taken back
        Sent gone = sent("c2", "discharge", HOME, false);
        assertThat(decide(stay(EncounterStatus.FINISHED), List.of(), List.of(admission, gone))
                        .send())
                .containsExactly(due("discharge", HOME, 2));
    }

    @Test
    void theDocumentGoesToTheHomeAndToWhoHasAccepted() {
        // Given
        List<Sent> told = List.of(sent("c1", "admission", HOME, true), sent("c2", "discharge", HOME, true));
        // Then
        assertThat(decide(stay(EncounterStatus.FINISHED), List.of(DOCUMENT), told)
                        .send())
                .containsExactlyInAnyOrder(due("d1", HOME, 1), due("d1", AGENCY, 1));
        // When there is a newer one
        Document newer = new Document("d2", 2, "Organization/clinic", Set.of(), Set.of(), true, PATIENT);
        assertThat(decide(stay(EncounterStatus.FINISHED), List.of(newer, DOCUMENT), told)
                        .send())
                .extracting(Due::about)
                .containsOnly("d2");
        // When who keeps it has accepted, too
        Document own = new Document("d1", 1, AGENCY, Set.of(), Set.of(), true, PATIENT);
        assertThat(decide(stay(EncounterStatus.FINISHED), List.of(own), told).send())
                .containsExactly(due("d1", HOME, 1));
        // When it is withdrawn
        Document gone = new Document("d1", 1, "Organization/clinic", Set.of(), Set.of(), false, PATIENT);
        Sent document = sent("c3", "d1", AGENCY, true);
        assertThat(decide(stay(EncounterStatus.INPROGRESS), List.of(gone), List.of(document))
                        .takeBack())
                .containsExactly(cancelled(document));
    }

    @Test
    void toWhomAConsentDeniesSomethingNobodySendsItUnasked() {
        Document notToAgency = new Document("d1", 1, "Organization/clinic", Set.of("agency"), Set.of(), true, PATIENT);
        Document toNoPartner =
                new Document("d1", 1, "Organization/clinic", Set.of("any-partner"), Set.of(), true, PATIENT);
        assertThat(decide(stay(EncounterStatus.FINISHED), List.of(notToAgency), List.of())
                        .send())
                .doesNotContain(due("d1", AGENCY, 1))
                .contains(due("d1", HOME, 1));
        assertThat(decide(stay(EncounterStatus.FINISHED), List.of(toNoPartner), List.of())
                        .send())
                .doesNotContain(due("d1", AGENCY, 1))
                .contains(due("d1", HOME, 1));
    }

    @Test
    void historyIsNoNewsAndNoVisitIsToldNorTheSiteItself() {
        Encounter old = stay(EncounterStatus.FINISHED);
        old.getPeriod()
                .setStart(Date.from(NOW.minus(Duration.ofDays(60))))
                .setEnd(Date.from(NOW.minus(Duration.ofDays(50))));
        assertThat(decide(old, List.of(), List.of()).send()).isEmpty();
        Encounter visit = stay(EncounterStatus.FINISHED);
        visit.getClass_().setCode("AMB");
        assertThat(decide(visit, List.of(), List.of()).send()).isEmpty();
        Encounter own = stay(EncounterStatus.FINISHED).setServiceProvider(new Reference(HOME));
        assertThat(decide(own, List.of(), List.of()).send()).isEmpty();
    }

    @Test
    void theMedicalHomeIsWhereTheGeneralPractitionersWork() {
        // Given
        Patient patient = new Patient().setManagingOrganization(new Reference("Organization/keeper"));
        // Then
        assertThat(MedicalHome.of(patient, person -> List.of())).containsExactly("Organization/keeper");
        // When
        patient.addGeneralPractitioner(new Reference(HOME));
        patient.addGeneralPractitioner(new Reference("PractitionerRole/r1"));
        patient.addGeneralPractitioner().getIdentifier().setSystem("urn:npi").setValue("1");
        // Then
        assertThat(MedicalHome.people(patient)).containsExactly("PractitionerRole/r1", "urn:npi|1");
        Map<String, List<String>> employers =
                Map.of("PractitionerRole/r1", List.of(HOME), "urn:npi|1", List.of("Organization/b"));
        assertThat(MedicalHome.of(patient, person -> employers.getOrDefault(person, List.of())))
                .containsExactly(HOME, "Organization/b");
    }

    @Test
    void aNoticeSaysThatAndWhenAndItsCorrectionThatItWasNot() {
        // When
        Communication notice = Notice.of(
                stay(EncounterStatus.FINISHED), due("discharge", HOME, 1), new Reference("Organization/clinic"), NOW);
        Communication correction = Notice.correction(notice, Why.CANCELLED, NOW.plusSeconds(60));
        // Then
        assertThat(notice.getReasonCodeFirstRep().getCodingFirstRep().getCode()).isEqualTo("discharge");
        assertThat(notice.getEncounter().getReference()).isEqualTo("Encounter/stay");
        assertThat(notice.getRecipient())
                .singleElement()
                .satisfies(each -> assertThat(each.getReference()).isEqualTo(HOME));
        assertThat(notice.hasReceived()).isFalse();
        assertThat(Notice.error(notice, Why.CANCELLED).getStatus()).isEqualTo(CommunicationStatus.ENTEREDINERROR);
        assertThat(correction.getReasonCodeFirstRep().getCodingFirstRep().getCode())
                .isEqualTo("discharge-cancelled");
        assertThat(correction.getInResponseToFirstRep().getReference())
                .isEqualTo("Communication/" + notice.getIdElement().getIdPart());
    }

    @Test
    void aDocumentIsSentWithThePartsOfDischargeInformationThatItHolds() {
        // Given
        Document document = new Document(
                "d1", 1, "Organization/clinic", Set.of(), Set.of("results", "instructions"), true, PATIENT);
        // When
        Due due = decide(stay(EncounterStatus.FINISHED), List.of(document), List.of()).send().stream()
                .filter(each -> each.about().equals("d1") && each.recipient().equals(HOME))
                .findFirst()
                .orElseThrow();
        Communication sent = Notice.of(stay(EncounterStatus.FINISHED), due, new Reference("Organization/clinic"), NOW);
        // Then
        assertThat(sent.getPayloadFirstRep().getContentReference().getReference())
                .isEqualTo("Bundle/d1");
        assertThat(sent.getExtensionsByUrl(SharedTerms.DISCHARGE_INFORMATION_PART_EXTENSION))
                .extracting(part -> ((Coding) part.getValue()).getCode())
                .containsExactly("instructions", "results");
    }

    private Decision decide(Encounter stay, List<Document> documents, List<Sent> sent) {
        return course.of(stay, new Known(PATIENT, documents, new Recipients(List.of(HOME), Set.of(AGENCY)), sent), NOW);
    }

    private static Sent sent(String communication, String about, String recipient, boolean standing) {
        return new Sent(communication, about, recipient, standing, PATIENT, happened(about), Optional.empty());
    }

    private static TakeBack cancelled(Sent sent) {
        return new TakeBack(sent, Why.CANCELLED);
    }

    private static Optional<Instant> happened(String about) {
        return switch (about) {
            case "admission", "emergency-registration" -> Optional.of(NOW.minus(Duration.ofDays(5)));
            case "discharge", "emergency-departure" -> Optional.of(NOW.minus(Duration.ofHours(1)));
            default -> Optional.empty();
        };
    }

    private static Encounter stay(EncounterStatus status) {
        Encounter stay = new Encounter().setStatus(status).setServiceProvider(new Reference("Organization/hospital"));
        stay.setId("stay");
        stay.getClass_().setCode("IMP");
        stay.getPeriod().setStart(Date.from(NOW.minus(Duration.ofDays(5))));
        if (status == EncounterStatus.FINISHED) {
            stay.getPeriod().setEnd(Date.from(NOW.minus(Duration.ofHours(1))));
        }
        return stay;
    }

    private static Due due(String about, String recipient, int round) {
        return new Due(about, recipient, round, Set.of(), recipient.equals(HOME), happened(about));
    }
}
