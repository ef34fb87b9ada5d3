package org.careloop.referrals.app;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.Optional;
import org.careloop.calleraccess.Interaction;
import org.careloop.calleraccess.Role;
import org.careloop.fhirstore.UnitOfWork;
import org.careloop.fhirstore.Write;
import org.careloop.fhirstore.WriteRule;
import org.careloop.referrals.domain.ExchangeWay;
import org.hl7.fhir.r4.model.Endpoint;
import org.hl7.fhir.r4.model.Resource;

/** Lets no agency say by which way referrals are exchanged with it; the rest of its Endpoint it keeps itself. */
@Singleton
class GuardEndpoint implements WriteRule {

    GuardEndpoint() {}

    @Override
    public String type() {
        return "Endpoint";
    }

    @Override
    public Optional<Resource> checkAlone(Write write) {
        return Optional.of(judged(write));
    }

    /** Fails as {@link ExchangeWay#requireSame} does. */
    @Override
    public Uni<Resource> check(Write write, UnitOfWork unit) {
        return Uni.createFrom().item(() -> judged(write));
    }

    private static Resource judged(Write write) {
        if (write.interaction() == Interaction.UPDATE && write.caller().role() == Role.PARTNER) {
            write.previous(Endpoint.class).ifPresent(known -> ExchangeWay.requireSame(known, (Endpoint) write.next()));
        }
        return write.next();
    }
}
