package org.careloop.transitions.app;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import org.careloop.calleraccess.Interaction;
import org.careloop.fhirmodel.FhirId;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.fhirsearch.Compartment;
import org.careloop.fhirstore.StoredResource;
import org.careloop.fhirstore.UnitOfWork;
import org.careloop.fhirstore.Write;
import org.careloop.fhirstore.WriteRule;
import org.careloop.transitions.TransitionsConfig;
import org.careloop.transitions.domain.Sites;
import org.careloop.transitions.domain.TransitionState;
import org.careloop.transitions.store.TransitionDocuments;
import org.hl7.fhir.r4.model.Encounter;
import org.hl7.fhir.r4.model.Meta;
import org.hl7.fhir.r4.model.Resource;

/**
 * Has a document made of each discharge, whoever tells of it, and anew when it is told otherwise; marks the documents of one that was
 * none as errors, in the transaction that takes it back.
 */
@Singleton
public class FollowDischarge implements WriteRule {

    private static final String TOLD_APART =
            "select 1 from replaced_record where replaced = $1 and survivor is null and stood <> '{}'";

    private final TransitionDocuments documents;
    private final WithdrawDocuments withdrawDocuments;
    private final Sites sites;
    private final TransitionsConfig config;
    private final Clock clock;

    FollowDischarge(
            TransitionDocuments documents,
            WithdrawDocuments withdrawDocuments,
            Sites sites,
            TransitionsConfig config,
            Clock clock) {
        this.documents = documents;
        this.withdrawDocuments = withdrawDocuments;
        this.sites = sites;
        this.config = config;
        this.clock = clock;
    }

    @Override
    public String type() {
        return "Encounter";
    }

    @Override
    public Uni<Resource> check(Write write, UnitOfWork unit) {
        return Uni.createFrom().item(write.next());
    }

    @Override
    public Uni<Void> follow(Write write, StoredResource saved, UnitOfWork unit) {
        return follow(
                saved.key().id().value(), (Encounter) write.next(), write.interaction() != Interaction.DELETE, unit);
    }

    /** Whose stay it is, is of what a document says. What was made while two were one may be of both, so it is withdrawn. */
    @Override
    public Uni<Void> moved(Resource moved, StoredResource saved, UnitOfWork unit) {
        String id = saved.key().id().value();
        return unit.sql(TOLD_APART, Compartment.patientOf(moved).orElse(""))
                .invoke(apart -> {
                    if (!apart.isEmpty()) {
                        DocumentTurn.APART.last(id, () -> withdraw(id, unit), unit);
                    }
                })
                .chain(() -> follow(id, (Encounter) moved, true, unit));
    }

    private Uni<Void> withdraw(String id, UnitOfWork unit) {
        return documents.withdraw(id, unit).chain(number -> withdrawDocuments.handle(id, number, unit));
    }

    private Uni<Void> follow(String id, Encounter stay, boolean isThere, UnitOfWork unit) {
        boolean isDischarge =
                isThere && sites.isStay(stay) && TransitionState.of(stay.getStatus()) == TransitionState.OPEN;
        Instant at = clock.instant().plus(config.document().delay());
        // The facts are of the stay as it is written now.
        Optional<String> facts = isDischarge ? Optional.of(facts(stay)) : Optional.empty();
        DocumentTurn.TOLD.last(
                id,
                () -> facts.map(told -> documents.want(id, told, at, unit)).orElseGet(() -> withdraw(id, unit)),
                unit);
        return Uni.createFrom().voidItem();
    }

    /** What a document would say otherwise if it changed; who is followed, and for how long, is not of it. */
    private static String facts(Encounter stay) {
        // A copy, because what it contains is referred to from within.
        Encounter facts = stay.copy();
        facts.setId((String) null);
        facts.setMeta(new Meta().setSecurity(facts.getMeta().getSecurity()));
        facts.setText(null);
        facts.setExtension(null);
        facts.setIdentifier(null).setStatusHistory(null).setClassHistory(null).setEpisodeOfCare(null);
        return FhirId.derivedFrom(new String(FhirJson.write(facts), StandardCharsets.UTF_8))
                .value();
    }
}
