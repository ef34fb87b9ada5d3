package org.careloop.careplans.domain.notice;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.careloop.fhirmodel.ResourceKey;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.Patient;
import org.hl7.fhir.r4.model.Reference;

/** The organisations of a patient's primary care: those that their general practitioners are, or work for. */
public final class MedicalHome {

    private static final String ORGANIZATION = "Organization";

    private MedicalHome() {}

    /**
     * Returns references to the organisations, each once; who keeps the record where no general practitioner is told of at all.
     *
     * @param employers of a person, by what {@link #people} calls them: literal references to Organizations
     */
    public static List<String> of(Patient patient, Function<String, List<String>> employers) {
        return patient.hasGeneralPractitioner()
                ? patient.getGeneralPractitioner().stream()
                        .flatMap(each -> organization(each)
                                .map(Stream::of)
                                .orElseGet(() -> person(each).stream().flatMap(who -> employers.apply(who).stream())))
                        .distinct()
                        .toList()
                : organization(patient.getManagingOrganization()).stream().toList();
    }

    /** Returns whose organisations are to be looked up: literal references, or identifiers as {@code system|value}. */
    public static List<String> people(Patient patient) {
        return patient.getGeneralPractitioner().stream()
                .filter(each -> organization(each).isEmpty())
                .flatMap(each -> person(each).stream())
                .distinct()
                .toList();
    }

    private static Optional<String> person(Reference reference) {
        return literal(reference)
                .map(ResourceKey::reference)
                .or(() -> Optional.of(reference.getIdentifier())
                        .filter(Identifier::hasValue)
                        .map(MedicalHome::number));
    }

    /** An identifier as {@code system|value}. */
    public static String number(Identifier identifier) {
        return identifier.getSystem() + "|" + identifier.getValue();
    }

    private static Optional<String> organization(Reference reference) {
        return literal(reference).filter(key -> key.type().equals(ORGANIZATION)).map(ResourceKey::reference);
    }

    private static Optional<ResourceKey> literal(Reference reference) {
        return ResourceKey.parse(String.valueOf(reference.getReference()));
    }
}
