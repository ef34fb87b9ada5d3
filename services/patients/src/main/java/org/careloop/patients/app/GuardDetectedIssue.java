package org.careloop.patients.app;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.careloop.calleraccess.Interaction;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.fhirstore.UnitOfWork;
import org.careloop.fhirstore.Write;
import org.careloop.fhirstore.WriteRule;
import org.careloop.patients.domain.reconciliation.DiscrepancyIssue;
import org.careloop.patients.domain.reconciliation.IssueResolution;
import org.hl7.fhir.r4.model.DetectedIssue;
import org.hl7.fhir.r4.model.Resource;

/** Keeps what the platform found of medicines: a person says how it was resolved, and who did. Those of others are their own. */
@Singleton
public class GuardDetectedIssue implements WriteRule {

    private final Clock clock;

    GuardDetectedIssue(Clock clock) {
        this.clock = clock;
    }

    @Override
    public String type() {
        return ReconcileStay.ISSUE;
    }

    /** Fails with {@link ProblemCode#RULE_VIOLATED} as {@link IssueResolution} does. */
    @Override
    public Uni<Resource> check(Write write, UnitOfWork unit) {
        return Uni.createFrom().item(judged(write));
    }

    private Resource judged(Write write) {
        DetectedIssue next = (DetectedIssue) write.next();
        if (write.caller().isPlatform()) {
            return next;
        }
        Optional<DetectedIssue> own = write.previous(DetectedIssue.class).filter(DiscrepancyIssue::isOwn);
        if (own.isEmpty()) {
            if (DiscrepancyIssue.isOwn(next)) {
                throw IssueResolution.refused("identifier", "of the platform's own (expected: another system)");
            }
            return next;
        }
        if (write.interaction() == Interaction.DELETE) {
            throw IssueResolution.refused("id", "of the platform's own (expected: no deletion; resolve it)");
        }
        return IssueResolution.check(own.get(), next, clock.instant().truncatedTo(ChronoUnit.SECONDS));
    }
}
