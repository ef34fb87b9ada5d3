package org.careloop.fhirsearch;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.careloop.fhirmodel.ResourceKey;
import org.hl7.fhir.r4.model.Base;
import org.hl7.fhir.r4.model.Element;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Resource;

/**
 * Membership in a patient's compartment.
 *
 * @see <a href="https://hl7.org/fhir/R4/compartmentdefinition-patient.html">Patient compartment</a>
 */
public final class Compartment {

    private static final String TYPE = "Patient";

    /** Tried in this order; a resource belongs to the first patient that one of them names. */
    private static final List<String> PARAMETERS = List.of("patient", "subject", "beneficiary", "individual");

    /** Extension of the links that a merge sets; what others write of links tells nothing. */
    public static final String MERGED = "https://careloop.org/fhir/StructureDefinition/merged";

    private static final SearchPath LINKS =
            SearchPath.compile(TYPE, TYPE + ".link.where(type='replaced-by')").orElseThrow();
    private static final SearchPath OTHER = SearchPath.compilePart("other").orElseThrow();

    private Compartment() {}

    /** Tells whether resources of {@code type} can be in a patient's compartment. */
    public static boolean has(String type) {
        return type.equals(TYPE) || PARAMETERS.stream().anyMatch(SearchParameters.of(type)::containsKey);
    }

    /** Tells whether resources of {@code type} are patients, each with a compartment of its own. */
    public static boolean isPatient(String type) {
        return type.equals(TYPE);
    }

    /** Returns the key of the Patient with this id. */
    public static ResourceKey patient(String id) {
        return ResourceKey.of(TYPE, id);
    }

    /** Returns the id of the patient who stands for {@code resource} since a merge found them to be the same person. */
    public static Optional<String> survivorOf(Resource resource) {
        return resource.fhirType().equals(TYPE)
                ? LINKS.evaluate(resource).stream()
                        .filter(link -> link instanceof Element element && element.hasExtension(MERGED))
                        .flatMap(link -> OTHER.evaluate(link).stream())
                        .flatMap(other -> memberOf(other).stream())
                        .findFirst()
                : Optional.empty();
    }

    /** The element of a patient that {@link #survivorOf} reads. */
    public static String survivorElement() {
        return "link";
    }

    /** Returns the id of the patient in whose compartment {@code resource} is; a Patient is in its own. */
    public static Optional<String> patientOf(Resource resource) {
        String type = resource.fhirType();
        if (type.equals(TYPE)) {
            return Optional.ofNullable(resource.getIdElement().getIdPart());
        }
        Map<String, SearchParameter> parameters = SearchParameters.of(type);
        for (String name : PARAMETERS) {
            SearchParameter parameter = parameters.get(name);
            if (parameter != null) {
                for (Base element : parameter.path().evaluate(resource)) {
                    Optional<String> patient = memberOf(element);
                    if (patient.isPresent()) {
                        return patient;
                    }
                }
            }
        }
        return Optional.empty();
    }

    private static Optional<String> memberOf(Base element) {
        return element instanceof Reference reference && reference.hasReference()
                ? ResourceKey.parse(OwnServer.relative(reference.getReference()))
                        .filter(key -> key.type().equals(TYPE))
                        .map(key -> key.id().value())
                : Optional.empty();
    }
}
