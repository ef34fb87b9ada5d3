package org.careloop.transitions.app;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.careloop.fhirmodel.ResourceKey;
import org.careloop.fhirsearch.Compartment;
import org.careloop.fhirstore.InTurn;
import org.careloop.fhirstore.UnitOfWork;
import org.careloop.transitions.domain.SnapshotMerge.Details;
import org.careloop.transitions.store.StayFacts;
import org.careloop.transitions.store.TestsWithoutStay;
import org.careloop.transitions.store.Transitions;
import org.hl7.fhir.r4.model.Condition;
import org.hl7.fhir.r4.model.Encounter;
import org.hl7.fhir.r4.model.Observation;
import org.hl7.fhir.r4.model.Procedure;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Resource;

/** Tells the risk of a discharge anew when what it rests on changes; {@link FollowAwaitedFacts} does where the stay is told later. */
@Singleton
public class FollowFact {

    /**
     * Of one person: after a merge, and after its end, a stay and what was measured in it move each in their own time. Whose a stay is
     * that was moved is kept by the kernel.
     */
    private static final String OF_THAT_TIME = """
            with person as (
              select coalesce((select survivor from replaced_record where replaced = $1::text), $1::text) as id),
            names as (
              select id from person union select r.replaced from replaced_record r join person p on r.survivor = p.id
              union select unnest(r.stood) from replaced_record r join person p on p.id in (r.replaced, r.survivor))
            select t.encounter_id from transition t
            left join moved_reference m on m.type = 'Encounter' and m.id = t.encounter_id and '/subject' = any(m.pointers)
            left join replaced_record r on r.replaced = coalesce(m.replaced, t.patient_id)
            where t.patient_id in (select id from names)
              and coalesce(r.survivor, m.replaced, t.patient_id) = (select id from person)
              and t.admitted <= $2 and (t.discharged is null or t.discharged >= $2)""";

    private final StayFacts facts;
    private final TestsWithoutStay tests;
    private final Transitions transitions;
    private final FollowStay followStay;

    FollowFact(StayFacts facts, TestsWithoutStay tests, Transitions transitions, FollowStay followStay) {
        this.facts = facts;
        this.tests = tests;
        this.transitions = transitions;
        this.followStay = followStay;
    }

    /** Keeps {@code fact}, if it is of a stay or may be, and follows what it changes. */
    public Uni<Void> handle(Resource fact, UnitOfWork unit) {
        return stays(fact, unit)
                .chain(stays -> InTurn.map(stays, stay -> facts.knows(stay, fact, unit))
                        .map(known -> changed(stays, known))
                        .chain(changed -> follow(fact, stays, changed, unit)));
    }

    private static List<String> changed(List<String> stays, List<Boolean> known) {
        List<String> changed = new ArrayList<>();
        for (int each = 0; each < stays.size(); each++) {
            if (!known.get(each)) {
                changed.add(stays.get(each));
            }
        }
        return changed;
    }

    /** The stay that it names; of a test that names none, those that the patient was in then. */
    private Uni<List<String>> stays(Resource fact, UnitOfWork unit) {
        Reference named = switch (fact) {
            case Condition condition -> condition.getEncounter();
            case Procedure procedure -> procedure.getEncounter();
            case Observation test -> test.getEncounter();
            default -> new Reference();
        };
        Optional<String> stay = ResourceKey.parse(String.valueOf(named.getReference()))
                .map(key -> key.id().value());
        Optional<String> patient = Compartment.patientOf(fact);
        if (stay.isEmpty()
                && patient.isPresent()
                && fact instanceof Observation test
                && test.hasEffectiveDateTimeType()) {
            return ofThatTime(
                    test,
                    patient.get(),
                    test.getEffectiveDateTimeType().getValue().toInstant(),
                    unit);
        }
        return tests.forget(referenceTo(fact), unit)
                .chain(() -> stay.map(id -> facts.aloneOf(id, unit))
                        .orElseGet(() -> Uni.createFrom().voidItem()))
                .replaceWith(stay.stream().toList());
    }

    private Uni<List<String>> ofThatTime(Observation test, String patient, Instant at, UnitOfWork unit) {
        return tests.aloneOf(patient, unit)
                .chain(() -> tests.keep(test, patient, at, unit))
                .chain(() -> unit.session().flush())
                .chain(() -> unit.sql(OF_THAT_TIME, patient, at.atOffset(ZoneOffset.UTC)))
                .map(rows -> rows.stream().map(row -> (String) row[0]).toList());
    }

    /** Forgets {@code fact}, and follows what that changes. */
    public Uni<Void> gone(ResourceKey fact, UnitOfWork unit) {
        return tests.forget(fact.reference(), unit)
                .chain(() -> facts.stays(fact.reference(), unit))
                .chain(stays -> follow(stays, () -> facts.forget(fact.reference(), List.of(), unit), unit));
    }

    private Uni<Void> follow(Resource fact, List<String> stays, List<String> changed, UnitOfWork unit) {
        String reference = referenceTo(fact);
        return facts.stays(reference, unit).chain(before -> {
            Set<String> left = new HashSet<>(before);
            stays.forEach(left::remove);
            left.addAll(changed);
            return follow(
                    left,
                    () -> InTurn.each(
                                    changed,
                                    stay -> facts.keep(stay, List.of(fact), Details.REPLACE, unit)
                                            .chain(() -> facts.await(stay, unit)))
                            .chain(() -> facts.forget(reference, stays, unit)),
                    unit);
        });
    }

    /** The Encounters are locked first, as whoever writes one does, then the transitions, all of them; each in one order. */
    private Uni<Void> follow(Collection<String> stays, Supplier<Uni<Void>> change, UnitOfWork unit) {
        return InTurn.map(new TreeSet<>(stays), stay -> unit.find(Encounter.class, stay))
                .call(() -> stays.isEmpty() ? Uni.createFrom().voidItem() : transitions.lockAll(Set.of(), stays, unit))
                .call(change::get)
                .chain(found -> InTurn.each(
                        found.stream().flatMap(Optional::stream).toList(),
                        stay -> followStay.handle(stay, Optional.empty(), true, unit)));
    }

    private static String referenceTo(Resource fact) {
        return fact.fhirType() + "/" + fact.getIdElement().getIdPart();
    }
}
