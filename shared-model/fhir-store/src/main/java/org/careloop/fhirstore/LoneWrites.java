package org.careloop.fhirstore;

import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.careloop.audittrail.AuditedRequest;
import org.careloop.calleraccess.AccessPolicy;
import org.careloop.calleraccess.Caller;
import org.careloop.calleraccess.ConsentRules;
import org.careloop.calleraccess.Interaction;
import org.careloop.fhirmodel.ETag;
import org.careloop.fhirmodel.ResourceKey;
import org.careloop.fhirsearch.CombinedIndex;
import org.careloop.fhirsearch.Compartment;
import org.careloop.fhirsearch.Condition;
import org.careloop.fhirstore.internal.ResourceReads;
import org.careloop.fhirstore.internal.ResourceWrites;
import org.careloop.fhirstore.internal.ResourceWrites.Given;
import org.careloop.fhirstore.internal.SqlRunner;
import org.hl7.fhir.r4.model.Resource;

/**
 * Writes of one resource of which nothing follows: one statement without a transaction around it. What was judged was read
 * without a lock, so the statement writes only if that is still current; else all is done again.
 *
 * <p>Every method is empty for what takes a {@link UnitOfWork}: because rules look further, or others write all the time.
 */
final class LoneWrites {

    private static final int TRIES = 3;

    private final SqlRunner sql;
    private final ResourceReads reads;
    private final ResourceWrites writes;
    private final Set<String> types;
    private final Map<String, List<WriteRule>> rules;
    private final ConsentRules consent;
    private final AccessPolicy policy;
    private final Optional<OtherHolders> others;

    LoneWrites(
            SqlRunner sql,
            Set<String> types,
            List<CombinedIndex> combined,
            Map<String, List<WriteRule>> rules,
            ConsentRules consent,
            AccessPolicy policy,
            Optional<OtherHolders> others,
            boolean audited) {
        this.sql = sql;
        this.reads = ResourceReads.within(sql, types);
        this.writes = new ResourceWrites(sql, combined, audited);
        this.types = types;
        this.rules = rules;
        this.consent = consent;
        this.policy = policy;
        this.others = others;
    }

    /** As {@link UnitOfWork#create}, of a record that fulfils {@code access}; empty also when it does not. */
    Uni<Optional<StoredResource>> create(Caller caller, Condition access, Resource resource) {
        HeldTypes.require(resource.fhirType(), types);
        consent.label(resource);
        Write write = Write.toCreate(caller, resource);
        Optional<ReferenceTargets> targets = targets();
        return judged(write, targets)
                .map(next -> {
                    openRecord(targets, access, next);
                    return where(targets, here -> writes.create(next, write, new Given(here, access)));
                })
                .orElseGet(LoneWrites::none);
    }

    /** The statement itself lets nobody into a record that is shut. */
    private static void openRecord(Optional<ReferenceTargets> targets, Condition access, Resource next) {
        if (!access.equals(Condition.EVERYTHING)) {
            Compartment.patientOf(next)
                    .ifPresent(patient -> targets.ifPresent(known -> known.open(Compartment.patient(patient))));
        }
    }

    /** As {@link UnitOfWork#update} of what has the id of {@code next} and fulfils {@code access}; empty also when nothing does. */
    Uni<Optional<StoredResource>> update(Caller caller, Condition access, Resource next, Optional<ETag> ifMatch) {
        HeldTypes.require(next.fhirType(), types);
        consent.label(next);
        return update(caller, access, next, ifMatch, TRIES);
    }

    private Uni<Optional<StoredResource>> update(
            Caller caller, Condition access, Resource next, Optional<ETag> ifMatch, int tries) {
        ResourceKey key = ResourceKey.of(next.fhirType(), next.getIdElement().getIdPart());
        return reads.find(key, access)
                .chain(found -> found.filter(current -> !current.deleted())
                        .map(current -> replace(caller, access, current, next, ifMatch))
                        .orElseGet(() -> Uni.createFrom().item(Outcome.NOT_ALONE)))
                .chain(outcome -> outcome.overtaken() && tries > 1
                        ? update(caller, access, next, ifMatch, tries - 1)
                        : Uni.createFrom().item(outcome.saved()));
    }

    private Uni<Outcome> replace(
            Caller caller, Condition access, StoredResource current, Resource next, Optional<ETag> ifMatch) {
        SecurityLabels.keep(caller, current, next);
        return Replacement.of(current, next, ifMatch, rules.containsKey(next.fhirType()))
                .chain(replacement -> replacement.same()
                        ? Uni.createFrom().item(Outcome.of(current))
                        : replace(
                                new Write(
                                        Interaction.UPDATE,
                                        caller,
                                        replacement.previous(),
                                        next,
                                        current.author(),
                                        ifMatch.isPresent()),
                                access,
                                current));
    }

    private Uni<Outcome> replace(Write write, Condition access, StoredResource current) {
        Optional<ReferenceTargets> targets = targets();
        return judged(write, targets)
                .map(next -> {
                    openRecord(targets, access, next);
                    return where(targets, here -> writes.update(next, current, write.caller(), new Given(here, access)))
                            .chain(saved -> saved.isPresent()
                                    ? Uni.createFrom().item(Outcome.of(saved.get()))
                                    : mayBeOvertaken(targets, current, next)
                                            .map(may -> may ? Outcome.OVERTAKEN : Outcome.NOT_ALONE));
                })
                .orElseGet(() -> Uni.createFrom().item(Outcome.NOT_ALONE));
    }

    /** What goes into another record is not tried again: if that is shut, it would take longer than if it were not there. */
    private static Uni<Boolean> mayBeOvertaken(
            Optional<ReferenceTargets> targets, StoredResource current, Resource next) {
        boolean stays = Compartment.patientOf(next).equals(current.patient());
        return targets.filter(known -> stays)
                .map(ReferenceTargets::areHere)
                .orElseGet(() -> Uni.createFrom().item(stays || targets.isEmpty()));
    }

    /** @param overtaken whether another write came between, so that the same may be tried again */
    private record Outcome(Optional<StoredResource> saved, boolean overtaken) {

        static final Outcome NOT_ALONE = new Outcome(Optional.empty(), false);
        static final Outcome OVERTAKEN = new Outcome(Optional.empty(), true);

        static Outcome of(StoredResource saved) {
            return new Outcome(Optional.of(saved), false);
        }
    }

    private Optional<ReferenceTargets> targets() {
        return others.map(holders -> new ReferenceTargets(reads, types, policy, holders));
    }

    /** Empty when a rule looks further than at the write. */
    private Optional<Resource> judged(Write write, Optional<ReferenceTargets> targets) {
        write.checkStructure(targets);
        Optional<Resource> judged = Optional.of(write.next());
        for (WriteRule rule : rules.getOrDefault(write.next().fhirType(), List.of())) {
            judged = judged.flatMap(next -> rule.checkAlone(write.of(next)));
        }
        return judged;
    }

    /**
     * Runs {@code write} with the keys of what has to be here. When it writes nothing, a unit tells why: what is hidden must not
     * be refused earlier, or otherwise, than what is not there.
     */
    private static Uni<Optional<StoredResource>> where(
            Optional<ReferenceTargets> targets,
            Function<Map<Condition, Set<Long>>, Uni<Optional<StoredResource>>> write) {
        Optional<AuditedRequest> request = AuditedRequest.current();
        return targets.map(known -> known.areElsewhere().chain(there -> there ? write.apply(known.here()) : none()))
                .orElseGet(() -> write.apply(Map.of()))
                .invoke(saved -> {
                    if (saved.isPresent()) {
                        request.ifPresent(AuditedRequest::hasWritten);
                    }
                });
    }

    private static Uni<Optional<StoredResource>> none() {
        return Uni.createFrom().item(Optional.empty());
    }
}
