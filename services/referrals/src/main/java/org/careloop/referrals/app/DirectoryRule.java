package org.careloop.referrals.app;

import io.smallrye.mutiny.Uni;
import java.util.Optional;
import org.careloop.calleraccess.Interaction;
import org.careloop.fhirstore.UnitOfWork;
import org.careloop.fhirstore.Write;
import org.careloop.fhirstore.WriteRule;
import org.careloop.referrals.domain.WorkPlaces;
import org.hl7.fhir.r4.model.Resource;

/** What only who keeps the directory says of who works for whom; fails as {@link WorkPlaces} does. */
abstract class DirectoryRule<T extends Resource> implements WriteRule {

    private final Class<T> kind;
    private final DirectoryKeepers keepers;

    DirectoryRule(Class<T> kind, DirectoryKeepers keepers) {
        this.kind = kind;
        this.keepers = keepers;
    }

    /** Judges what others say of {@code next}. */
    abstract void requireSame(Optional<T> before, T next);

    /** Judges that others delete {@code gone}. */
    abstract void requireNone(T gone);

    @Override
    public String type() {
        return kind.getSimpleName();
    }

    @Override
    public Optional<Resource> checkAlone(Write write) {
        return Optional.of(judged(write));
    }

    @Override
    public Uni<Resource> check(Write write, UnitOfWork unit) {
        return Uni.createFrom().item(() -> judged(write));
    }

    private Resource judged(Write write) {
        T next = kind.cast(write.next());
        if (!keepers.include(write.caller())) {
            if (write.interaction() == Interaction.DELETE) {
                requireNone(next);
            } else {
                requireSame(write.previous(kind), next);
            }
        }
        return next;
    }
}
