package org.careloop.transitions.store;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import org.careloop.fhirstore.HeavyWork;
import org.careloop.fhirstore.UnitOfWork;
import org.careloop.transitions.domain.StayEvent;

/** What was said of stays. */
@Singleton
public class StayEvents {

    StayEvents() {}

    /** Returns all that was said of the encounter, in no order. */
    public Uni<List<StayEvent>> of(String encounterId, UnitOfWork unit) {
        return unit.session()
                .createSelectionQuery("from StayEventRecord where encounterId = :encounter", StayEventRecord.class)
                .setParameter("encounter", encounterId)
                .getResultList()
                .chain(rows -> HeavyWork.run(
                        rows.stream().mapToInt(StayEventRecord::size).sum(),
                        () -> rows.stream().map(StayEventRecord::event).toList()));
    }

    /** Forgets what was said of the encounter, which is deleted: what is said of it later begins anew. */
    public Uni<Void> forget(String encounterId, UnitOfWork unit) {
        return unit.sql("delete from stay_event where encounter_id = $1", encounterId)
                .chain(() -> unit.sql("delete from stay_fact where encounter_id = $1", encounterId))
                .replaceWithVoid();
    }

    /** Forgets {@code event}, and returns the others. */
    public Uni<List<StayEvent>> drop(String encounterId, List<StayEvent> known, StayEvent event, UnitOfWork unit) {
        List<StayEvent> others =
                known.stream().filter(each -> !each.key().equals(event.key())).toList();
        return unit.sql("delete from stay_event where encounter_id = $1 and key = $2", encounterId, event.key())
                .replaceWith(others);
    }

    /** Keeps {@code event}, unless it is among {@code known} already, and returns all. Whoever calls it has locked the encounter. */
    public Uni<List<StayEvent>> add(String encounterId, List<StayEvent> known, StayEvent event, UnitOfWork unit) {
        if (known.stream().anyMatch(each -> each.key().equals(event.key()))) {
            return Uni.createFrom().item(known);
        }
        List<StayEvent> all = new ArrayList<>(known);
        all.add(event);
        return unit.session().persist(new StayEventRecord(encounterId, event)).replaceWith(all);
    }
}
