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
import org.careloop.eventflow.Causes;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.fhirstore.DatabaseTransactions;
import org.careloop.fhirstore.InTurn;
import org.careloop.fhirstore.ResourceStore;
import org.careloop.transitions.TransitionsConfig;
import org.careloop.transitions.domain.AdtFacts;
import org.careloop.transitions.domain.MessageProvenance;
import org.careloop.transitions.domain.SnapshotMerge;
import org.careloop.transitions.domain.SnapshotMerge.Details;
import org.careloop.transitions.hl7.MessageRejection;
import org.careloop.transitions.store.Hl7MessageRecord;
import org.hibernate.reactive.mutiny.Mutiny;
import org.hl7.fhir.r4.model.Patient;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Resource;

/**
 * Lets one accepted message take effect: the patient is found or made, then what it says of the stay, the transition and the
 * message's own state change together. Every step may be repeated: ids are derived from the sender's keys.
 */
@Singleton
public class ProcessMessage {

    private static final int MOST_DELAYS = 5;
    private static final int MOST_ATTEMPTS = 8;

    private static final String NEWER = """
            select count(*) from Hl7MessageRecord where patientKey = :patient and status = PROCESSED and recorded > :recorded""";

    private final Mutiny.SessionFactory sessions;
    private final DatabaseTransactions transactions;
    private final ResourceStore store;
    private final ReadMessage readMessage;
    private final PatientRegistry patients;
    private final TellStay tellStay;
    private final TransitionsConfig config;
    private final Clock clock;

    ProcessMessage(
            Mutiny.SessionFactory sessions,
            DatabaseTransactions transactions,
            ResourceStore store,
            ReadMessage readMessage,
            PatientRegistry patients,
            TellStay tellStay,
            TransitionsConfig config,
            Clock clock) {
        this.sessions = sessions;
        this.transactions = transactions;
        this.store = store;
        this.readMessage = readMessage;
        this.patients = patients;
        this.tellStay = tellStay;
        this.config = config;
        this.clock = clock;
    }

    /** Completes when the message took effect, or when the reason why it did not is kept with it. */
    public Uni<Void> handle(long id) {
        return sessions.withSession(session -> session.find(Hl7MessageRecord.class, id))
                .chain(this::effect)
                .onFailure()
                .recoverWithUni(failure -> keepReason(id, failure));
    }

    private Uni<Void> effect(Hl7MessageRecord message) {
        ReadMessage.Told told = readMessage.handle(message);
        AuditedRequest.begin(Optional.of("message-" + message.id()))
                .onBehalfOf("Organization/" + told.provenance().organization());
        return details(message)
                .chain(details -> InTurn.map(told.parts(), facts -> tellPatients(facts, told, details))
                        .chain(named -> store.inUnit(unit -> tellStay.handle(named, told, message.id(), details, unit)
                                .chain(encounter -> unit.session()
                                        .find(Hl7MessageRecord.class, message.id())
                                        .invoke(row -> done(row, told, encounter)))
                                .replaceWithVoid())));
    }

    private static void done(Hl7MessageRecord message, ReadMessage.Told told, Optional<String> encounter) {
        message.processed(encounter);
        LOG.processed(message.id(), told.provenance().trigger(), encounter.orElse("none"));
    }

    /** What was entered before what is known of the patient only fills what is absent. */
    private Uni<Details> details(Hl7MessageRecord message) {
        return sessions.withSession(session -> session.createSelectionQuery(NEWER, Long.class)
                        .setParameter("patient", message.place().patient())
                        .setParameter("recorded", message.place().recorded().orElse(message.received()))
                        .getSingleResult())
                .map(newer -> newer == 0 ? Details.REPLACE : Details.FILL_ABSENT);
    }

    private Uni<AdtFacts> tellPatients(AdtFacts facts, ReadMessage.Told told, Details details) {
        return patients.identify(
                        facts.patient(),
                        stored ->
                                keeping(stored, SnapshotMerge.merge(stored, facts.patient(), facts.cleared(), details)))
                .call(id -> facts.merged()
                        .map(gone -> patients.merge(gone, id))
                        .orElseGet(() -> Uni.createFrom().voidItem()))
                .map(facts::forPatient)
                .chain(this::forStay)
                .call(named -> patients.put(withProvenance(named, told.provenance()), details));
    }

    /** Who keeps the record keeps it. */
    private static Patient keeping(Patient stored, Patient merged) {
        return stored.hasManagingOrganization()
                ? merged.setManagingOrganization(
                        stored.getManagingOrganization().copy())
                : merged;
    }

    /** A stay that is known otherwise has another id than its number would give it. */
    private Uni<AdtFacts> forStay(AdtFacts facts) {
        return facts.encounter().isEmpty()
                ? Uni.createFrom().item(facts)
                : store.inUnit(unit -> tellStay.find(facts.encounter().get(), unit))
                        .map(facts::forStay);
    }

    /** Told to the service that holds them, so that it is found beside them. */
    private static List<Resource> withProvenance(AdtFacts facts, MessageProvenance provenance) {
        List<Resource> all = new ArrayList<>(facts.related().all());
        List<Reference> targets = new ArrayList<>(List.of(reference(facts.patient())));
        all.forEach(resource -> targets.add(reference(resource)));
        String part = facts.patient().getIdElement().getIdPart();
        all.add(provenance.of("patients", part, targets));
        return all;
    }

    private static Reference reference(Resource resource) {
        return new Reference(resource.fhirType() + "/" + resource.getIdElement().getIdPart());
    }

    /** A conflict, or what nobody foresaw: its content was found good when it came. */
    private static boolean mayPass(Throwable failure) {
        return failure instanceof FhirProblem problem
                ? problem.code() == ProblemCode.VERSION_CONFLICT
                : !(failure instanceof MessageRejection);
    }

    private Uni<Void> keepReason(long id, Throwable failure) {
        String reason = Causes.nameOf(failure);
        boolean passes = Causes.passes(failure);
        boolean mayPass = mayPass(failure);
        return transactions
                .run(session -> session.find(Hl7MessageRecord.class, id).invoke(message -> {
                    if (mayPass ? message.attempts() < MOST_ATTEMPTS : passes) {
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
