package org.careloop.transitions.app;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.careloop.fhirstore.InTurn;
import org.careloop.fhirstore.UnitOfWork;
import org.careloop.transitions.domain.IndexStay;
import org.careloop.transitions.domain.Readmissions;
import org.careloop.transitions.store.StayLinks;
import org.careloop.transitions.store.Transitions;
import org.hl7.fhir.r4.model.Encounter;

/**
 * Finds out what each stay of a patient follows from, and shows it in the episodes. Looks at all stays as they are now, so it may be
 * called for any of them, in any order and again.
 */
@Singleton
public class LinkStays {

    private final Readmissions readmissions;
    private final StayLinks links;
    private final Transitions transitions;
    private final ReckonMilestones reckonMilestones;

    LinkStays(Readmissions readmissions, StayLinks links, Transitions transitions, ReckonMilestones reckonMilestones) {
        this.readmissions = readmissions;
        this.links = links;
        this.transitions = transitions;
        this.reckonMilestones = reckonMilestones;
    }

    /**
     * Looks at the stays of whose the encounter is now, and of whose it was before.
     *
     * @param patientId empty when the encounter is gone
     */
    public Uni<Void> handle(String encounterId, Optional<String> patientId, UnitOfWork unit) {
        return links.patientOf(encounterId, unit)
                // In one order, because each of them is held until the end.
                .map(former -> new TreeSet<>(
                        Stream.concat(former.stream(), patientId.stream()).toList()))
                .chain(patients -> InTurn.each(
                                patients, patient -> unit.serialize("Encounter", "index-stay-of=" + patient))
                        .chain(() -> InTurn.map(List.copyOf(patients), patient -> look(patient, unit))))
                .chain(all -> show(all, unit));
    }

    /**
     * What was found out of the stays of a patient.
     *
     * @param gone those that are theirs no more
     * @param changed those of which it is something else than before, with what it is now
     */
    private record Found(String patient, List<String> gone, Map<String, Optional<IndexStay>> changed) {}

    private Uni<Found> look(String patient, UnitOfWork unit) {
        return unit.search(Encounter.class, "patient=Patient/" + patient)
                .map(readmissions::of)
                .chain(found -> links.ofPatient(patient, unit).map(known -> {
                    Map<String, Optional<IndexStay>> changed = new TreeMap<>(found);
                    changed.entrySet().removeIf(each -> each.getValue().equals(known.get(each.getKey())));
                    List<String> gone = known.keySet().stream()
                            .filter(encounter -> !found.containsKey(encounter))
                            .sorted()
                            .toList();
                    return new Found(patient, gone, changed);
                }));
    }

    /** The transitions of all of them are locked at once, in the order of everybody. */
    private Uni<Void> show(List<Found> all, UnitOfWork unit) {
        List<String> encounters =
                all.stream().flatMap(found -> found.changed().keySet().stream()).toList();
        return transitions
                .lockAll(List.of(), encounters, unit)
                .chain(locked -> InTurn.each(all, found -> keep(found, unit))
                        .invoke(() ->
                                locked.forEach(transition -> reckonMilestones.last(transition.episodeId(), unit))));
    }

    private Uni<Void> keep(Found found, UnitOfWork unit) {
        return InTurn.each(found.gone(), encounter -> links.forget(encounter, found.patient(), unit))
                .chain(() -> InTurn.each(
                        found.changed().entrySet(),
                        each -> links.keep(each.getKey(), found.patient(), each.getValue(), unit)));
    }
}
