package org.careloop.transitions.store;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.careloop.fhirmodel.ResourceKey;
import org.careloop.fhirstore.UnitOfWork;
import org.careloop.transitions.domain.Evidence;
import org.careloop.transitions.domain.EvidenceRules;
import org.careloop.transitions.domain.FoundEvidence;

/** What shows that something was done for patients, as it was told last. */
@Singleton
public class Evidences {

    /**
     * For whose transitions something is known now that was not, or no more.
     *
     * @param patients ids
     * @param encounters ids of stays
     */
    public record Touched(Set<String> patients, Set<String> encounters) {

        /** Whether nothing has changed. */
        public boolean isEmpty() {
            return patients.isEmpty() && encounters.isEmpty();
        }
    }

    /** What was done in a stay was not done after one: the record of others is what is asked for. */
    private static final String AFTER_STAYS = """
            \sand (during is null or not exists (from Transition t where t.encounterId = during
             and t.state <> org.careloop.transitions.domain.TransitionState.RETRACTED)) order by id""";

    Evidences() {}

    /** Returns what counts for a stay by its name, or for its patient by its time. */
    public Uni<List<Evidence>> of(Transition transition, UnitOfWork unit) {
        return unit.session()
                .createSelectionQuery("""
                        from EvidenceRecord where withdrawn is null and patientId = :patient
                        and (encounterId = :encounter or encounterId is null)""" + AFTER_STAYS, EvidenceRecord.class)
                .setParameter("encounter", transition.encounterId())
                .setParameter("patient", transition.patientId())
                .getResultList()
                .map(rows -> rows.stream().map(EvidenceRecord::evidence).toList());
    }

    /** Returns all evidence of {@code patients}, ids, by whose it is. */
    public Uni<Map<String, List<EvidenceRecord>>> of(Collection<String> patients, UnitOfWork unit) {
        return patients.isEmpty()
                ? Uni.createFrom().item(Map.of())
                : unit.session()
                        .createSelectionQuery(
                                "from EvidenceRecord where withdrawn is null and patientId in :patients" + AFTER_STAYS,
                                EvidenceRecord.class)
                        .setParameter("patients", List.copyOf(patients))
                        .getResultList()
                        .map(rows -> rows.stream().collect(Collectors.groupingBy(EvidenceRecord::patientId)));
    }

    /** Returns those of {@code resources} that show something now. */
    public Uni<Set<ResourceKey>> known(Collection<ResourceKey> resources, UnitOfWork unit) {
        return resources.isEmpty()
                ? Uni.createFrom().item(Set.of())
                : unit.sql(
                                "select distinct reference from transition_evidence"
                                        + " where reference = any($1) and withdrawn is null",
                                (Object) resources.stream()
                                        .map(ResourceKey::reference)
                                        .toArray(String[]::new))
                        .map(rows -> rows.stream()
                                .flatMap(row -> ResourceKey.parse((String) row[0]).stream())
                                .collect(Collectors.toSet()));
    }

    /** Notes what names one of {@code encounters}, ids, as waiting for it, unless it is there. */
    public Uni<Void> await(Collection<String> encounters, UnitOfWork unit) {
        return unit.sql(
                        "update transition_evidence e set awaits_stay = now() where encounter_id = any($1)"
                                + " and awaits_stay is null and not exists (select from resource r"
                                + " where r.type = 'Encounter' and r.id = e.encounter_id and not r.deleted)",
                        (Object) encounters.toArray(String[]::new))
                .replaceWithVoid();
    }

    /** Notes that the encounter is there. */
    public Uni<Void> placed(String encounterId, UnitOfWork unit) {
        return unit.sql(
                        "update transition_evidence set awaits_stay = null where encounter_id = $1"
                                + " and awaits_stay is not null",
                        encounterId)
                .replaceWithVoid();
    }

    /** Keeps that what was told by messages of a stay is of {@code patient}; both are ids. */
    public Uni<Void> moved(String encounter, String patient, UnitOfWork unit) {
        return unit.sql(
                        "update transition_evidence set patient_id = $1 where encounter_id = $2 and kind = $3",
                        patient,
                        encounter,
                        EvidenceRules.PREADMISSION)
                .replaceWithVoid();
    }

    /**
     * Keeps that the resource of {@code told} shows {@code found}, all of it, and takes back what it showed before and no more. It
     * is the newest version, see {@link ToldVersions}.
     */
    public Uni<Touched> replace(EvidenceRecord.Telling told, List<FoundEvidence> found, Instant now, UnitOfWork unit) {
        return unit.session()
                .createSelectionQuery("from EvidenceRecord where reference = :reference", EvidenceRecord.class)
                .setParameter("reference", told.reference())
                .getResultList()
                .chain(rows -> replace(rows, told, found, now, unit));
    }

    private Uni<Touched> replace(
            List<EvidenceRecord> rows,
            EvidenceRecord.Telling told,
            List<FoundEvidence> found,
            Instant now,
            UnitOfWork unit) {
        Touched touched = new Touched(new HashSet<>(), new HashSet<>());
        List<FoundEvidence> added = new ArrayList<>(found);
        for (EvidenceRecord row : rows) {
            if (row.isWithdrawn()) {
                continue;
            }
            Optional<FoundEvidence> same = added.stream().filter(row::isOf).findFirst();
            if (same.isEmpty()) {
                row.withdraw(now);
                touch(touched, row);
                continue;
            }
            added.remove(same.get());
            String before = row.patientId();
            if (row.confirm(same.get(), told.version())) {
                touched.patients().add(before);
                touched.patients().add(row.patientId());
            }
        }
        List<EvidenceRecord> fresh =
                added.stream().map(each -> new EvidenceRecord(each, told)).toList();
        fresh.forEach(row -> touch(touched, row));
        return unit.session()
                .persistAll(fresh.toArray())
                .chain(() -> unit.session().flush())
                .chain(() -> touched.encounters().isEmpty()
                        ? Uni.createFrom().voidItem()
                        : await(touched.encounters(), unit))
                .replaceWith(touched);
    }

    private static void touch(Touched touched, EvidenceRecord row) {
        row.encounterId()
                .ifPresentOrElse(
                        touched.encounters()::add, () -> touched.patients().add(row.patientId()));
    }
}
