package org.careloop.careplans.domain;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.careloop.fhirmodel.FhirId;
import org.hl7.fhir.r4.model.Reference;

/**
 * What a plan was made from, as a digest for each aspect: tells whether facts have changed, and which, without keeping them
 * twice.
 */
public record FactsPrint(Map<PlanReason, String> digests) {

    /** What prints of before an aspect was known stand for. */
    private static final Map<PlanReason, String> NONE = Map.of(PlanReason.STAY_RELATION, digest(Stream.of("")));

    public FactsPrint {
        digests = Map.copyOf(digests);
    }

    /** Returns the print of {@code facts}. */
    public static FactsPrint of(DischargeFacts facts) {
        Map<PlanReason, String> digests = new EnumMap<>(PlanReason.class);
        digests.put(
                PlanReason.DIAGNOSES,
                digest(facts.diagnoses().stream()
                        .flatMap(diagnosis -> Stream.of(
                                String.valueOf(diagnosis.code().getSystem()),
                                String.valueOf(diagnosis.code().getCode()),
                                String.valueOf(diagnosis.code().getDisplay()),
                                told(diagnosis.condition())))));
        digests.put(PlanReason.RISK, digest(Stream.of(facts.riskBand().orElse(""))));
        digests.put(PlanReason.DISPOSITION, digest(Stream.of(facts.discharge().disposition())));
        digests.put(
                PlanReason.DISCHARGE_TIME,
                digest(Stream.of(facts.discharge().at().toString())));
        digests.put(
                PlanReason.MILESTONES,
                digest(new TreeMap<>(facts.milestones())
                        .entrySet().stream()
                                .flatMap(due ->
                                        Stream.of(due.getKey(), due.getValue().toString()))));
        digests.put(
                PlanReason.PATIENT, digest(Stream.of(String.valueOf(facts.age().orElse(-1)))));
        digests.put(
                PlanReason.PARTIES,
                digest(Stream.of(
                        told(Optional.of(facts.parties().coordinator())),
                        told(facts.parties().attending()),
                        told(facts.parties().primaryCare()))));
        digests.put(
                PlanReason.STAY_RELATION,
                facts.relations().isEmpty()
                        ? digest(Stream.of(""))
                        : digest(facts.relations().stream().sorted()));
        return new FactsPrint(digests);
    }

    /** Reads what {@link #text} wrote. */
    public static FactsPrint parse(String text) {
        Map<PlanReason, String> digests = new EnumMap<>(PlanReason.class);
        text.lines()
                .map(line -> line.split(" ", 2))
                .forEach(parts -> digests.put(PlanReason.valueOf(parts[0]), parts[1]));
        return new FactsPrint(digests);
    }

    /** One line for each aspect. */
    public String text() {
        return new TreeMap<>(digests)
                .entrySet().stream()
                        .map(each -> each.getKey().name() + " " + each.getValue())
                        .collect(Collectors.joining("\n"));
    }

    /** Returns what is not as it was in {@code before}. */
    public Set<PlanReason> changedSince(FactsPrint before) {
        return digests.keySet().stream()
                .filter(aspect -> !digests.get(aspect).equals(before.digests.getOrDefault(aspect, NONE.get(aspect))))
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(PlanReason.class)));
    }

    private static String told(Optional<Reference> reference) {
        return reference
                .map(known -> String.valueOf(known.getReference()) + " "
                        + known.getIdentifier().getValue() + " " + known.getDisplay())
                .orElse("");
    }

    private static String digest(Stream<String> parts) {
        List<String> all = parts.toList();
        return FhirId.derivedFrom(all.toArray(String[]::new)).value();
    }
}
