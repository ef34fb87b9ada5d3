package org.careloop.patients;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.awaitility.Awaitility.await;

import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.careloop.eventflow.LeaderLoop;
import org.careloop.fhirstore.ResourceStore;
import org.careloop.patients.app.ReconcileStay;
import org.careloop.testkit.Tokens;
import org.junit.jupiter.api.Test;

/** Units that are told of the medicines of several patients each. */
@QuarkusTest
class UnitsInTurnApiTest {

    @Inject
    ResourceStore store;

    @Inject
    ReconcileStay reconcileStay;

    private final CompletableFuture<Void> one = new CompletableFuture<>();
    private final CompletableFuture<Void> other = new CompletableFuture<>();

    @Test
    void twoThatAreToldOfTheSamePatientsInAnotherOrderDoNotBlockEachOther() {
        // Given
        ReconciledStay ada = discharged();
        ReconciledStay ben = discharged();
        // When each was told of its first patient before any is told of its second
        try (ExecutorService pool = Executors.newFixedThreadPool(2)) {
            List<Future<?>> units =
                    List.of(pool.submit(() -> tell(ada, ben, one)), pool.submit(() -> tell(ben, ada, other)));
            // Then
            units.forEach(unit -> assertThatCode(unit::get).doesNotThrowAnyException());
        }
    }

    private static ReconciledStay discharged() {
        ReconciledStay stay = new ReconciledStay();
        stay.tell("finished");
        await().atMost(Duration.ofSeconds(30))
                .until(() -> stay.lists(Tokens.coordinator()).statusCode() == 200);
        return stay;
    }

    private Void tell(ReconciledStay first, ReconciledStay second, CompletableFuture<Void> reached) throws Exception {
        return LeaderLoop.await(() -> store.inUnit(unit -> reconcileStay
                .last(first.encounter, unit)
                .invoke(() -> reconcileStay.lastOfPatient(first.patient, unit))
                .chain(() -> meet(reached))
                .chain(() -> reconcileStay.last(second.encounter, unit))
                .invoke(() -> reconcileStay.lastOfPatient(second.patient, unit))));
    }

    private Uni<Void> meet(CompletableFuture<Void> reached) {
        Context context = Vertx.currentContext();
        reached.complete(null);
        return Uni.createFrom()
                .completionStage(CompletableFuture.allOf(one, other))
                .emitOn(step -> context.runOnContext(ignored -> step.run()));
    }
}
