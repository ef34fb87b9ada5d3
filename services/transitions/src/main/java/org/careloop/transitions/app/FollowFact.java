package org.careloop.transitions.app;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.careloop.fhirmodel.ResourceKey;
import org.careloop.fhirsearch.Compartment;
import org.careloop.fhirstore.InTurn;
import org.careloop.fhirstore.UnitOfWork;
import org.careloop.transitions.domain.SnapshotMerge.Details;
import org.careloop.transitions.store.StayFacts;
import org.hl7.fhir.r4.model.Condition;
import org.hl7.fhir.r4.model.Encounter;
import org.hl7.fhir.r4.model.Observation;
import org.hl7.fhir.r4.model.Procedure;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Resource;

/** Tells the risk of a discharge anew when what it rests on changes. */
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
    private final FollowStay followStay;

    FollowFact(StayFacts facts, FollowStay followStay) {
        this.facts = facts;
        this.followStay = followStay;
    }

    /** Keeps {@code fact}, if it is of a stay, and follows what it changes. */
    public Uni<Void> handle(Resource fact, UnitOfWork unit) {
        String reference = fact.fhirType() + "/" + fact.getIdElement().getIdPart();
        return stays(fact, unit)
                .call(stays -> InTurn.each(stays, stay -> learn(stay, fact, unit)))
                .chain(stays -> facts.forget(reference, stays, unit))
                .chain(left -> InTurn.each(
                        left, stay -> follow(stay, () -> Uni.createFrom().voidItem(), unit)));
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
        if (stay.isPresent() || !(fact instanceof Observation test) || !test.hasEffectiveDateTimeType()) {
            return Uni.createFrom().item(stay.stream().toList());
        }
        Optional<String> patient = Compartment.patientOf(fact);
        return patient.isEmpty()
                ? Uni.createFrom().item(List.of())
                : unit.session()
                        .flush()
                        .chain(() -> unit.sql(
                                OF_THAT_TIME,
                                patient.get(),
                                test.getEffectiveDateTimeType()
                                        .getValue()
                                        .toInstant()
                                        .atOffset(ZoneOffset.UTC)))
                        .map(rows -> rows.stream().map(row -> (String) row[0]).toList());
    }

    /** Forgets {@code fact}, and follows what that changes. */
    public Uni<Void> gone(ResourceKey fact, UnitOfWork unit) {
        return facts.forget(fact.reference(), List.of(), unit)
                .chain(stays -> InTurn.each(
                        stays, stay -> follow(stay, () -> Uni.createFrom().voidItem(), unit)));
    }

    /** The Encounter is locked first, as whoever writes it does. */
    private Uni<Void> learn(String stay, Resource fact, UnitOfWork unit) {
        return facts.knows(stay, fact, unit)
                .chain(known -> known
                        ? Uni.createFrom().voidItem()
                        : follow(stay, () -> facts.keep(stay, List.of(fact), Details.REPLACE, unit), unit));
    }

    private Uni<Void> follow(String stay, Supplier<Uni<Void>> before, UnitOfWork unit) {
        return unit.find(Encounter.class, stay)
                .call(before::get)
                .chain(found -> found.isEmpty()
                        ? Uni.createFrom().voidItem()
                        : followStay.handle(found.get(), Optional.empty(), true, unit));
    }
}
