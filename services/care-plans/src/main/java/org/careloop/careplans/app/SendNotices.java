package org.careloop.careplans.app;

import static org.careloop.careplans.CarePlansLog.LOG;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.careloop.calleraccess.Caller;
import org.careloop.careplans.CarePlansConfig;
import org.careloop.careplans.domain.PlanCourse;
import org.careloop.careplans.domain.PlanCourse.Stay;
import org.careloop.careplans.domain.notice.Notice;
import org.careloop.careplans.domain.notice.NoticeCourse;
import org.careloop.careplans.domain.notice.NoticeCourse.Decision;
import org.careloop.careplans.domain.notice.NoticeCourse.Document;
import org.careloop.careplans.domain.notice.NoticeCourse.Due;
import org.careloop.careplans.domain.notice.NoticeCourse.Known;
import org.careloop.careplans.domain.notice.NoticeCourse.Recipients;
import org.careloop.careplans.domain.notice.NoticeCourse.Sent;
import org.careloop.careplans.domain.notice.NoticeCourse.TakeBack;
import org.careloop.careplans.store.DueNotices;
import org.careloop.careplans.store.Notices;
import org.careloop.fhirmodel.FhirId;
import org.careloop.fhirstore.InTurn;
import org.careloop.fhirstore.UnitOfWork;
import org.hl7.fhir.r4.model.Communication;
import org.hl7.fhir.r4.model.Encounter;
import org.hl7.fhir.r4.model.Encounter.EncounterStatus;
import org.hl7.fhir.r4.model.Patient;
import org.hl7.fhir.r4.model.Reference;

/**
 * Tells the medical home of admissions and discharges, sends it and the accepting partners the document of the transition, and
 * corrects what does not hold any more. Looks at how things are, so that it may be called for any report, in any order and again.
 */
@Singleton
public class SendNotices {

    private final NoticeCourse course;
    private final Notices notices;
    private final DueNotices dueNotices;
    private final MedicalHomes medicalHomes;
    private final Clock clock;

    SendNotices(
            CarePlansConfig config, Notices notices, DueNotices dueNotices, MedicalHomes medicalHomes, Clock clock) {
        this.course = new NoticeCourse(config.noticeClasses(), config.noticeWithin(), config.mergeToldWithin());
        this.notices = notices;
        this.dueNotices = dueNotices;
        this.medicalHomes = medicalHomes;
        this.clock = clock;
    }

    /** What is known of all the stays of a patient, by their ids. */
    private record Found(
            String patient,
            MedicalHomes.Found homes,
            Map<String, List<Sent>> sent,
            Map<String, List<Document>> documents,
            Map<String, Set<String>> partners) {

        Known of(String stay) {
            return new Known(
                    patient,
                    documents.getOrDefault(stay, List.of()),
                    new Recipients(homes.organizations(), partners.getOrDefault(stay, Set.of())),
                    sent.getOrDefault(stay, List.of()));
        }
    }

    /**
     * Sends, at the end of {@code unit}, what is due of the stays of the patient with this id, and notes when it is to be looked again; one
     * unit at a time for a patient.
     */
    public void last(String patientId, UnitOfWork unit) {
        unit.last(
                "plans of " + patientId + ", notices",
                () -> PatientStays.alone(patientId, unit).chain(() -> handle(patientId, unit)));
    }

    /** Sends it at once; callers let one unit of a patient pass at a time. */
    Uni<Void> handle(String patientId, UnitOfWork unit) {
        return look(patientId, unit)
                .chain(again -> again.map(time -> dueNotices.add(patientId, time, unit))
                        .orElseGet(() -> Uni.createFrom().voidItem()));
    }

    /** Sends it, too, and returns when it is to be looked again, if it is to be. */
    Uni<Optional<Instant>> look(String patientId, UnitOfWork unit) {
        return PatientStays.read(patientId, unit)
                .chain(stays -> stays.patient()
                        .filter(ignored -> !stays.all().isEmpty())
                        .map(patient -> look(patient, stays.all(), unit))
                        .orElseGet(() -> Uni.createFrom().item(Optional.empty())));
    }

    private Uni<Optional<Instant>> look(Patient patient, List<Stay> stays, UnitOfWork unit) {
        return find(patient, stays.stream().map(Stay::id).toList(), unit).chain(found -> {
            List<Instant> again = new ArrayList<>(found.homes().again().stream().toList());
            return InTurn.each(stays, stay -> follow(stay, found, again, unit))
                    .replaceWith(() -> again.stream().min(Comparator.naturalOrder()));
        });
    }

    private Uni<Found> find(Patient patient, List<String> ids, UnitOfWork unit) {
        return notices.survivor(patient.getIdElement().getIdPart(), unit)
                .chain(who -> medicalHomes
                        .follow(patient, unit)
                        .chain(homes -> notices.sent(ids, unit)
                                .chain(sent -> notices.documents(ids, unit)
                                        .chain(documents -> notices.partners(ids, who, unit)
                                                .map(partners -> new Found(who, homes, sent, documents, partners))))));
    }

    private Uni<Void> follow(Stay stay, Found found, List<Instant> again, UnitOfWork unit) {
        Decision decision = course.of(asItIs(stay), found.of(stay.id()), clock.instant());
        decision.again().ifPresent(again::add);
        return InTurn.each(decision.apart(), each -> notices.apart(each, unit))
                .chain(() -> InTurn.each(decision.takeBack(), each -> takeBack(each, unit)))
                .chain(() -> InTurn.each(decision.send(), due -> send(stay, found.patient(), due, unit)));
    }

    /** Of an Encounter that was deleted, the episode alone tells that there was no such stay. */
    private static Encounter asItIs(Stay stay) {
        return PlanCourse.isError(stay)
                ? stay.encounter().copy().setStatus(EncounterStatus.ENTEREDINERROR)
                : stay.encounter();
    }

    private Uni<Void> send(Stay stay, String patient, Due due, UnitOfWork unit) {
        FhirId id = Notice.idOf(stay.id(), due);
        Reference sender = stay.episode()
                .map(episode -> episode.getManagingOrganization().copy())
                .orElseGet(() -> stay.encounter().getServiceProvider().copy());
        return notices.add(stay.id(), patient, due, id.value(), unit)
                .chain(() -> unit.create(Caller.PLATFORM, Notice.of(stay.encounter(), due, sender, clock.instant())))
                .invoke(() -> LOG.noticeSent(id.value(), stay.id()))
                .replaceWithVoid();
    }

    /** What somebody has deleted or taken back is not taken back again, but it is corrected. */
    private Uni<Void> takeBack(TakeBack due, UnitOfWork unit) {
        String communication = due.sent().communication();
        return notices.takenBack(communication, unit)
                .chain(() -> unit.find(Communication.class, communication))
                .chain(found -> found.map(before -> unit.put(Caller.PLATFORM, Notice.error(before, due.why()))
                                .chain(() -> unit.put(
                                        Caller.PLATFORM, Notice.correction(before, due.why(), clock.instant())))
                                .replaceWithVoid())
                        .orElseGet(() -> Uni.createFrom().voidItem()))
                .invoke(() -> LOG.noticeTakenBack(communication));
    }
}
