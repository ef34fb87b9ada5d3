package org.careloop.transitions.app;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.fhirmodel.ResourceKey;
import org.careloop.fhirrest.OperationInput;
import org.careloop.fhirrest.OwnOperation;
import org.careloop.fhirsearch.Condition;
import org.careloop.fhirstore.ResourceStore;
import org.careloop.transitions.domain.MeasurePeriod;
import org.careloop.transitions.domain.MeasureResources;
import org.careloop.transitions.domain.TransitionMeasures;
import org.careloop.transitions.domain.TransitionMeasures.Definition;
import org.hl7.fhir.r4.model.ListResource;
import org.hl7.fhir.r4.model.MeasureReport;
import org.hl7.fhir.r4.model.MeasureReport.MeasureReportType;
import org.hl7.fhir.r4.model.Reference;

/**
 * Counts what a measure says of the discharges of the caller's organisation now.
 *
 * @see <a href="https://hl7.org/fhir/R4/measure-operation-evaluate-measure.html">FHIR R4 Measure $evaluate-measure</a>
 */
@Singleton
public class EvaluateMeasure implements OwnOperation {

    private static final String SUMMARY = "summary";
    private static final String SUBJECTS = "subject-list";

    private final ResourceStore store;
    private final TransitionMeasures measures;
    private final CountDischarges countDischarges;
    private final Clock clock;

    EvaluateMeasure(ResourceStore store, TransitionMeasures measures, CountDischarges countDischarges, Clock clock) {
        this.store = store;
        this.measures = measures;
        this.countDischarges = countDischarges;
        this.clock = clock;
    }

    @Override
    public String type() {
        return "Measure";
    }

    @Override
    public String name() {
        return "evaluate-measure";
    }

    @Override
    public String definition() {
        return "http://hl7.org/fhir/OperationDefinition/Measure-evaluate-measure";
    }

    /**
     * What the caller may see.
     *
     * @param measures which Measures
     * @param episodes which EpisodeOfCares, in a search
     * @param organization id of the Organization whose discharges are counted
     */
    public record Open(Condition measures, Condition episodes, String organization) {}

    /**
     * Returns a MeasureReport by the Measure {@code id}: a summary of all discharges of the organisation or, as a subject-list, of those
     * whose episodes the caller sees, with these. Fails with {@link ProblemCode#INVALID_PARAMETER}, {@link
     * ProblemCode#RESOURCE_NOT_FOUND}, with {@link ProblemCode#RULE_VIOLATED} for a Measure that is not ours, and with {@link
     * ProblemCode#TOO_COSTLY}.
     */
    public Uni<MeasureReport> handle(String id, OperationInput asked, Open open) {
        asked.allow("periodStart", "periodEnd", "reportType");
        MeasurePeriod period = MeasurePeriod.of(asked.required("periodStart"), asked.required("periodEnd"));
        boolean subjects = isSubjectList(asked.text("reportType").orElse(SUMMARY));
        Instant now = clock.instant();
        return store.find(ResourceKey.of(type(), id), open.measures())
                .invoke(found -> found.filter(measure -> !measure.deleted())
                        .orElseThrow(
                                () -> new FhirProblem(ProblemCode.RESOURCE_NOT_FOUND, type() + ": no such resource")))
                .map(found -> definition(id))
                .chain(definition -> countDischarges
                        .handle(
                                definition,
                                period,
                                open.organization(),
                                subjects ? Optional.of(open.episodes()) : Optional.empty(),
                                now)
                        .map(counted -> {
                            MeasureReport report = MeasureResources.report(
                                    definition, period, open.organization(), true, counted.groups(), now);
                            MeasureResources.tellGap(report, period, counted.since());
                            return subjects ? listed(report, counted) : report;
                        }));
    }

    private Definition definition(String id) {
        return measures.find(id)
                .orElseThrow(() -> new FhirProblem(
                        ProblemCode.RULE_VIOLATED, "Measure.id: cannot be evaluated here (expected: one of ours)"));
    }

    private static boolean isSubjectList(String reportType) {
        if (!reportType.equals(SUMMARY) && !reportType.equals(SUBJECTS)) {
            throw new FhirProblem(
                    ProblemCode.INVALID_PARAMETER,
                    "reportType: not known (expected: " + SUMMARY + " or " + SUBJECTS + ")");
        }
        return reportType.equals(SUBJECTS);
    }

    /** All that were counted are the initial population of each group. */
    private static MeasureReport listed(MeasureReport report, CountDischarges.Counted counted) {
        report.setType(MeasureReportType.SUBJECTLIST);
        ListResource subjects =
                new ListResource().setStatus(ListResource.ListStatus.CURRENT).setMode(ListResource.ListMode.SNAPSHOT);
        subjects.setId("initial-population");
        counted.episodes().forEach(episode -> subjects.addEntry().setItem(new Reference("EpisodeOfCare/" + episode)));
        report.addContained(subjects);
        report.getGroup()
                .forEach(
                        group -> group.getPopulationFirstRep().setSubjectResults(new Reference("#initial-population")));
        return report;
    }
}
