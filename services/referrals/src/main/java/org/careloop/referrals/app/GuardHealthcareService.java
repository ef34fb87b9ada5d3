package org.careloop.referrals.app;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.Optional;
import org.careloop.calleraccess.Interaction;
import org.careloop.fhirstore.UnitOfWork;
import org.careloop.fhirstore.Write;
import org.careloop.fhirstore.WriteRule;
import org.careloop.referrals.domain.Eligibility;
import org.hl7.fhir.r4.model.HealthcareService;
import org.hl7.fhir.r4.model.Resource;

/** Lets a listing in only if the criteria of whom it is for can be read by the choice of agencies. */
@Singleton
class GuardHealthcareService implements WriteRule {

    GuardHealthcareService() {}

    @Override
    public String type() {
        return "HealthcareService";
    }

    /** Fails as {@link Eligibility#check} does. */
    @Override
    public Uni<Resource> check(Write write, UnitOfWork unit) {
        return Uni.createFrom().item(() -> judged(write));
    }

    @Override
    public Optional<Resource> checkAlone(Write write) {
        return Optional.of(judged(write));
    }

    private static Resource judged(Write write) {
        if (write.interaction() != Interaction.DELETE) {
            Eligibility.check((HealthcareService) write.next());
        }
        return write.next();
    }
}
