package org.careloop.careplans;

import static org.assertj.core.api.Assertions.assertThatCode;

import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import jakarta.inject.Inject;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import org.careloop.careplans.app.FollowDocument;
import org.careloop.careplans.app.FollowPartner;
import org.careloop.eventflow.LeaderLoop;
import org.careloop.fhirstore.ResourceStore;
import org.careloop.fhirstore.UnitOfWork;
import org.hl7.fhir.r4.model.Composition;
import org.hl7.fhir.r4.model.Composition.CompositionStatus;
import org.hl7.fhir.r4.model.Practitioner;
import org.hl7.fhir.r4.model.PractitionerRole;
import org.hl7.fhir.r4.model.Reference;
import org.junit.jupiter.api.Test;

/** Units that are told of several patients, or practitioners, each. */
@QuarkusTest
class UnitsInTurnApiTest {

    @Inject
    ResourceStore store;

    @Inject
    FollowDocument followDocument;

    @Inject
    FollowPartner followPartner;

    private final CompletableFuture<Void> one = new CompletableFuture<>();
    private final CompletableFuture<Void> other = new CompletableFuture<>();

    @Test
    void twoThatAreToldOfTheSamePatientsInAnotherOrderDoNotBlockEachOther() {
        // Given
        DischargeScene ada = DischargeScene.fresh();
        DischargeScene ben = DischargeScene.fresh();
        // When each was told of its first patient before any is told of its second
        inTurn(
                unit -> followDocument.handle(document(ada, "a"), 1, false, unit),
                unit -> followDocument.handle(document(ben, "b"), 1, false, unit),
                unit -> followDocument.handle(document(ben, "c"), 1, false, unit),
                unit -> followDocument.handle(document(ada, "d"), 1, false, unit));
    }

    @Test
    void norDoTwoThatAreToldOfTheSamePractitioners() {
        // Given
        String one = UUID.randomUUID().toString();
        String two = UUID.randomUUID().toString();
        // When each was told of its first practitioner before any is told of its second
        inTurn(
                unit -> followPartner.handle(role(one), 1, false, unit),
                unit -> followPartner.handle(role(two), 1, false, unit),
                unit -> followPartner.handle(practitioner(two), 1, false, unit),
                unit -> followPartner.handle(practitioner(one), 1, false, unit));
    }

    /** Does the first two in one unit and the others in another at the same time; neither does its second before both did their first. */
    @SafeVarargs
    private void inTurn(Function<UnitOfWork, Uni<Void>>... works) {
        try (ExecutorService pool = Executors.newFixedThreadPool(2)) {
            List<Future<?>> units = List.of(
                    pool.submit(() -> inUnit(works[0], works[1], one)),
                    pool.submit(() -> inUnit(works[2], works[3], other)));
            // Then
            units.forEach(unit -> assertThatCode(unit::get).doesNotThrowAnyException());
        }
    }

    private Void inUnit(
            Function<UnitOfWork, Uni<Void>> first,
            Function<UnitOfWork, Uni<Void>> second,
            CompletableFuture<Void> reached)
            throws Exception {
        return LeaderLoop.await(() -> store.inUnit(
                unit -> first.apply(unit).chain(() -> meet(reached)).chain(() -> second.apply(unit))));
    }

    private Uni<Void> meet(CompletableFuture<Void> reached) {
        Context context = Vertx.currentContext();
        reached.complete(null);
        return Uni.createFrom()
                .completionStage(CompletableFuture.allOf(one, other))
                .emitOn(step -> context.runOnContext(ignored -> step.run()));
    }

    private static Composition document(DischargeScene scene, String mark) {
        Composition document = scene.resource("transition-document-final", Composition.class);
        document.setStatus(CompositionStatus.FINAL).setId(mark + scene.stay());
        return document;
    }

    private static PractitionerRole role(String practitioner) {
        PractitionerRole role = new PractitionerRole()
                .setPractitioner(new Reference("Practitioner/" + practitioner))
                .setOrganization(new Reference("Organization/home"));
        role.setId("role-" + practitioner);
        return role;
    }

    private static Practitioner practitioner(String id) {
        Practitioner practitioner = new Practitioner();
        practitioner.setId(id);
        return practitioner;
    }
}
