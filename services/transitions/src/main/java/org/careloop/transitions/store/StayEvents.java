package org.careloop.transitions.store;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
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
                .map(rows -> rows.stream().map(StayEventRecord::event).toList());
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
