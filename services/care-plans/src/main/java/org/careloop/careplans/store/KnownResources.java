package org.careloop.careplans.store;

import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import jakarta.inject.Singleton;
import java.util.Optional;
import org.careloop.eventcontracts.ResourceEvent;
import org.careloop.fhirstore.UnitOfWork;

/** What this service was told of the stays of patients. */
@Singleton
public class KnownResources {

    /** An older version, told late, changes nothing. It may be about another patient: one who was found to be the same person. */
    private static final String KEEP = """
            insert into known_resource as known (reference, type, version, patient_id, encounter_id, body)
            values ($1, $2, $3, $4, $5, $6)
            on conflict (reference) do update set version = excluded.version, patient_id = excluded.patient_id,
              body = excluded.body
            where known.version < excluded.version""";

    private static final String STAYS =
            "select exists (select from known_resource where patient_id = $1 and type = 'Encounter')";

    KnownResources() {}

    /** Keeps what {@code event} tells of the patient and the stay, both ids; no stay is told of the patient themselves. */
    public Uni<Void> keep(ResourceEvent event, String patient, Optional<String> encounter, UnitOfWork unit) {
        return unit.sql(
                        KEEP,
                        event.resource().reference(),
                        event.resource().type(),
                        event.version(),
                        patient,
                        encounter.orElse(null),
                        Buffer.buffer(event.payload()))
                .replaceWithVoid();
    }

    /** Tells whether a stay or visit of the patient with this id is known. */
    public Uni<Boolean> tellOfStays(String patient, UnitOfWork unit) {
        return unit.sql(STAYS, patient).map(rows -> (boolean) rows.getFirst()[0]);
    }
}
