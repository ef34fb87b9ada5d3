package org.careloop.fhirstore;

import io.smallrye.mutiny.Uni;
import java.util.List;
import org.hl7.fhir.r4.model.Resource;

/** Where a type that opens compartments is held, what it opens holds from the moment that it is stored. */
final class KeepGrants extends KeepBeside {

    private final AccessGrants grants;

    KeepGrants(String type, AccessGrants grants) {
        super(type);
        this.grants = grants;
    }

    @Override
    Uni<Void> keep(Resource content, boolean deleted, StoredResource saved, UnitOfWork unit) {
        return grants.keep(
                List.of(new AccessGrants.Version(
                        saved.key(), saved.version(), saved.author(), saved.changed(), deleted, content)),
                unit);
    }
}
