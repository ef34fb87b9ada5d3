package org.careloop.patients.app;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Clock;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.fhirrest.OwnOperation;
import org.careloop.fhirsearch.Condition;
import org.careloop.fhirstore.ResourceStore;
import org.careloop.patients.store.MatchReviews;

/** Decides that two Patients are not one person, which is remembered. */
@Singleton
public class KeepApart implements OwnOperation {

    private final ResourceStore store;
    private final MatchReviews reviews;
    private final Clock clock;

    KeepApart(ResourceStore store, MatchReviews reviews, Clock clock) {
        this.store = store;
        this.reviews = reviews;
        this.clock = clock;
    }

    @Override
    public String type() {
        return "Patient";
    }

    @Override
    public String name() {
        return "keep-apart";
    }

    @Override
    public String definition() {
        return "https://careloop.org/fhir/OperationDefinition/Patient-keep-apart";
    }

    /**
     * Keeps that the two Patients of {@code asked} are not one person; asked twice, nothing changes. Fails with {@link
     * ProblemCode#RESOURCE_NOT_FOUND} unless {@code access} lets the caller change both.
     */
    public Uni<Void> handle(MergeInput asked, Condition access) {
        return store.inUnit(unit -> MergePatients.alone(unit)
                .chain(() -> asked.patient(MergeInput.SOURCE, unit, access))
                .chain(one -> asked.patient(MergeInput.TARGET, unit, access)
                        .chain(other -> MergePatients.require(MergeInput.SOURCE, one, access, unit)
                                .chain(() -> MergePatients.require(MergeInput.TARGET, other, access, unit))
                                .chain(() -> reviews.keepApart(
                                        unit, one.id().value(), other.id().value(), clock.instant())))));
    }
}
