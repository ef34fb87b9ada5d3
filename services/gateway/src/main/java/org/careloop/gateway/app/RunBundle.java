package org.careloop.gateway.app;

import io.smallrye.mutiny.Uni;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import jakarta.inject.Singleton;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.Bundle.BundleType;

/** Runs a Bundle that is posted to the base URL: a transaction or a batch. */
@Singleton
public class RunBundle {

    private final Vertx vertx;
    private final TransactAcross transactAcross;
    private final RunBatch runBatch;

    RunBundle(Vertx vertx, TransactAcross transactAcross, RunBatch runBatch) {
        this.vertx = vertx;
        this.transactAcross = transactAcross;
        this.runBatch = runBatch;
    }

    /**
     * Returns the Bundle that answers {@code body}.
     *
     * @param caller the headers of the client's request
     */
    public Uni<Buffer> handle(Buffer body, MultiMap caller) {
        return Uni.createFrom()
                .completionStage(() -> vertx.executeBlocking(() -> FhirJson.parse(Bundle.class, body.getBytes()), false)
                        .toCompletionStage())
                .chain(bundle -> {
                    if (bundle.getType() == BundleType.BATCH) {
                        return runBatch.handle(bundle, caller);
                    }
                    if (bundle.getType() == BundleType.TRANSACTION) {
                        return transactAcross.handle(bundle, caller);
                    }
                    throw new FhirProblem(
                            ProblemCode.INVALID_RESOURCE, "Bundle.type", "Bundle.type: expected: transaction or batch");
                });
    }
}
