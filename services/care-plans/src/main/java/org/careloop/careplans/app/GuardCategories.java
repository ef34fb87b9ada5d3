package org.careloop.careplans.app;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.Optional;
import org.careloop.calleraccess.Interaction;
import org.careloop.careplans.domain.GuardedCategories;
import org.careloop.fhirstore.UnitOfWork;
import org.careloop.fhirstore.Write;
import org.careloop.fhirstore.WriteRule;
import org.hl7.fhir.r4.model.Communication;
import org.hl7.fhir.r4.model.Resource;

/** Lets no Communication be of two kinds that have rules of their own. */
@Singleton
class GuardCategories implements WriteRule {

    GuardCategories() {}

    @Override
    public String type() {
        return "Communication";
    }

    @Override
    public Optional<Resource> checkAlone(Write write) {
        return Optional.of(judged(write));
    }

    /** Fails as {@link GuardedCategories#requireOne} does. */
    @Override
    public Uni<Resource> check(Write write, UnitOfWork unit) {
        return Uni.createFrom().item(() -> judged(write));
    }

    private static Resource judged(Write write) {
        if (write.interaction() != Interaction.DELETE && !write.caller().isPlatform()) {
            GuardedCategories.requireOne((Communication) write.next());
        }
        return write.next();
    }
}
