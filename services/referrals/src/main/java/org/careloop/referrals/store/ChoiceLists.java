package org.careloop.referrals.store;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.careloop.fhirstore.UnitOfWork;
import org.careloop.referrals.domain.AgencyChoice;
import org.careloop.referrals.domain.TimeNeeded;
import org.careloop.referrals.domain.WaitingReferral;
import org.hl7.fhir.r4.model.Task;

/**
 * For each referral made from a plan, the agencies that were considered, why each has its place, and who was chosen.
 */
@Singleton
public class ChoiceLists {

    /**
     * A list as it was kept.
     *
     * @param at when it was made
     * @param asked the service that is asked by the Task, a literal reference; empty while there is none
     */
    public record Choice(AgencyChoice agencies, Instant at, Optional<String> asked) {}

    private static final String OPEN = "from ChoiceList c where not c.settled";

    ChoiceLists() {}

    /**
     * Keeps {@code choice} as the latest for {@code referral}, of which {@code chosen} is asked; the referral waits on when nobody
     * could be chosen.
     */
    public Uni<Void> keep(
            UnitOfWork unit,
            WaitingReferral referral,
            AgencyChoice choice,
            Optional<AgencyChoice.Offer> chosen,
            Instant at) {
        List<ChoiceOffer> offers = new ArrayList<>();
        choice.offers().forEach(offer -> offers.add(new ChoiceOffer(referral.task(), offers.size() + 1, offer)));
        return unit.session()
                .find(ChoiceList.class, referral.task())
                .chain(found -> {
                    ChoiceList list = Optional.ofNullable(found).orElseGet(() -> new ChoiceList(referral));
                    list.decide(chosen, at);
                    return unit.session().persist(list);
                })
                .chain(() -> removeOffers(unit, referral))
                .chain(() -> unit.session().persistAll(offers.toArray()))
                .chain(() -> unit.session().flush());
    }

    /** Returns the latest list of {@code task}, an id; empty where the platform made none. */
    public Uni<Optional<Choice>> find(UnitOfWork unit, String task) {
        return unit.session()
                .find(ChoiceList.class, task)
                .chain(list -> list == null
                        ? Uni.createFrom().item(Optional.empty())
                        : unit.session()
                                .createQuery(
                                        "from ChoiceOffer o where o.task = :task order by o.place", ChoiceOffer.class)
                                .setParameter("task", task)
                                .getResultList()
                                .map(offers -> Optional.of(list.choice(
                                        offers.stream().map(ChoiceOffer::offer).toList()))));
    }

    /** Returns whom the platform asked by {@code task}, an id; empty when it chose nobody. */
    public Uni<Optional<AgencyChoice.Asked>> asked(UnitOfWork unit, String task) {
        return unit.session()
                .find(ChoiceList.class, task)
                .map(found -> Optional.ofNullable(found).flatMap(ChoiceList::asked));
    }

    /** Returns whom the platform asked by any of {@code tasks}. */
    public Uni<List<AgencyChoice.Asked>> asked(UnitOfWork unit, Collection<Task> tasks) {
        return unit.session()
                .createQuery("from ChoiceList c where c.task in :tasks", ChoiceList.class)
                .setParameter(
                        "tasks",
                        tasks.stream()
                                .map(task -> task.getIdElement().getIdPart())
                                .toList())
                .getResultList()
                .map(lists ->
                        lists.stream().flatMap(list -> list.asked().stream()).toList());
    }

    /** What {@code tasks}, ids, ask for is needed at another time from now on. */
    public Uni<Void> needAt(UnitOfWork unit, Collection<String> tasks, Optional<TimeNeeded> when) {
        return unit.session()
                .createQuery("from ChoiceList c where c.task in :tasks", ChoiceList.class)
                .setParameter("tasks", tasks)
                .getResultList()
                .invoke(lists -> lists.forEach(list -> list.needAt(when)))
                .replaceWithVoid();
    }

    /** The referral {@code task}, an id, is for {@code patient} from now on, a reference. */
    public Uni<Void> moved(UnitOfWork unit, String task, String patient) {
        return unit.session()
                .createMutationQuery("update ChoiceList c set c.patient = :patient where c.task = :task")
                .setParameter("patient", patient)
                .setParameter("task", task)
                .executeUpdate()
                .replaceWithVoid();
    }

    /** It was looked for an agency for {@code referral}: others come first the next time. */
    public Uni<Void> tried(UnitOfWork unit, WaitingReferral referral, Instant at) {
        return unit.session()
                .createMutationQuery("update ChoiceList c set c.decidedAt = :at where c.task = :task and not c.settled")
                .setParameter("at", at)
                .setParameter("task", referral.task())
                .executeUpdate()
                .replaceWithVoid();
    }

    /** No choice is awaited any more: the Task moved on without one. */
    public Uni<Void> settle(UnitOfWork unit, WaitingReferral referral) {
        return unit.session()
                .find(ChoiceList.class, referral.task())
                .invoke(ChoiceList::settle)
                .replaceWithVoid();
    }

    /** Returns the referrals of {@code patient} that wait for an agency, longest waiting first. */
    public Uni<List<WaitingReferral>> waitingFor(UnitOfWork unit, String patient) {
        return unit.session()
                .createQuery(OPEN + " and c.patient = :patient order by c.decidedAt, c.task", ChoiceList.class)
                .setParameter("patient", patient)
                .getResultList()
                .map(ChoiceLists::referrals);
    }

    /** Returns those of {@code patients}, references, who have a referral that waits for an agency. */
    public Uni<Set<String>> waitingOf(UnitOfWork unit, Collection<String> patients) {
        return unit.session()
                .createQuery(
                        "select distinct c.patient from ChoiceList c where not c.settled and c.patient in :patients",
                        String.class)
                .setParameter("patients", List.copyOf(patients))
                .getResultList()
                .map(Set::copyOf);
    }

    /** Returns at most {@code limit} referrals that wait for an agency, those first that were tried longest ago. */
    public Uni<List<WaitingReferral>> waiting(UnitOfWork unit, int limit) {
        return unit.session()
                .createQuery(OPEN + " order by c.decidedAt, c.task", ChoiceList.class)
                .setMaxResults(limit)
                .getResultList()
                .map(ChoiceLists::referrals);
    }

    private static Uni<Integer> removeOffers(UnitOfWork unit, WaitingReferral referral) {
        return unit.session()
                .createMutationQuery("delete from ChoiceOffer o where o.task = :task")
                .setParameter("task", referral.task())
                .executeUpdate();
    }

    private static List<WaitingReferral> referrals(List<ChoiceList> lists) {
        return lists.stream().map(ChoiceList::referral).toList();
    }
}
