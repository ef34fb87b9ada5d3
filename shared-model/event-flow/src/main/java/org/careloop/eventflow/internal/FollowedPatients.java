package org.careloop.eventflow.internal;

import io.smallrye.health.api.AsyncHealthCheck;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import org.careloop.fhirstore.ReferenceWork;
import org.careloop.fhirstore.ReferenceWork.Waiting;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Tells an operator what has not followed the patients who were merged. An instance is ready all the same. */
@Readiness
@Singleton
public class FollowedPatients implements AsyncHealthCheck {

    private static final Waiting UNKNOWN = new Waiting(-1, -1);

    private final ReferenceWork work;

    FollowedPatients(ReferenceWork work) {
        this.work = work;
    }

    @Override
    public Uni<HealthCheckResponse> call() {
        return work.waiting()
                .onFailure()
                .recoverWithItem(UNKNOWN)
                .map(waiting -> HealthCheckResponse.named("merged patients")
                        .withData("notMoved", waiting.failed())
                        .withData("notFollowed", waiting.patients())
                        .up()
                        .build());
    }
}
