package org.careloop.referrals.app;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.Optional;
import org.careloop.calleraccess.Interaction;
import org.careloop.fhirstore.UnitOfWork;
import org.careloop.fhirstore.Write;
import org.careloop.fhirstore.WriteRule;
import org.careloop.referrals.domain.WorkPlaces;
import org.hl7.fhir.r4.model.Practitioner;
import org.hl7.fhir.r4.model.Resource;

/** Lets nobody but who keeps the directory say which practitioner a number is of. */
@Singleton
class GuardPractitioner implements WriteRule {

    private final DirectoryKeepers keepers;

    GuardPractitioner(DirectoryKeepers keepers) {
        this.keepers = keepers;
    }

    @Override
    public String type() {
        return "Practitioner";
    }

    @Override
    public Optional<Resource> checkAlone(Write write) {
        return Optional.of(judged(write));
    }

    /** Fails as {@link WorkPlaces} does. */
    @Override
    public Uni<Resource> check(Write write, UnitOfWork unit) {
        return Uni.createFrom().item(() -> judged(write));
    }

    private Resource judged(Write write) {
        Practitioner next = (Practitioner) write.next();
        if (!keepers.include(write.caller())) {
            if (write.interaction() == Interaction.DELETE) {
                WorkPlaces.requireNone(next);
            } else {
                WorkPlaces.requireSame(write.previous(Practitioner.class), next);
            }
        }
        return next;
    }
}
