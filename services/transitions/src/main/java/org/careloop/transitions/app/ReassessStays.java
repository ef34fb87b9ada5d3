package org.careloop.transitions.app;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.Optional;
import org.careloop.fhirmodel.ResourceKey;
import org.careloop.fhirsearch.Compartment;
import org.careloop.fhirstore.InTurn;
import org.careloop.fhirstore.MoveReferences;
import org.careloop.fhirstore.UnitOfWork;
import org.careloop.transitions.domain.TransitionEpisode;
import org.hl7.fhir.r4.model.Encounter;

/**
 * Tells the risk of discharges anew when a stay turns out to be another patient's: the risk of one stay rests on the stays before it,
 * and these are now more, or fewer.
 */
@Singleton
public class ReassessStays {

    /** Those of who had it before, too: they are told apart, and what is theirs has lost it. */
    private static final String OPEN = """
            select t.encounter_id from transition t where t.state = 'OPEN' and t.patient_id in (
              select $1::text union select unnest(r.former) from replaced_record r where r.replaced = $1::text)
            order by t.encounter_id""";

    private final FollowStay followStay;
    private final AssessRisk assessRisk;
    private final MoveReferences references;

    ReassessStays(FollowStay followStay, AssessRisk assessRisk, MoveReferences references) {
        this.followStay = followStay;
        this.assessRisk = assessRisk;
        this.references = references;
    }

    /**
     * Notes whose {@code moved} is now, and follows what that changes, in {@code unit}. What is told of an open stay is moved before it
     * is told anew, so that it is known whose it was.
     */
    public Uni<Void> handle(Encounter moved, UnitOfWork unit) {
        Optional<String> patient = Compartment.patientOf(moved);
        return followStay
                .moved(moved, unit)
                .chain(() -> unit.session().flush())
                .chain(() -> patient.isEmpty()
                        ? Uni.createFrom().voidItem()
                        : unit.sql(OPEN, patient.get())
                                .chain(stays -> InTurn.each(stays, stay -> reassess((String) stay[0], unit))));
    }

    private Uni<Void> reassess(String encounter, UnitOfWork unit) {
        return unit.find(Encounter.class, encounter)
                .chain(found -> found.isEmpty()
                        ? Uni.createFrom().voidItem()
                        : InTurn.each(assessRisk.keysOf(encounter), key -> references.move(key, unit))
                                .chain(() -> references.move(
                                        new ResourceKey("EpisodeOfCare", TransitionEpisode.idOf(encounter)), unit))
                                .chain(() -> followStay.handle(found.get(), Optional.empty(), true, unit)));
    }
}
