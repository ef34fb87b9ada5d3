package org.careloop.referrals.app;

import jakarta.inject.Singleton;
import java.util.Optional;
import org.careloop.referrals.domain.WorkPlaces;
import org.hl7.fhir.r4.model.Practitioner;

/** Lets nobody but who keeps the directory say which practitioner a number is of. */
@Singleton
class GuardPractitioner extends DirectoryRule<Practitioner> {

    GuardPractitioner(DirectoryKeepers keepers) {
        super(Practitioner.class, keepers);
    }

    @Override
    void requireSame(Optional<Practitioner> before, Practitioner next) {
        WorkPlaces.requireSame(before, next);
    }

    @Override
    void requireNone(Practitioner gone) {
        WorkPlaces.requireNone(gone);
    }
}
