package org.careloop.transitions.store;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.careloop.fhirstore.UnitOfWork;
import org.careloop.transitions.domain.StayRelation;
import org.careloop.transitions.domain.TransitionState;

/** Transitions by when their discharges were, and which of their patients came back. */
@Singleton
public class Discharges {

    Discharges() {}

    /**
     * Returns ids of the episodes whose discharge was from {@code from} on and before {@code until}, the first of them, at most {@code
     * most}.
     */
    public Uni<List<String>> discharged(Instant from, Instant until, int most, UnitOfWork unit) {
        return unit.session()
                .createSelectionQuery(
                        "select episodeId from Transition where state = :open and discharged >= :from"
                                + " and discharged < :until order by discharged, episodeId",
                        String.class)
                .setParameter("open", TransitionState.OPEN)
                .setParameter("from", from)
                .setParameter("until", until)
                .setMaxResults(most)
                .getResultList();
    }

    /** Returns which of {@code encounters} somebody came back from without a plan to. */
    public Uni<Set<String>> cameBack(List<String> encounters, UnitOfWork unit) {
        return unit.sql(
                        "select distinct index_encounter_id from stay_link where index_encounter_id = any($1)"
                                + " and relation = any($2)",
                        encounters.toArray(String[]::new),
                        new String[] {StayRelation.READMISSION_UNPLANNED.name(), StayRelation.SAME_DAY_RETURN.name()})
                .map(rows -> rows.stream().map(row -> (String) row[0]).collect(Collectors.toSet()));
    }
}
