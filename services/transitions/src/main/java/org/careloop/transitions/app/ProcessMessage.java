package org.careloop.transitions.app;

import static org.careloop.transitions.TransitionsLog.LOG;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.careloop.audittrail.AuditedRequest;
import org.careloop.calleraccess.Caller;
import org.careloop.eventflow.Causes;
import org.careloop.fhirstore.DatabaseTransactions;
import org.careloop.fhirstore.ResourceStore;
import org.careloop.fhirstore.UnitOfWork;
import org.careloop.transitions.TransitionsConfig;
import org.careloop.transitions.domain.EncounterState;
import org.careloop.transitions.domain.EncounterStep;
import org.careloop.transitions.domain.EncounterTimeline;
import org.careloop.transitions.domain.MessageProvenance;
import org.careloop.transitions.domain.SnapshotMerge;
import org.careloop.transitions.domain.TransitionEpisode;
import org.careloop.transitions.hl7.AdtFacts;
import org.careloop.transitions.hl7.AdtMapping;
import org.careloop.transitions.hl7.Hl7Message;
import org.careloop.transitions.hl7.SenderProfile;
import org.careloop.transitions.hl7.SenderProfiles;
import org.careloop.transitions.store.EncounterCourse;
import org.careloop.transitions.store.Hl7MessageRecord;
import org.hibernate.reactive.mutiny.Mutiny;
import org.hl7.fhir.r4.model.Encounter;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Resource;

/**
 * Lets one accepted message take effect: the patient is found or made, then encounter, transition and the message's own
 * state change together. Every step may be repeated: ids are derived from the sender's keys.
 */
@Singleton
public class ProcessMessage {

    private static final int MOST_DELAYS = 5;

    private final Mutiny.SessionFactory sessions;
    private final DatabaseTransactions transactions;
    private final ResourceStore store;
    private final SenderProfiles profiles;
    private final PatientRegistry patients;
    private final MoveTransition moveTransition;
    private final TransitionsConfig config;
    private final Clock clock;

    ProcessMessage(
            Mutiny.SessionFactory sessions,
            DatabaseTransactions transactions,
            ResourceStore store,
            SenderProfiles profiles,
            PatientRegistry patients,
            MoveTransition moveTransition,
            TransitionsConfig config,
            Clock clock) {
        this.sessions = sessions;
        this.transactions = transactions;
        this.store = store;
        this.profiles = profiles;
        this.patients = patients;
        this.moveTransition = moveTransition;
        this.config = config;
        this.clock = clock;
    }

    /** What a message says, and the profile that it was read with. */
    private record Told(AdtFacts facts, SenderProfile profile, MessageProvenance provenance) {}

    /** Completes when the message took effect, or when the reason why it did not is kept with it. */
    public Uni<Void> handle(long id) {
        return sessions.withSession(session -> session.find(Hl7MessageRecord.class, id))
                .chain(message -> {
                    Told told = read(message);
                    AuditedRequest.begin(Optional.of("hl7v2-" + id))
                            .onBehalfOf("Organization/" + told.profile().organization());
                    String encounterId = told.facts().encounter().getIdElement().getIdPart();
                    return state(encounterId)
                            .map(state -> decide(state, told.facts()))
                            .chain(step -> tellPatients(told, step))
                            .chain(named -> store.inUnit(
                                    unit -> effect(id, new Told(named, told.profile(), told.provenance()), unit)));
                })
                .onFailure()
                .recoverWithUni(failure -> keepReason(id, failure));
    }

    private Told read(Hl7MessageRecord message) {
        Hl7Message parsed = Hl7Message.parse(message.raw());
        SenderProfile profile = profiles.require(parsed.header());
        AdtFacts facts = AdtMapping.map(parsed, profile, message.received());
        MessageProvenance provenance = new MessageProvenance(
                parsed.header().sendingApplication(),
                parsed.header().sendingFacility(),
                parsed.header().controlId(),
                facts.event().code().name(),
                profile.organization(),
                message.received(),
                facts.event().at());
        return new Told(facts, profile, provenance);
    }

    private Uni<Optional<EncounterState>> state(String encounterId) {
        return sessions.withSession(session -> session.find(EncounterCourse.class, encounterId))
                .map(course -> Optional.ofNullable(course).map(EncounterCourse::state));
    }

    private static EncounterStep decide(Optional<EncounterState> state, AdtFacts facts) {
        return EncounterTimeline.decide(
                state,
                facts.event().code(),
                facts.event().at(),
                facts.encounter().getStatus());
    }

    private Uni<AdtFacts> tellPatients(Told told, EncounterStep step) {
        AdtFacts facts = told.facts();
        return patients.findOrCreate(
                        facts.patientIdentifier(),
                        facts.patient(),
                        stored -> SnapshotMerge.merge(stored, facts.patient(), facts.cleared(), step.details()))
                .map(facts::forPatient)
                .call(named -> patients.put(withProvenance(related(named), named.patient(), told.provenance())));
    }

    /** Told to the service that holds them, so that it is found beside them. */
    private static List<Resource> withProvenance(
            List<Resource> related, Resource patient, MessageProvenance provenance) {
        List<Resource> all = new ArrayList<>(related);
        List<Reference> targets = new ArrayList<>(List.of(reference(patient)));
        related.forEach(resource -> targets.add(reference(resource)));
        all.add(provenance.of("patients", targets));
        return all;
    }

    private static Reference reference(Resource resource) {
        return new Reference(resource.fhirType() + "/" + resource.getIdElement().getIdPart());
    }

    private static List<Resource> related(AdtFacts facts) {
        List<Resource> all = new ArrayList<>(facts.related().relatedPersons());
        all.addAll(facts.related().coverages());
        all.addAll(facts.related().conditions());
        all.addAll(facts.related().allergies());
        return all;
    }

    private Uni<Void> effect(long id, Told told, UnitOfWork unit) {
        AdtFacts facts = told.facts();
        SenderProfile profile = told.profile();
        String encounterId = facts.encounter().getIdElement().getIdPart();
        return unit.session().find(EncounterCourse.class, encounterId).chain(found -> {
            Optional<EncounterCourse> course = Optional.ofNullable(found);
            EncounterStep step = decide(course.map(EncounterCourse::state), facts);
            return keepCourse(encounterId, course, step, unit)
                    .chain(() -> keepEncounter(facts, step, unit))
                    .chain(encounter -> moveTransition.handle(
                            new MoveTransition.Move(encounter, facts, step, profile.timeZone(), profile.coordinator()),
                            unit))
                    .chain(() -> unit.put(
                            Caller.PLATFORM,
                            told.provenance()
                                    .of(
                                            "transitions",
                                            List.of(
                                                    new Reference("Encounter/" + encounterId),
                                                    facts.encounter().getSubject()))))
                    .chain(() -> unit.session().find(Hl7MessageRecord.class, id))
                    .invoke(message -> {
                        message.processed(encounterId);
                        LOG.processed(id, facts.event().code().name(), encounterId);
                    })
                    .replaceWithVoid();
        });
    }

    private static Uni<Void> keepCourse(
            String encounterId, Optional<EncounterCourse> course, EncounterStep step, UnitOfWork unit) {
        if (course.isPresent()) {
            course.get().become(step.next());
            return Uni.createFrom().voidItem();
        }
        return unit.session().persist(new EncounterCourse(encounterId, step.next()));
    }

    private Uni<Encounter> keepEncounter(AdtFacts facts, EncounterStep step, UnitOfWork unit) {
        String id = facts.encounter().getIdElement().getIdPart();
        return unit.find(Encounter.class, id).chain(stored -> {
            Encounter after = EncounterTimeline.apply(stored, facts.encounter(), facts.cleared(), step);
            if (moveTransition.concerns(after)) {
                after.getEpisodeOfCare().clear();
                after.addEpisodeOfCare(new Reference("EpisodeOfCare/" + TransitionEpisode.idOf(id)));
            }
            return unit.put(Caller.PLATFORM, after).replaceWith(after);
        });
    }

    private Uni<Void> keepReason(long id, Throwable failure) {
        String reason = Causes.nameOf(failure);
        boolean passes = Causes.passes(failure);
        return transactions
                .run(session -> session.find(Hl7MessageRecord.class, id).invoke(message -> {
                    if (passes) {
                        Duration delay =
                                config.retryDelay().multipliedBy(Math.min(message.attempts() + 1, MOST_DELAYS));
                        message.waits(reason, clock.instant().plus(delay));
                        LOG.waits(id, reason);
                    } else {
                        message.failed(reason);
                        LOG.failed(id, reason);
                    }
                }))
                .replaceWithVoid();
    }
}
