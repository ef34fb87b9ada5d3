package org.careloop.transitions.app;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.Optional;
import org.careloop.calleraccess.Interaction;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.fhirstore.UnitOfWork;
import org.careloop.fhirstore.Write;
import org.careloop.fhirstore.WriteRule;
import org.hl7.fhir.r4.model.MeasureReport;
import org.hl7.fhir.r4.model.Resource;

/** Nobody tells the counts of another organisation: who reports them sees them, and is taken to have told them. */
@Singleton
class GuardMeasureReport implements WriteRule {

    private static final String REPORTER = "MeasureReport.reporter";

    GuardMeasureReport() {}

    @Override
    public String type() {
        return "MeasureReport";
    }

    @Override
    public Optional<Resource> checkAlone(Write write) {
        return Optional.of(checked(write));
    }

    /** Fails with {@link ProblemCode#RULE_VIOLATED} unless nobody, or the caller's own organisation, reports. */
    @Override
    public Uni<Resource> check(Write write, UnitOfWork unit) {
        return Uni.createFrom().item(() -> checked(write));
    }

    private static Resource checked(Write write) {
        MeasureReport next = (MeasureReport) write.next();
        boolean isOwn = write.caller()
                .organizationReference()
                .filter(own -> own.equals(next.getReporter().getReference()))
                .isPresent();
        boolean passes = write.interaction() == Interaction.DELETE
                || write.caller().isPlatform()
                || !next.hasReporter()
                || isOwn;
        if (!passes) {
            throw new FhirProblem(
                    ProblemCode.RULE_VIOLATED,
                    REPORTER,
                    REPORTER + ": not the organisation that writes it (expected: the caller's own Organization)");
        }
        return next;
    }
}
