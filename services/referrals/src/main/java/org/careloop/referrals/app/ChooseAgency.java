package org.careloop.referrals.app;

import static org.careloop.referrals.ReferralsLog.LOG;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.ZonedDateTime;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.careloop.calleraccess.Caller;
import org.careloop.eventflow.Causes;
import org.careloop.fhirmodel.ResourceKey;
import org.careloop.fhirsearch.Condition;
import org.careloop.fhirstore.InTurn;
import org.careloop.fhirstore.StoredResource;
import org.careloop.fhirstore.UnitOfWork;
import org.careloop.referrals.ReferralsConfig;
import org.careloop.referrals.domain.AgencyChoice;
import org.careloop.referrals.domain.DirectoryRules;
import org.careloop.referrals.domain.EndReasons;
import org.careloop.referrals.domain.PersonServed;
import org.careloop.referrals.domain.PlannedOrders.Offered;
import org.careloop.referrals.domain.PlannedOrders.Referral;
import org.careloop.referrals.domain.ServiceNeed;
import org.careloop.referrals.domain.TaskLifecycle;
import org.careloop.referrals.domain.WaitingReferral;
import org.careloop.referrals.store.AgencyDirectory;
import org.careloop.referrals.store.ChoiceLists;
import org.careloop.referrals.store.PatientAreas;
import org.hl7.fhir.r4.model.ServiceRequest;
import org.hl7.fhir.r4.model.ServiceRequest.ServiceRequestStatus;
import org.hl7.fhir.r4.model.Task;

/**
 * Chooses the agency of a referral from the directory and the patient's area, when the referral is made or, while it
 * waits, whenever the area or the directory changes. Nothing is chosen before the area was told: a guess could ask the
 * wrong one.
 */
@Singleton
public class ChooseAgency {

    private final PatientAreas areas;
    private final AgencyDirectory directory;
    private final ChoiceLists lists;
    private final RequestTasks requestTasks;
    private final ReadStandings readStandings;
    private final DirectoryRules directoryRules;
    private final EndReasons endReasons;
    private final OfferReferral offerReferral;
    private final ReferralsConfig config;
    private final Clock clock;

    ChooseAgency(
            PatientAreas areas,
            AgencyDirectory directory,
            ChoiceLists lists,
            RequestTasks requestTasks,
            ReadStandings readStandings,
            DirectoryRules directoryRules,
            EndReasons endReasons,
            OfferReferral offerReferral,
            ReferralsConfig config,
            Clock clock) {
        this.areas = areas;
        this.directory = directory;
        this.lists = lists;
        this.requestTasks = requestTasks;
        this.readStandings = readStandings;
        this.directoryRules = directoryRules;
        this.endReasons = endReasons;
        this.offerReferral = offerReferral;
        this.config = config;
        this.clock = clock;
    }

    /**
     * Returns the agencies for a referral that is about to be made. Without success it looks again when no retry runs:
     * either this unit then sees what changed, or the retry that the change causes waits and sees this referral.
     */
    Uni<AgencyChoice> first(WaitingReferral referral, UnitOfWork unit) {
        return choose(referral, unit)
                .chain(choice -> choice.hasEligible()
                        ? Uni.createFrom().item(choice)
                        : holdRetries(unit).chain(() -> choose(referral, unit)));
    }

    /** Chooses for a referral that is stored, and names no agency yet: it is asked now, or the referral waits; as {@link #first}. */
    Uni<Void> chooseFor(WaitingReferral referral, UnitOfWork unit) {
        return first(referral, unit).chain(choice -> decide(referral, choice, unit));
    }

    /**
     * Tries again for all referrals of {@code patient}, a literal reference, that wait; the caller holds off whoever
     * makes referrals for that patient. Most patients have none, so others are held up only when there is one.
     */
    public Uni<Void> retryFor(String patient, UnitOfWork unit) {
        return lists.waitingFor(unit, patient)
                .chain(waiting -> waiting.isEmpty()
                        ? Uni.createFrom().voidItem()
                        : holdRetries(unit)
                                .chain(() -> lists.waitingFor(unit, patient))
                                .chain(still -> retry(still, unit)));
    }

    /** Returns those of {@code patients}, references, who have referrals that wait for an agency. */
    Uni<Set<String>> waitingOf(Collection<String> patients, UnitOfWork unit) {
        return lists.waitingOf(unit, patients);
    }

    /** Tries again for the referrals that wait longest, as many as the settings say. */
    public Uni<Void> retryAll(UnitOfWork unit) {
        return holdRetries(unit)
                .chain(() -> lists.waiting(unit, config.retriesPerDirectoryChange()))
                .chain(waiting -> retry(waiting, unit));
    }

    /** Lets no retry run beside this unit; before any request is locked, as retries lock requests. */
    static Uni<Void> holdRetries(UnitOfWork unit) {
        return unit.serialize("ServiceRequest", "waiting for an agency");
    }

    /** Returns the agencies for a referral, as the directory and the patient's area are now. */
    Uni<AgencyChoice> choose(WaitingReferral referral, UnitOfWork unit) {
        return areas.find(unit, referral.patient())
                .chain(area -> area.isEmpty()
                        ? Uni.createFrom().item(new AgencyChoice(List.of()))
                        : rank(referral, area.get(), unit));
    }

    private Uni<AgencyChoice> rank(WaitingReferral referral, PersonServed person, UnitOfWork unit) {
        return requestTasks
                .focusedOn(referral.request(), unit)
                .chain(tasks -> requestTasks.above(tasks, unit).map(above -> excluded(tasks, above)))
                .chain(excluded -> directory
                        .agreements(unit, referral.requester(), clock.instant())
                        .map(agreements -> ServiceNeed.of(referral, person, agreements, excluded, now())))
                .chain(need -> directory
                        .candidates(unit, referral.serviceTypes())
                        .chain(candidates -> readStandings
                                .handle(candidates, unit)
                                .map(standings -> AgencyChoice.rank(need, candidates, standings))));
    }

    /** Who said no, also to what this is a part of, and who passes it on. */
    private Set<String> excluded(List<Task> tasks, RequestTasks.Above above) {
        Set<String> excluded = new HashSet<>(endReasons.excluded(tasks));
        excluded.addAll(endReasons.excluded(above.beside()));
        above.wholes().stream()
                .filter(whole -> whole.getOwner().hasReference())
                .forEach(whole -> excluded.add(whole.getOwner().getReference()));
        return excluded;
    }

    private ZonedDateTime now() {
        return clock.instant().atZone(directoryRules.zone());
    }

    /** One that cannot be addressed keeps no other waiting: neither now nor by being the first the next time again. */
    private Uni<Void> retry(List<WaitingReferral> waiting, UnitOfWork unit) {
        return InTurn.each(
                waiting,
                referral -> unit.attempt(() -> retry(referral, unit))
                        .invoke(problem ->
                                problem.ifPresent(found -> LOG.notAddressed(referral.task(), Causes.nameOf(found))))
                        .chain(problem -> problem.isPresent()
                                ? lists.tried(unit, referral, clock.instant())
                                : Uni.createFrom().voidItem()));
    }

    /** Where nobody offers what is needed, what was told last stays told. */
    private Uni<Void> retry(WaitingReferral referral, UnitOfWork unit) {
        return choose(referral, unit)
                .chain(choice -> choice.offers().isEmpty()
                        ? lists.tried(unit, referral, clock.instant())
                        : decide(referral, choice, unit));
    }

    private Uni<Void> decide(WaitingReferral referral, AgencyChoice choice, UnitOfWork unit) {
        if (!choice.hasEligible()) {
            return offerReferral.keepWaiting(referral, choice, unit);
        }
        return unit.find(ResourceKey.of("Task", referral.task()), Condition.EVERYTHING)
                .chain(task -> task.filter(ChooseAgency::isWaiting).isPresent()
                        ? address(referral, task.get(), choice, unit)
                        : lists.settle(unit, referral));
    }

    private static boolean isOnHold(StoredResource request) {
        return request.as(ServiceRequest.class).getStatus() == ServiceRequestStatus.ONHOLD;
    }

    private static boolean isWaiting(StoredResource stored) {
        return TaskLifecycle.isWithoutAgency(stored.as(Task.class));
    }

    /** While the request is on hold its referral waits on. */
    private Uni<Void> address(WaitingReferral referral, StoredResource task, AgencyChoice choice, UnitOfWork unit) {
        return unit.find(ResourceKey.of("ServiceRequest", referral.request()), Condition.EVERYTHING)
                .chain(request -> request.isEmpty()
                        ? lists.settle(unit, referral)
                        : isOnHold(request.get())
                                ? offerReferral.keepWaiting(referral, choice, unit)
                                : offerReferral.handle(
                                        new Referral(request.get().as(ServiceRequest.class), task.as(Task.class)),
                                        referral,
                                        choice,
                                        offered -> store(offered, request.get(), task, unit),
                                        unit));
    }

    private static Uni<Void> store(Offered offered, StoredResource request, StoredResource task, UnitOfWork unit) {
        return unit.update(Caller.PLATFORM, request, offered.request())
                .chain(() -> unit.update(Caller.PLATFORM, task, offered.tasks().getFirst()))
                .chain(() -> InTurn.each(
                        offered.tasks().subList(1, offered.tasks().size()),
                        beside -> HandOutActivities.createIfAbsent(beside, unit)));
    }
}
