package org.careloop.gateway.app;

import io.vertx.core.MultiMap;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.careloop.fhirmodel.BundleReferences;
import org.careloop.fhirmodel.FhirHeaders;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.Outcomes;
import org.careloop.fhirmodel.ProblemCode;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.Bundle.BundleEntryComponent;
import org.hl7.fhir.r4.model.OperationOutcome;
import org.hl7.fhir.r4.model.OperationOutcome.IssueSeverity;

/**
 * What a transaction is to do.
 *
 * @param writes what commits together
 * @param reads the places of what is read when that is done
 * @param skipped types that nobody holds, by the place of their entry
 */
record TransactionPlan(
        Bundle bundle, List<TransactionEntry> writes, List<Integer> reads, Map<Integer, String> skipped) {

    private static final String SKIP = "skip";

    /**
     * Reads the entries of {@code bundle}. Fails with {@link ProblemCode#TOO_COSTLY} above {@code most} entries, and with
     * {@link ProblemCode#UNKNOWN_TYPE} when nobody holds a type, unless the caller's headers ask to skip those entries.
     */
    static TransactionPlan of(Bundle bundle, Origins origins, int most, MultiMap caller) {
        if (bundle.getEntry().size() > most) {
            throw new FhirProblem(
                    ProblemCode.TOO_COSTLY, "Bundle.entry", "Bundle.entry: too many (expected: at most " + most + ")");
        }
        boolean skips = skips(caller);
        TransactionPlan plan = new TransactionPlan(bundle, new ArrayList<>(), new ArrayList<>(), new HashMap<>());
        for (int place = 0; place < bundle.getEntry().size(); place++) {
            BundleEntryComponent entry = bundle.getEntry().get(place);
            if (TransactionEntry.reads(entry)) {
                plan.reads().add(place);
                continue;
            }
            TransactionEntry read = TransactionEntry.of(place, entry);
            if (!origins.holdersOf(read.type()).isEmpty()) {
                plan.writes().add(read);
            } else if (skips) {
                plan.skipped().put(place, read.type());
            } else {
                throw unknown(read);
            }
        }
        plan.unlinkSkipped();
        return plan;
    }

    private static boolean skips(MultiMap caller) {
        String wish = caller.get(FhirHeaders.UNKNOWN_TYPES);
        if (wish != null && !wish.strip().equalsIgnoreCase(SKIP)) {
            throw new FhirProblem(
                    ProblemCode.INVALID_PARAMETER,
                    FhirHeaders.UNKNOWN_TYPES + ": not understood (expected: " + SKIP + ")");
        }
        return wish != null;
    }

    private static FhirProblem unknown(TransactionEntry entry) {
        String path = "Bundle.entry[" + entry.place() + "].request.url";
        String type = entry.type().matches("[A-Za-z]{1,64}") ? entry.type() : "this";
        return new FhirProblem(
                ProblemCode.UNKNOWN_TYPE,
                path,
                path + ": " + type
                        + " is a type that is not held here (expected: one that the capability statement lists, or "
                        + FhirHeaders.UNKNOWN_TYPES + ": " + SKIP + ")");
    }

    /** What is skipped is not there to be referred to; who referred to it keeps its URL as an identifier. */
    private void unlinkSkipped() {
        Map<String, String> lost = new HashMap<>();
        skipped.forEach((place, type) -> {
            BundleEntryComponent entry = bundle.getEntry().get(place);
            if (entry.hasFullUrl()) {
                lost.put(entry.getFullUrl(), type);
            }
            lost.put(entry.getRequest().getUrl(), type);
        });
        if (!lost.isEmpty()) {
            writes.stream()
                    .filter(write -> write.entry().hasResource())
                    .forEach(write -> BundleReferences.unlink(
                            write.entry().getResource(), url -> Optional.ofNullable(lost.get(url))));
        }
    }

    /** The entries of the answer that tell what was skipped, by place. */
    Map<Integer, BundleEntryComponent> toldSkipped() {
        Map<Integer, BundleEntryComponent> told = new HashMap<>();
        skipped.forEach((place, type) -> {
            OperationOutcome outcome = Outcomes.of(new FhirProblem(
                    ProblemCode.UNKNOWN_TYPE,
                    "Bundle.entry[" + place + "]",
                    "Bundle.entry[" + place + "]: skipped, " + type + " is a type that is not held here"));
            outcome.getIssueFirstRep().setSeverity(IssueSeverity.WARNING);
            BundleEntryComponent entry = new BundleEntryComponent();
            entry.getResponse().setStatus("404 Not Found").setOutcome(outcome);
            told.put(place, entry);
        });
        return told;
    }
}
