package org.careloop.fhirstore;

import io.smallrye.mutiny.Uni;
import java.util.List;
import org.careloop.calleraccess.Interaction;
import org.hl7.fhir.r4.model.Resource;

/** Where a type that opens compartments is held, what it opens holds from the moment that it is stored. */
final class KeepGrants implements WriteRule {

    private final String type;
    private final AccessGrants grants;

    KeepGrants(String type, AccessGrants grants) {
        this.type = type;
        this.grants = grants;
    }

    @Override
    public String type() {
        return type;
    }

    @Override
    public Uni<Resource> check(Write write, UnitOfWork unit) {
        return Uni.createFrom().item(write.next());
    }

    @Override
    public Uni<Void> follow(Write write, StoredResource saved, UnitOfWork unit) {
        return keep(write.next(), saved, write.interaction() == Interaction.DELETE, unit);
    }

    @Override
    public Uni<Void> moved(Resource moved, StoredResource saved, UnitOfWork unit) {
        return keep(moved, saved, false, unit);
    }

    private Uni<Void> keep(Resource content, StoredResource saved, boolean deleted, UnitOfWork unit) {
        return grants.keep(
                List.of(new AccessGrants.Version(
                        saved.key(), saved.version(), saved.author(), saved.changed(), deleted, content)),
                unit);
    }
}
