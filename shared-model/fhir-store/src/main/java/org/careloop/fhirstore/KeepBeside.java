package org.careloop.fhirstore;

import io.smallrye.mutiny.Uni;
import org.careloop.calleraccess.Interaction;
import org.hl7.fhir.r4.model.Resource;

/** What is known of a type beside its resources holds from the moment that one is stored. Nothing is judged. */
abstract class KeepBeside implements WriteRule {

    private final String type;

    KeepBeside(String type) {
        this.type = type;
    }

    /** Keeps what {@code content} tells, now stored as {@code saved}, or that it tells nothing any more. */
    abstract Uni<Void> keep(Resource content, boolean deleted, StoredResource saved, UnitOfWork unit);

    @Override
    public final String type() {
        return type;
    }

    @Override
    public final Uni<Resource> check(Write write, UnitOfWork unit) {
        return Uni.createFrom().item(write.next());
    }

    @Override
    public Uni<Void> follow(Write write, StoredResource saved, UnitOfWork unit) {
        return keep(write.next(), write.interaction() == Interaction.DELETE, saved, unit);
    }

    @Override
    public Uni<Void> moved(Resource moved, StoredResource saved, UnitOfWork unit) {
        return keep(moved, false, saved, unit);
    }
}
