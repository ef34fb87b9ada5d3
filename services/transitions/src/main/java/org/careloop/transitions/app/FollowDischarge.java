package org.careloop.transitions.app;

import static org.careloop.transitions.TransitionsLog.LOG;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import org.careloop.calleraccess.Caller;
import org.careloop.calleraccess.Interaction;
import org.careloop.eventcontracts.SharedTerms;
import org.careloop.fhirmodel.FhirId;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.fhirstore.InTurn;
import org.careloop.fhirstore.StoredResource;
import org.careloop.fhirstore.UnitOfWork;
import org.careloop.fhirstore.Write;
import org.careloop.fhirstore.WriteRule;
import org.careloop.transitions.TransitionsConfig;
import org.careloop.transitions.domain.Sites;
import org.careloop.transitions.domain.TransitionState;
import org.careloop.transitions.domain.document.TransitionDocument;
import org.careloop.transitions.store.TransitionDocuments;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.Composition;
import org.hl7.fhir.r4.model.Encounter;
import org.hl7.fhir.r4.model.Resource;

/**
 * Has a document made of each discharge, whoever tells of it, and anew when it is told otherwise; marks the documents of one that was
 * none as errors, in the transaction that takes it back.
 */
@Singleton
public class FollowDischarge implements WriteRule {

    private final TransitionDocuments documents;
    private final Sites sites;
    private final TransitionsConfig config;
    private final Clock clock;

    FollowDischarge(TransitionDocuments documents, Sites sites, TransitionsConfig config, Clock clock) {
        this.documents = documents;
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
        Encounter stay = (Encounter) write.next();
        String id = saved.key().id().value();
        boolean isDischarge = write.interaction() != Interaction.DELETE
                && sites.isStay(stay)
                && TransitionState.of(stay.getStatus()) == TransitionState.OPEN;
        return isDischarge
                ? documents.want(
                        id, facts(stay), clock.instant().plus(config.document().delay()), unit)
                : documents
                        .withdraw(id, unit)
                        .chain(was ->
                                was ? withdraw(id, unit) : Uni.createFrom().voidItem());
    }

    /** What a document would say otherwise if it changed; who is followed, and for how long, is not of it. */
    private static String facts(Encounter stay) {
        // A copy, because what it contains is referred to from within.
        Encounter facts = stay.copy();
        facts.setId((String) null);
        facts.setMeta(null);
        facts.setText(null);
        facts.setExtension(null);
        facts.setIdentifier(null).setStatusHistory(null).setClassHistory(null).setEpisodeOfCare(null);
        return FhirId.derivedFrom(new String(FhirJson.write(facts), StandardCharsets.UTF_8))
                .value();
    }

    private static Uni<Void> withdraw(String encounterId, UnitOfWork unit) {
        return unit.search(Composition.class, "encounter=Encounter/" + encounterId)
                .map(found -> found.stream()
                        .filter(each -> SharedTerms.TRANSITION_DOCUMENT_SYSTEM.equals(
                                each.getIdentifier().getSystem()))
                        .map(each -> each.getIdElement().getIdPart())
                        .sorted()
                        .toList())
                .chain(ids -> withdraw(encounterId, ids, unit));
    }

    private static Uni<Void> withdraw(String encounterId, List<String> ids, UnitOfWork unit) {
        return InTurn.each(
                        ids,
                        id -> unit.change(Caller.PLATFORM, Bundle.class, id, TransitionDocument::withdrawn)
                                .chain(() -> unit.change(
                                        Caller.PLATFORM, Composition.class, id, TransitionDocument::withdrawn)))
                .invoke(() -> LOG.documentsWithdrawn(encounterId, ids.size()));
    }
}
