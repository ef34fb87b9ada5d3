package org.careloop.transitions.app;

import static org.careloop.transitions.TransitionsLog.LOG;

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

    /** So many are found at most by one search, and not all of them. */
    private static final int MOST = 1000;

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
        String stays = "patient=Patient/" + patient + "&class=" + String.join(",", readmissions.classes());
        return unit.search(Encounter.class, stays)
                .chain(found -> links.ofPatient(patient, unit).map(known -> {
                    if (found.size() >= MOST) {
                        // A part of the stays would link some to others than they follow from.
                        LOG.tooManyStays(patient, MOST);
                        return new Found(patient, List.of(), Map.of());
                    }
                    return found(patient, readmissions.of(found), known);
                }));
    }

    private static Found found(
            String patient, Map<String, Optional<IndexStay>> found, Map<String, Optional<IndexStay>> known) {
        Map<String, Optional<IndexStay>> changed = new TreeMap<>(found);
        changed.entrySet().removeIf(each -> each.getValue().equals(known.get(each.getKey())));
        List<String> gone = known.keySet().stream()
                .filter(encounter -> !found.containsKey(encounter))
                .sorted()
                .toList();
        return new Found(patient, gone, changed);
    }

    /** The transitions of all of them are locked at once, in the order of everybody. */
    private Uni<Void> show(List<Found> all, UnitOfWork unit) {
        List<String> encounters = all.stream()
                .flatMap(found -> Stream.concat(found.gone().stream(), found.changed().keySet().stream()))
                .distinct()
                .toList();
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
