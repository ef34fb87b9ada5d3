package org.careloop.careplans;

import static org.assertj.core.api.Assertions.assertThatCode;

import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import jakarta.inject.Inject;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.careloop.careplans.app.FollowDocument;
import org.careloop.eventflow.LeaderLoop;
import org.careloop.fhirstore.ResourceStore;
import org.careloop.fhirstore.UnitOfWork;
import org.hl7.fhir.r4.model.Composition;
import org.hl7.fhir.r4.model.Composition.CompositionStatus;
import org.junit.jupiter.api.Test;

/** Units that are told of several patients each. */
@QuarkusTest
class UnitsInTurnApiTest {

    @Inject
    ResourceStore store;

    @Inject
    FollowDocument followDocument;

    private final CompletableFuture<Void> one = new CompletableFuture<>();
    private final CompletableFuture<Void> other = new CompletableFuture<>();

    @Test
    void twoThatAreToldOfTheSamePatientsInAnotherOrderDoNotBlockEachOther() {
        // Given
        DischargeScene ada = DischargeScene.fresh();
        DischargeScene ben = DischargeScene.fresh();
        // When each was told of its first patient before any is told of its second
        try (ExecutorService pool = Executors.newFixedThreadPool(2)) {
            List<Future<?>> units = List.of(
                    pool.submit(() -> tell(document(ada, "a"), document(ben, "b"), one)),
                    pool.submit(() -> tell(document(ben, "c"), document(ada, "d"), other)));
            // Then
            units.forEach(unit -> assertThatCode(unit::get).doesNotThrowAnyException());
        }
    }

    private Void tell(Composition first, Composition second, CompletableFuture<Void> reached) throws Exception {
        return LeaderLoop.await(() -> store.inUnit(
                unit -> tell(first, unit).chain(() -> meet(reached)).chain(() -> tell(second, unit))));
    }

    private Uni<Void> tell(Composition document, UnitOfWork unit) {
        return followDocument.handle(document, 1, false, unit);
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
}
