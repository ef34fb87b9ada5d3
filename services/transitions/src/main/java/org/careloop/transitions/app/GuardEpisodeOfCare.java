package org.careloop.transitions.app;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Singleton;
import java.util.Optional;
import org.careloop.calleraccess.Interaction;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.fhirmodel.ResourceKey;
import org.careloop.fhirsearch.Compartment;
import org.careloop.fhirstore.ConsentProvisions;
import org.careloop.fhirstore.UnitOfWork;
import org.careloop.fhirstore.Write;
import org.careloop.fhirstore.WriteRule;
import org.hl7.fhir.r4.model.EpisodeOfCare;
import org.hl7.fhir.r4.model.EpisodeOfCare.EpisodeOfCareStatus;
import org.hl7.fhir.r4.model.Resource;

/** Nobody is enrolled in coordination without their consent. */
@Singleton
public class GuardEpisodeOfCare implements WriteRule {

    private static final String STATUS = "EpisodeOfCare.status";

    /** Asked for when it is needed, because the store needs its rules first. */
    private final Instance<ConsentProvisions> consents;

    GuardEpisodeOfCare(Instance<ConsentProvisions> consents) {
        this.consents = consents;
    }

    @Override
    public String type() {
        return "EpisodeOfCare";
    }

    @Override
    public Uni<Resource> check(Write write, UnitOfWork unit) {
        EpisodeOfCare next = (EpisodeOfCare) write.next();
        Optional<String> patient = Compartment.patientOf(next);
        if (patient.isEmpty() || !enrols(write, next)) {
            return Uni.createFrom().item(next);
        }
        return consents.get()
                .permitEnrolment(patient.get(), organization(next), unit)
                .map(consented -> {
                    if (!consented) {
                        throw new FhirProblem(
                                ProblemCode.RULE_VIOLATED,
                                STATUS,
                                STATUS
                                        + ": active without the patient's consent (expected: planned, waitlist, onhold or cancelled)");
                    }
                    return next;
                });
    }

    private static boolean enrols(Write write, EpisodeOfCare next) {
        boolean was = write.previous(EpisodeOfCare.class)
                .filter(before -> before.getStatus() == EpisodeOfCareStatus.ACTIVE)
                .isPresent();
        return write.interaction() != Interaction.DELETE && next.getStatus() == EpisodeOfCareStatus.ACTIVE && !was;
    }

    /** Without one, no rule that names organisations speaks of it. */
    private static String organization(EpisodeOfCare episode) {
        return ResourceKey.parse(
                        String.valueOf(episode.getManagingOrganization().getReference()))
                .map(key -> key.id().value())
                .orElse("");
    }
}
