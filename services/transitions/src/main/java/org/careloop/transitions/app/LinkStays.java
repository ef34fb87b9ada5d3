package org.careloop.transitions.app;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.careloop.fhirstore.InTurn;
import org.careloop.fhirstore.UnitOfWork;
import org.careloop.transitions.domain.IndexStay;
import org.careloop.transitions.domain.Readmissions;
import org.careloop.transitions.domain.TransitionEpisode;
import org.careloop.transitions.store.StayLinks;
import org.hl7.fhir.r4.model.Encounter;

/**
 * Finds out what each stay of a patient follows from, and shows it in the episodes. Looks at all stays as they are now, so it may be
 * called for any of them, in any order and again.
 */
@Singleton
public class LinkStays {

    private final Readmissions readmissions;
    private final StayLinks links;
    private final ReckonMilestones reckonMilestones;

    LinkStays(Readmissions readmissions, StayLinks links, ReckonMilestones reckonMilestones) {
        this.readmissions = readmissions;
        this.links = links;
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
                        .chain(() -> InTurn.each(patients, patient -> link(patient, unit))));
    }

    private Uni<Void> link(String patientId, UnitOfWork unit) {
        return unit.search(Encounter.class, "patient=Patient/" + patientId)
                .map(readmissions::of)
                .chain(found -> links.ofPatient(patientId, unit)
                        .chain(known -> forget(patientId, found, known, unit)
                                .chain(() -> InTurn.each(new TreeSet<>(found.keySet()), encounter -> {
                                    Optional<IndexStay> index = found.getOrDefault(encounter, Optional.empty());
                                    return index.equals(known.get(encounter))
                                            ? Uni.createFrom().voidItem()
                                            : keep(encounter, patientId, index, unit);
                                }))));
    }

    private Uni<Void> forget(
            String patientId,
            Map<String, Optional<IndexStay>> found,
            Map<String, Optional<IndexStay>> known,
            UnitOfWork unit) {
        return InTurn.each(
                known.keySet().stream()
                        .filter(encounter -> !found.containsKey(encounter))
                        .sorted()
                        .toList(),
                encounter -> links.forget(encounter, patientId, unit));
    }

    private Uni<Void> keep(String encounterId, String patientId, Optional<IndexStay> index, UnitOfWork unit) {
        return links.keep(encounterId, patientId, index, unit)
                .invoke(() -> reckonMilestones.last(
                        TransitionEpisode.idOf(encounterId).value(), unit));
    }
}
