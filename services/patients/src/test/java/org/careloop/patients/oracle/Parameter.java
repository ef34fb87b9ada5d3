package org.careloop.patients.oracle;

import ca.uhn.fhir.fhirpath.IFhirPath;
import java.util.Arrays;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.careloop.fhirmodel.FhirJson;
import org.hl7.fhir.r4.model.Base;
import org.hl7.fhir.r4.model.Resource;

/**
 * A search parameter, written down from the standard by hand.
 *
 * @param element FHIRPath from the resource to what holds the values, of a composite to what holds both parts
 * @param types names of the data types that count; empty for all
 * @param first of a composite: where the token is, from the element; {@code second} likewise with its kind in {@code kind}
 */
record Parameter(String type, String name, Kind kind, String element, List<String> types, String first, String second) {

    enum Kind {
        TOKEN,
        STRING,
        DATE,
        QUANTITY,
        REFERENCE,
        URI
    }

    private static final IFhirPath FHIR_PATH = FhirJson.context().newFhirPath();
    private static final Map<Resource, Map<Parameter, List<Base>>> KNOWN = new IdentityHashMap<>();

    static final List<Parameter> ALL =
            Stream.of("""
            Patient identifier TOKEN identifier
            Patient family STRING name.family
            Patient given STRING name.given
            Patient name STRING name
            Patient address STRING address
            Patient address-city STRING address.city
            Patient gender TOKEN gender
            Patient birthdate DATE birthDate
            Patient active TOKEN active
            Patient telecom TOKEN telecom
            Patient email TOKEN telecom.where(system='email')
            Patient organization REFERENCE managingOrganization
            Patient language TOKEN communication.language
            Patient death-date DATE deceased dateTime
            RelatedPerson name STRING name
            RelatedPerson patient REFERENCE patient
            RelatedPerson birthdate DATE birthDate
            Group identifier TOKEN identifier
            Group actual TOKEN actual
            Group characteristic TOKEN characteristic.code
            Group value TOKEN characteristic.value CodeableConcept,boolean
            Group member REFERENCE member.entity
            Group characteristic-value TOKEN characteristic CodeableConcept,boolean code value
            Observation identifier TOKEN identifier
            Observation code TOKEN code
            Observation category TOKEN category
            Observation status TOKEN status
            Observation date DATE effective
            Observation subject REFERENCE subject
            Observation value-quantity QUANTITY value Quantity
            Observation value-concept TOKEN value CodeableConcept
            Observation value-string STRING value|value.text string
            Observation value-date DATE value dateTime,Period
            Observation component-code TOKEN component.code
            Observation component-value-quantity QUANTITY component.value Quantity
            Observation combo-code TOKEN code|component.code
            Observation combo-value-concept TOKEN value|component.value CodeableConcept
            Observation combo-value-quantity QUANTITY value|component.value Quantity
            Observation code-value-quantity QUANTITY $this Quantity code value
            Observation code-value-concept TOKEN $this CodeableConcept code value
            Observation code-value-string STRING $this string code value
            Observation code-value-date DATE $this dateTime,Period code value
            Observation component-code-value-quantity QUANTITY component Quantity code value
            Observation component-code-value-concept TOKEN component CodeableConcept code value
            Observation combo-code-value-quantity QUANTITY $this|component Quantity code value
            Observation combo-code-value-concept TOKEN $this|component CodeableConcept code value
            Condition code TOKEN code
            Condition subject REFERENCE subject
            Condition onset-date DATE onset dateTime,Period
            Condition onset-age QUANTITY onset Age,Range
            Condition recorded-date DATE recordedDate
            AllergyIntolerance code TOKEN code|reaction.substance
            AllergyIntolerance manifestation TOKEN reaction.manifestation
            AllergyIntolerance patient REFERENCE patient
            AllergyIntolerance date DATE recordedDate
            MedicationRequest code TOKEN medication CodeableConcept
            MedicationRequest authoredon DATE authoredOn
            MedicationRequest date DATE dosageInstruction.timing.event
            Procedure code TOKEN code
            Procedure date DATE performed dateTime,Period
            Procedure subject REFERENCE subject
            DocumentReference date DATE date
            DocumentReference relation TOKEN relatesTo.code
            DocumentReference relatesto REFERENCE relatesTo.target
            DocumentReference relationship REFERENCE relatesTo Reference code target
            Questionnaire url URI url
            Questionnaire title STRING title
            Questionnaire context-type TOKEN useContext.code
            Questionnaire context TOKEN useContext.value CodeableConcept
            Questionnaire context-quantity QUANTITY useContext.value Quantity,Range
            Questionnaire context-type-value TOKEN useContext CodeableConcept code value
            Questionnaire context-type-quantity QUANTITY useContext Quantity,Range code value
            DiagnosticReport code TOKEN code
            DiagnosticReport result REFERENCE result
            DiagnosticReport subject REFERENCE subject
            """.split("\n")).map(Parameter::read).toList();

    private static Parameter read(String line) {
        String[] parts = line.strip().split(" ");
        return new Parameter(
                parts[0],
                parts[1],
                Kind.valueOf(parts[2]),
                parts[3],
                parts.length > 4 ? Arrays.asList(parts[4].split(",")) : List.of(),
                parts.length > 5 ? parts[5] : "",
                parts.length > 5 ? parts[6] : "");
    }

    static Parameter of(String type, String name) {
        if (name.equals("_tag")) {
            return new Parameter(type, name, Kind.TOKEN, "meta.tag", List.of(), "", "");
        }
        if (name.equals("_profile") || name.equals("_source")) {
            return new Parameter(type, name, Kind.URI, "meta." + name.substring(1), List.of(), "", "");
        }
        return ALL.stream()
                .filter(each -> each.type.equals(type) && each.name.equals(name))
                .findFirst()
                .orElseThrow();
    }

    static List<Parameter> of(String type) {
        return Stream.concat(
                        ALL.stream().filter(each -> each.type.equals(type)),
                        Stream.of(of(type, "_profile"), of(type, "_source")))
                .toList();
    }

    boolean composite() {
        return !first.isEmpty();
    }

    List<Base> elements(Resource resource) {
        return Arrays.stream(element.split("\\|"))
                .flatMap(path ->
                        FHIR_PATH.evaluate(resource, path.replace("$this", resource.fhirType()), Base.class).stream())
                .toList();
    }

    List<Base> values(Resource resource) {
        return KNOWN.computeIfAbsent(resource, each -> new HashMap<>())
                .computeIfAbsent(
                        this,
                        each -> elements(resource).stream().filter(this::counts).toList());
    }

    List<Base> firsts(Base element) {
        return FHIR_PATH.evaluate(element, first, Base.class);
    }

    List<Base> seconds(Base element) {
        return FHIR_PATH.evaluate(element, second, Base.class).stream()
                .filter(this::counts)
                .toList();
    }

    private boolean counts(Base value) {
        return types.isEmpty() || types.contains(value.fhirType());
    }
}
