package org.careloop.referrals.app;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.Optional;
import org.careloop.calleraccess.Caller;
import org.careloop.calleraccess.Interaction;
import org.careloop.calleraccess.Role;
import org.careloop.fhirstore.StoredResource;
import org.careloop.fhirstore.UnitOfWork;
import org.careloop.fhirstore.Write;
import org.careloop.fhirstore.WriteRule;
import org.careloop.referrals.domain.Verification;
import org.hl7.fhir.r4.model.HealthcareService;
import org.hl7.fhir.r4.model.Resource;

/**
 * An agency that changes its listing has looked at it, so the change counts as a verification, in the same transaction. A
 * change by others does not: who corrects a telephone number need not know the hours.
 */
@Singleton
class KeepVerified implements WriteRule {

    private final Clock clock;

    KeepVerified(Clock clock) {
        this.clock = clock;
    }

    @Override
    public String type() {
        return "HealthcareService";
    }

    @Override
    public Optional<Resource> checkAlone(Write write) {
        return isByAgency(write) ? Optional.empty() : Optional.of(write.next());
    }

    @Override
    public Uni<Resource> check(Write write, UnitOfWork unit) {
        return Uni.createFrom().item(write.next());
    }

    @Override
    public Uni<Void> follow(Write write, StoredResource saved, UnitOfWork unit) {
        return isByAgency(write)
                ? unit.put(
                                Caller.PLATFORM,
                                Verification.byUpdate(
                                        saved.key().id().value(),
                                        ((HealthcareService) write.next())
                                                .getProvidedBy()
                                                .copy(),
                                        clock.instant()))
                        .replaceWithVoid()
                : Uni.createFrom().voidItem();
    }

    /** Agencies write nothing but their own listings: the access rules refuse one without a provider after this rule. */
    private static boolean isByAgency(Write write) {
        return write.interaction() == Interaction.UPDATE
                && write.caller().role() == Role.PARTNER
                && ((HealthcareService) write.next()).hasProvidedBy();
    }
}
