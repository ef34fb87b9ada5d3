package org.careloop.eventflow.internal;

import io.smallrye.mutiny.Uni;
import jakarta.annotation.Priority;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.Set;
import org.careloop.calleraccess.ConsentRules;
import org.careloop.eventcontracts.Change;
import org.careloop.eventcontracts.ResourceEvent;
import org.careloop.eventflow.EventHandler;
import org.careloop.eventflow.EventSource;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.fhirstore.ConsentProvisions;
import org.careloop.fhirstore.ResourceStore;
import org.careloop.fhirstore.UnitOfWork;
import org.hl7.fhir.r4.model.Consent;

/** Keeps what patients consented to where consents are not held. */
@Singleton
@Priority(ConsentEvents.FIRST)
public class ConsentEvents implements EventHandler {

    /** Before the handlers of the services, which ask what is consented to. */
    static final int FIRST = 10;

    private static final String TYPE = "Consent";

    private final ConsentRules rules;
    private final ResourceStore store;
    private final ConsentProvisions provisions;

    ConsentEvents(ConsentRules rules, ResourceStore store, ConsentProvisions provisions) {
        this.rules = rules;
        this.store = store;
        this.provisions = provisions;
    }

    @Override
    public Set<EventSource> sources() {
        return store.types().contains(TYPE) ? Set.of() : Set.of(new EventSource(rules.holder(), TYPE));
    }

    @Override
    public Uni<Void> handle(ResourceEvent event, UnitOfWork unit) {
        Optional<Consent> now = event.change() == Change.DELETED
                ? Optional.empty()
                : Optional.of((Consent) FhirJson.parse(event.payload()));
        return provisions.keep(event.resource(), event.version(), now, unit);
    }
}
