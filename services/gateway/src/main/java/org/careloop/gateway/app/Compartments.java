package org.careloop.gateway.app;

import ca.uhn.fhir.context.RuntimeSearchParam;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.fhirsearch.Condition;
import org.careloop.fhirsearch.IndexHash;
import org.careloop.fhirsearch.SearchParameter;
import org.careloop.fhirsearch.SearchParameters;

/**
 * Which resources are in a compartment: those that refer to its resource by one of the parameters that R4 defines. The
 * column by which access is decided is narrower (one patient for each resource), so it does not answer this.
 *
 * @see <a href="https://hl7.org/fhir/R4/compartmentdefinition.html">FHIR R4 compartments</a>
 */
final class Compartments {

    /** The types that R4 defines compartments of. */
    static final Set<String> NAMES = Set.of("Patient", "Encounter", "RelatedPerson", "Practitioner", "Device");

    private Compartments() {}

    /**
     * Returns the parameters by which a resource of {@code type} is in a compartment of {@code name}; none when it never is.
     * What R4 leaves out although it has a {@code patient} (R4B and R5 have it in) counts by that: coordination without
     * Tasks would be none.
     */
    static Set<String> parameters(String name, String type) {
        Set<String> parameters = new TreeSet<>();
        // HAPI's own list also has every other parameter with the same path, which finds the same at twice the cost.
        List<RuntimeSearchParam> defined = FhirJson.context().getResourceDefinition(type).getSearchParams().stream()
                .filter(parameter -> isIn(parameter, name))
                .toList();
        Stream.concat(
                        defined.stream().map(RuntimeSearchParam::getName),
                        defined.isEmpty() && name.equals("Patient") ? Stream.of("patient") : Stream.empty())
                .filter(parameter -> SearchParameters.find(type, parameter)
                        .filter(found -> found.kind() == SearchParameter.Kind.REFERENCE)
                        .isPresent())
                .forEach(parameters::add);
        return parameters;
    }

    private static boolean isIn(RuntimeSearchParam parameter, String name) {
        Set<String> compartments = parameter.getProvidesMembershipInCompartments();
        return compartments != null
                && compartments.stream().anyMatch(each -> each.equals(name) || each.endsWith(" for " + name));
    }

    /**
     * Returns what a resource of {@code type} must fulfil to be in the compartment of one of {@code members}, keys of
     * resources of type {@code name}, see {@link IndexHash#ofTarget}: one condition for each parameter, of which one holds.
     */
    static List<Condition> of(String name, Set<Long> members, String type) {
        Stream<Condition> references = parameters(name, type).stream()
                .map(parameter -> new Condition.RefersTo(IndexHash.ofParameter(type, parameter), members));
        Stream<Condition> itself = name.equals(type) ? Stream.of(new Condition.HasKey(members)) : Stream.empty();
        return Stream.concat(itself, references).toList();
    }
}
