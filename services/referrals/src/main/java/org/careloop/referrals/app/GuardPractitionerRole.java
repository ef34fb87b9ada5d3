package org.careloop.referrals.app;

import jakarta.inject.Singleton;
import java.util.Optional;
import org.careloop.referrals.domain.WorkPlaces;
import org.hl7.fhir.r4.model.PractitionerRole;

/** Lets nobody but who keeps the directory say for whom a practitioner works; an agency keeps the rest of its roles. */
@Singleton
class GuardPractitionerRole extends DirectoryRule<PractitionerRole> {

    GuardPractitionerRole(DirectoryKeepers keepers) {
        super(PractitionerRole.class, keepers);
    }

    @Override
    void requireSame(Optional<PractitionerRole> before, PractitionerRole next) {
        WorkPlaces.requireSame(before, next);
    }

    @Override
    void requireNone(PractitionerRole gone) {
        WorkPlaces.requireNone(gone);
    }
}
