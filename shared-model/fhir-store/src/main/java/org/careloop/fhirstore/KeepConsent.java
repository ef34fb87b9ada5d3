package org.careloop.fhirstore;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Singleton;
import java.util.Optional;
import org.hl7.fhir.r4.model.Consent;
import org.hl7.fhir.r4.model.Resource;

/** Where consents are held, what they open and shut holds from the moment that they are stored. */
@Singleton
class KeepConsent extends KeepBeside {

    /** Asked for when it is needed, because the store needs its rules first. */
    private final Instance<ConsentProvisions> provisions;

    KeepConsent(Instance<ConsentProvisions> provisions) {
        super("Consent");
        this.provisions = provisions;
    }

    @Override
    Uni<Void> keep(Resource content, boolean deleted, StoredResource saved, UnitOfWork unit) {
        Optional<Consent> now = deleted ? Optional.empty() : Optional.of((Consent) content);
        return provisions.get().keep(saved.key(), saved.version(), now, unit);
    }

    @Override
    public Uni<Void> moved(Resource moved, StoredResource saved, UnitOfWork unit) {
        return provisions.get().moved(saved.key(), saved.version(), (Consent) moved, unit);
    }
}
