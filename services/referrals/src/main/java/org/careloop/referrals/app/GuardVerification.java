package org.careloop.referrals.app;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.Optional;
import org.careloop.calleraccess.Interaction;
import org.careloop.fhirstore.UnitOfWork;
import org.careloop.fhirstore.Write;
import org.careloop.fhirstore.WriteRule;
import org.careloop.referrals.domain.Verification;
import org.hl7.fhir.r4.model.Resource;
import org.hl7.fhir.r4.model.VerificationResult;

/** Lets nobody keep a listing fresh by a verification of a day to come, of no day, or by nobody. */
@Singleton
class GuardVerification implements WriteRule {

    private final Clock clock;

    GuardVerification(Clock clock) {
        this.clock = clock;
    }

    @Override
    public String type() {
        return "VerificationResult";
    }

    @Override
    public Optional<Resource> checkAlone(Write write) {
        return Optional.of(checked(write));
    }

    /** Fails as {@link Verification#check} does. A deletion is a matter of access alone. */
    @Override
    public Uni<Resource> check(Write write, UnitOfWork unit) {
        return Uni.createFrom().item(() -> checked(write));
    }

    private Resource checked(Write write) {
        if (write.interaction() != Interaction.DELETE) {
            Verification.check((VerificationResult) write.next(), clock.instant());
        }
        return write.next();
    }
}
