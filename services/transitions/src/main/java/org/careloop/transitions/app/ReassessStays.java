package org.careloop.transitions.app;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.careloop.fhirmodel.ResourceKey;
import org.careloop.fhirsearch.Compartment;
import org.careloop.fhirstore.InTurn;
import org.careloop.fhirstore.MoveReferences;
import org.careloop.fhirstore.UnitOfWork;
import org.careloop.transitions.domain.TransitionState;
import org.careloop.transitions.store.Transition;
import org.careloop.transitions.store.Transitions;
import org.hl7.fhir.r4.model.Encounter;

/**
 * Tells the risk of discharges anew when a stay turns out to be another patient's: the risk of one stay rests on the stays before it,
 * and these are now more, or fewer.
 */
@Singleton
public class ReassessStays {

    /**
     * Whose stays may rest on it: of who has it, and of all who may have had it before. What could not be moved at once is moved when
     * {@code former} is told no more, so {@code stood} is asked, which is kept.
     */
    private static final String CONCERNED = """
            select $1::text
            union select unnest(r.stood) from replaced_record r where r.replaced = $1::text
            union select unnest(array_append(r.stood, r.replaced)) from moved_reference m
              join replaced_record r on r.replaced = m.replaced where m.type = 'Encounter' and m.id = $2::text""";

    private final FollowStay followStay;
    private final AssessRisk assessRisk;
    private final MoveReferences references;
    private final Transitions transitions;

    ReassessStays(FollowStay followStay, AssessRisk assessRisk, MoveReferences references, Transitions transitions) {
        this.followStay = followStay;
        this.assessRisk = assessRisk;
        this.references = references;
        this.transitions = transitions;
    }

    /**
     * Notes whose {@code moved} is now, and follows what that changes, in {@code unit}. What is told of an open stay is moved before it
     * is told anew, so that it is known whose it was.
     */
    public Uni<Void> handle(Encounter moved, UnitOfWork unit) {
        String encounter = moved.getIdElement().getIdPart();
        return concerned(moved, encounter, unit)
                // All of them before anything else, in the order of everybody.
                .chain(patients -> transitions.lockAll(patients, Set.of(encounter), unit))
                .call(() -> followStay.moved(moved, unit))
                .call(() -> unit.session().flush())
                .map(ReassessStays::open)
                .chain(open -> InTurn.each(open, transition -> reassess(transition, unit)));
    }

    private static Uni<Set<String>> concerned(Encounter moved, String encounter, UnitOfWork unit) {
        Optional<String> patient = Compartment.patientOf(moved);
        return patient.isEmpty()
                ? Uni.createFrom().item(Set.of())
                : unit.sql(CONCERNED, patient.get(), encounter)
                        .map(rows -> rows.stream().map(row -> (String) row[0]).collect(Collectors.toSet()));
    }

    private static List<Transition> open(List<Transition> locked) {
        return locked.stream()
                .filter(each -> each.state() == TransitionState.OPEN)
                .toList();
    }

    /**
     * The Encounter is read and not locked, because whoever writes one has it before its transition: who does so now waits for the
     * transition, and tells the stay anew afterwards.
     */
    private Uni<Void> reassess(Transition transition, UnitOfWork unit) {
        return unit.search(Encounter.class, "_id=" + transition.encounterId())
                .chain(found -> found.isEmpty()
                        ? Uni.createFrom().voidItem()
                        : InTurn.each(assessRisk.keysOf(transition.encounterId()), key -> references.move(key, unit))
                                .chain(() ->
                                        references.move(ResourceKey.of("EpisodeOfCare", transition.episodeId()), unit))
                                .chain(() -> followStay.handle(found.getFirst(), Optional.empty(), true, unit)));
    }
}
