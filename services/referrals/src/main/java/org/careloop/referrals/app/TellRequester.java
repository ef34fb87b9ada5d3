package org.careloop.referrals.app;

import static org.careloop.referrals.ReferralsLog.LOG;

import io.smallrye.mutiny.Uni;
import org.careloop.eventflow.Causes;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirstore.UnitOfWork;
import org.hl7.fhir.r4.model.Task;

/** Stores the Tasks by which the platform tells whoever asked for a referral that it needs them. */
final class TellRequester {

    private TellRequester() {}

    /**
     * Stores {@code told} unless it is there. One that cannot be made, because the referral lacks what it needs or a person asked for
     * it, is left and logged: what it is told of happens all the same.
     */
    static Uni<Void> by(Task told, UnitOfWork unit) {
        String id = told.getIdElement().getIdPart();
        String code = told.getCode().getCodingFirstRep().getCode();
        String owner = told.getOwner().getReference();
        if (owner == null || owner.startsWith("Patient/") || owner.startsWith("RelatedPerson/")) {
            LOG.notTold(code, id, "no organisation asked");
            return Uni.createFrom().voidItem();
        }
        return Uni.createFrom()
                .deferred(() -> HandOutActivities.createIfAbsent(told, unit))
                .invoke(() -> LOG.told(code, id))
                .onFailure(FhirProblem.class)
                .invoke(failure -> LOG.notTold(code, id, Causes.nameOf(failure)))
                .onFailure(FhirProblem.class)
                .recoverWithNull();
    }
}
