package org.careloop.transitions.domain.document;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.hl7.fhir.r4.model.Base;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Dosage;
import org.hl7.fhir.r4.model.Observation;
import org.hl7.fhir.r4.model.Property;
import org.hl7.fhir.r4.model.Quantity;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Resource;
import org.hl7.fhir.r4.model.StringType;
import org.jspecify.annotations.Nullable;

/** One line of text for a resource: what it is, what it says, since when, in which state. */
final class EntryText {

    /** Elements that name what a resource is about, by which comes first. */
    private static final List<String> NAMES = List.of(
            "code", "medication[x]", "vaccineCode", "title", "description", "deviceName", "type", "method", "category");

    private static final List<String> STATES =
            List.of("status", "lifecycleStatus", "clinicalStatus", "verificationStatus");

    private EntryText() {}

    /** @param known what a reference leads to, by {@code Type/id} */
    static String of(Resource resource, Map<String, Resource> known) {
        List<String> parts = new ArrayList<>();
        parts.add(name(resource, known));
        if (resource instanceof Observation observation) {
            value(observation).ifPresent(parts::add);
        }
        dosage(resource).ifPresent(parts::add);
        RecordTime.day(resource).ifPresent(parts::add);
        String state = STATES.stream()
                .flatMap(element -> values(resource, element))
                .map(EntryText::text)
                .flatMap(Optional::stream)
                .collect(Collectors.joining(", "));
        return String.join("; ", parts) + (state.isEmpty() ? "" : " (" + state + ")");
    }

    private static String name(Resource resource, Map<String, Resource> known) {
        return NAMES.stream()
                .flatMap(element -> values(resource, element))
                .map(value -> named(value, known))
                .flatMap(Optional::stream)
                .findFirst()
                .orElse(resource.fhirType());
    }

    private static Optional<String> named(Base value, Map<String, Resource> known) {
        if (value instanceof Reference reference) {
            return Optional.ofNullable(reference.getDisplay())
                    .or(() -> Optional.ofNullable(known.get(String.valueOf(reference.getReference())))
                            .map(target -> name(target, Map.of())));
        }
        return value.getNamedProperty("name") instanceof Property name && name.hasValues() && !value.isPrimitive()
                ? Optional.ofNullable(name.getValues().getFirst().primitiveValue())
                : text(value);
    }

    private static Optional<String> value(Observation observation) {
        Optional<String> own = text(observation.getValue());
        return own.isPresent() || !observation.hasComponent()
                ? own.or(() -> observation.getDataAbsentReason().isEmpty()
                        ? Optional.empty()
                        : text(observation.getDataAbsentReason()))
                : Optional.of(observation.getComponent().stream()
                        .map(part -> text(part.getCode()).orElse("") + " "
                                + text(part.getValue()).orElse(""))
                        .collect(Collectors.joining(", ")));
    }

    private static Optional<String> dosage(Resource resource) {
        return Stream.concat(values(resource, "dosageInstruction"), values(resource, "dosage"))
                .filter(Dosage.class::isInstance)
                .map(dosage -> ((Dosage) dosage).getText())
                .filter(text -> text != null && !text.isBlank())
                .findFirst();
    }

    private static Stream<Base> values(Resource resource, String element) {
        Property property = resource.getNamedProperty(element);
        return property == null ? Stream.empty() : property.getValues().stream();
    }

    private static Optional<String> text(@Nullable Base value) {
        return switch (value) {
            case null -> Optional.empty();
            case CodeableConcept concept ->
                Optional.ofNullable(concept.getText())
                        .or(() -> concept.getCoding().stream()
                                .map(EntryText::display)
                                .flatMap(Optional::stream)
                                .findFirst());
            case Coding coding -> display(coding);
            case Quantity quantity ->
                Optional.of(Stream.of(
                                quantity.hasComparator()
                                        ? quantity.getComparator().toCode()
                                        : "",
                                quantity.getValueElement().getValueAsString(),
                                Optional.ofNullable(quantity.getUnit()).orElse(quantity.getCode()))
                        .filter(part -> part != null && !part.isEmpty())
                        .collect(Collectors.joining(" ")));
            case StringType string -> Optional.ofNullable(string.getValue());
            default -> Optional.ofNullable(value.primitiveValue());
        };
    }

    private static Optional<String> display(Coding coding) {
        return Optional.ofNullable(coding.getDisplay()).or(() -> Optional.ofNullable(coding.getCode()));
    }
}
