package org.careloop.referrals.app;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.Optional;
import org.careloop.calleraccess.Interaction;
import org.careloop.fhirstore.UnitOfWork;
import org.careloop.fhirstore.Write;
import org.careloop.fhirstore.WriteRule;
import org.careloop.referrals.domain.Agreement;
import org.careloop.referrals.domain.ScorecardReport;
import org.hl7.fhir.r4.model.OrganizationAffiliation;
import org.hl7.fhir.r4.model.Resource;

/** Lets an agreement in only if its terms can be read by what goes by them. */
@Singleton
public class GuardAgreement implements WriteRule {

    GuardAgreement() {}

    @Override
    public String type() {
        return "OrganizationAffiliation";
    }

    /** Fails as {@link Agreement#check} does. */
    @Override
    public Uni<Resource> check(Write write, UnitOfWork unit) {
        return Uni.createFrom().item(judged(write));
    }

    @Override
    public Optional<Resource> checkAlone(Write write) {
        return Optional.of(judged(write));
    }

    private static Resource judged(Write write) {
        if (write.interaction() != Interaction.DELETE) {
            Agreement.check((OrganizationAffiliation) write.next(), ScorecardReport.FIGURES);
        }
        return write.next();
    }
}
