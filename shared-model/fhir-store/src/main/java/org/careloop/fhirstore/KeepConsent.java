package org.careloop.fhirstore;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Singleton;
import java.util.Optional;
import org.careloop.calleraccess.Interaction;
import org.hl7.fhir.r4.model.Consent;
import org.hl7.fhir.r4.model.Resource;

/** Where consents are held, what they open and shut holds from the moment that they are stored. */
@Singleton
class KeepConsent implements WriteRule {

    /** Asked for when it is needed, because the store needs its rules first. */
    private final Instance<ConsentProvisions> provisions;

    KeepConsent(Instance<ConsentProvisions> provisions) {
        this.provisions = provisions;
    }

    @Override
    public String type() {
        return "Consent";
    }

    @Override
    public Uni<Resource> check(Write write, UnitOfWork unit) {
        return Uni.createFrom().item(write.next());
    }

    @Override
    public Uni<Void> follow(Write write, StoredResource saved, UnitOfWork unit) {
        Optional<Consent> now =
                write.interaction() == Interaction.DELETE ? Optional.empty() : Optional.of((Consent) write.next());
        return provisions.get().keep(saved.key(), saved.version(), now, unit);
    }

    @Override
    public Uni<Void> moved(Resource moved, StoredResource saved, UnitOfWork unit) {
        return provisions.get().keep(saved.key(), saved.version(), Optional.of((Consent) moved), unit);
    }
}
