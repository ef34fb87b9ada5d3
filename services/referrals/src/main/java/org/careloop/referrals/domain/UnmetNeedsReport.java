package org.careloop.referrals.domain;

import static org.careloop.referrals.domain.MeasureGroups.code;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.careloop.fhirmodel.DayPeriod;
import org.careloop.referrals.domain.UnmetNeeds.Need;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.MeasureReport;
import org.hl7.fhir.r4.model.MeasureReport.MeasureReportGroupStratifierComponent;
import org.hl7.fhir.r4.model.MeasureReport.StratifierGroupComponent;
import org.jspecify.annotations.Nullable;

/**
 * Unmet needs as they are told.
 *
 * @param reporter the organisation that asks, a literal reference: these are the referrals that it sees
 * @param at when they were counted
 */
public record UnmetNeedsReport(DayPeriod period, Optional<String> reporter, Instant at, UnmetNeeds unmet) {

    private static final String UNKNOWN = "unknown";

    /**
     * Returns the figures as a MeasureReport of {@code Measure/unmet-needs}: a group for each kind of service, a stratum for each
     * area. A count that is not told is there without a value.
     *
     * @see <a href="https://hl7.org/fhir/R4/measurereport.html">FHIR R4 MeasureReport</a>
     */
    public MeasureReport asMeasureReport() {
        MeasureReport report = MeasureGroups.report("unmet-needs", period, reporter, at);
        Map<String, List<Need>> byType = unmet.needs().stream()
                .collect(Collectors.groupingBy(Need::serviceType, TreeMap::new, Collectors.toList()));
        byType.forEach((type, needs) -> {
            MeasureReportGroupStratifierComponent stratifier = report.addGroup()
                    .setCode(new CodeableConcept(MeasureGroups.coding(type)))
                    .addStratifier()
                    .setCode(MeasureGroups.concepts("area"));
            needs.forEach(need -> stratum(stratifier.addStratum(), need));
        });
        return report;
    }

    private static void stratum(StratifierGroupComponent stratum, Need need) {
        component(stratum, "state", need.area().state());
        component(stratum, "postal-code", need.area().postalCode());
        need.counts().forEach((lack, count) -> MeasureGroups.stratum(stratum, code(lack), count));
    }

    private static void component(StratifierGroupComponent stratum, String name, Optional<String> value) {
        stratum.addComponent()
                .setCode(MeasureGroups.concept(name))
                .setValue(value.map(known -> new CodeableConcept().setText(known))
                        .orElseGet(() -> MeasureGroups.concept(UNKNOWN)));
    }

    /** Returns the same figures as plain values that JSON knows; what is not known or not told is null. */
    public Map<String, @Nullable Object> asFigures() {
        Map<String, @Nullable Object> figures = new LinkedHashMap<>();
        figures.put("start", period.start().toString());
        figures.put("end", period.end().toString());
        figures.put("countedAt", at.toString());
        List<Object> needs = new ArrayList<>();
        unmet.needs().forEach(need -> needs.add(figures(need)));
        figures.put("needs", needs);
        return figures;
    }

    private static Map<String, @Nullable Object> figures(Need need) {
        Map<String, @Nullable Object> figures = new LinkedHashMap<>();
        figures.put("serviceType", need.serviceType());
        figures.put("state", need.area().state().orElse(null));
        figures.put("postalCode", need.area().postalCode().orElse(null));
        need.counts().forEach((lack, count) -> figures.put(code(lack), count.orElse(null)));
        return figures;
    }
}
