package org.careloop.fhirsearch;

import static org.assertj.core.api.Assertions.assertThat;

import ca.uhn.fhir.context.RuntimeSearchParam;
import ca.uhn.fhir.fhirpath.IFhirPath;
import ca.uhn.fhir.fhirpath.IFhirPathEvaluationContext;
import ca.uhn.fhir.rest.api.RestSearchParameterTypeEnum;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.careloop.fhirmodel.FhirJson;
import org.hl7.fhir.instance.model.api.IBase;
import org.hl7.fhir.instance.model.api.IIdType;
import org.hl7.fhir.r4.model.Base;
import org.hl7.fhir.r4.model.IdType;
import org.hl7.fhir.r4.model.Observation;
import org.hl7.fhir.r4.model.Patient;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Resource;
import org.hl7.fhir.r4.model.Task;
import org.hl7.fhir.r4.model.Task.TaskStatus;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** @see <a href="https://hl7.org/fhir/R4/searchparameter-registry.html">Search parameters of FHIR R4</a> */
class SearchPathTest {

    private static final Set<RestSearchParameterTypeEnum> LEFT_OUT = Set.of(RestSearchParameterTypeEnum.SPECIAL);

    private static final Map<String, List<String>> OWN = Map.of(
            "Bundle", List.of("subject"),
            "Task", List.of("claimable-by", "due", "alarm"),
            "HealthcareService", List.of("capacity", "language", "eligibility", "day"),
            "VerificationResult", List.of("status", "performed", "attester"));

    private static final Pattern CAST =
            Pattern.compile("\\(?(?<path>[\\w.]+?)(?: as |\\.as\\()(?<type>\\w+)\\)(?<rest>.*)");

    private static final IFhirPath FHIR_PATH = fhirPath();

    static Stream<String> ownedTypes() {
        return OwnedTypes.all();
    }

    @ParameterizedTest
    @MethodSource("ownedTypes")
    void everyParameterOfTheCatalogueIsKnown(String type) {
        // Given
        Set<String> defined = new TreeSet<>();
        FhirJson.context().getResourceDefinition(type).getSearchParams().stream()
                .filter(parameter -> !LEFT_OUT.contains(parameter.getParamType()))
                .map(RuntimeSearchParam::getName)
                .forEach(defined::add);
        defined.add("_source");
        defined.addAll(OWN.getOrDefault(type, List.of()));
        // Then
        assertThat(defined).isNotEmpty();
        assertThat(SearchParameters.of(type).keySet()).isEqualTo(defined);
    }

    @ParameterizedTest
    @MethodSource("ownedTypes")
    void givesTheSameElementsAsFhirPath(String type) {
        for (int variant = 0; variant < FilledResources.VARIANTS; variant++) {
            Resource resource = FilledResources.of(type, variant);
            for (RuntimeSearchParam defined :
                    FhirJson.context().getResourceDefinition(type).getSearchParams()) {
                indexed(type, defined.getName()).ifPresent(parameter -> {
                    // When
                    List<Base> found = parameter.path().evaluate(resource);
                    // Then
                    assertThat(texts(found))
                            .as("%s.%s = %s", type, defined.getName(), defined.getPath())
                            .isEqualTo(texts(byFhirPath(resource, defined.getPath())));
                });
            }
        }
    }

    @Test
    void comparisonMeetsAValueForEveryParameter() {
        // Given
        Set<String> without = new TreeSet<>();
        // When
        ownedTypes()
                .forEach(type -> SearchParameters.of(type).values().stream()
                        .filter(parameter -> indexed(type, parameter.name()).isPresent())
                        .filter(parameter -> IntStream.range(0, FilledResources.VARIANTS)
                                .allMatch(variant -> parameter
                                        .path()
                                        .evaluate(FilledResources.of(type, variant))
                                        .isEmpty()))
                        .forEach(parameter -> without.add(type + "." + parameter.name())));
        // Then: three lead into whole resources inside a document or message, one wants an element to be absent, three
        // an
        // extension
        assertThat(without)
                .isEqualTo(Set.of(
                        "Bundle.composition",
                        "Bundle.message",
                        "Bundle.subject",
                        "Task.claimable-by",
                        "Task.due",
                        "Task.alarm",
                        "HealthcareService.capacity",
                        // "text" is left empty, as that of resources is
                        "List.notes"));
    }

    /** FHIRPath gives the same; that what the path asks of the resource is among its elements matters to who parses only these. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            'status':'requested'                                         | Organization/a Organization/b
            'status':'requested','owner':{'display':'Somebody'}          |
            'status':'requested','owner':{'reference':'Organization/a'}  |
            'status':'accepted'                                          |
            'status':'draft'                                             |
            """)
    void aTaskMayBeClaimedByItsRecipientsWhileItIsRequestedAndHasNoOwner(String elements, @Nullable String expected) {
        // Given
        SearchPath path =
                SearchParameters.find("Task", "claimable-by").orElseThrow().path();
        Resource task =
                FhirJson.parse(("{'resourceType':'Task',%s,'restriction':{'recipient':[{'reference':'Organization/a'},"
                                + "{'reference':'Organization/b'}]}}")
                        .formatted(elements)
                        .replace('\'', '"')
                        .getBytes(StandardCharsets.UTF_8));
        // When
        List<Base> found = path.evaluate(task);
        // Then
        assertThat(found.stream()
                        .map(reference -> ((Reference) reference).getReference())
                        .collect(Collectors.joining(" ")))
                .isEqualTo(expected == null ? "" : expected);
        assertThat(texts(found))
                .isEqualTo(texts(
                        byFhirPath(task, "Task.where(owner.empty()).where(status='requested').restriction.recipient")));
        assertThat(path.elements()).containsExactlyInAnyOrder("owner", "status", "restriction");
    }

    @Test
    void theClocksOfATaskAreInItsExtensions() {
        // Given
        Resource task = FhirJson.parse("""
                {"resourceType":"Task","extension":[
                 {"url":"https://careloop.org/fhir/StructureDefinition/task-clock","extension":[
                  {"url":"clock","valueCode":"accept-by"},
                  {"url":"due","valueDateTime":"2026-11-17T22:00:00.000Z"},
                  {"url":"alarm","valueDateTime":"2026-11-16T22:00:00.000Z"}]},
                 {"url":"https://example.org/other","extension":[{"url":"due","valueDateTime":"2026-11-18"}]}]}
                """.getBytes(StandardCharsets.UTF_8));
        // Then
        for (String name : List.of("due", "alarm")) {
            SearchPath path = SearchParameters.find("Task", name).orElseThrow().path();
            assertThat(texts(path.evaluate(task)))
                    .hasSize(1)
                    .isEqualTo(texts(byFhirPath(
                            task,
                            "Task.extension.where(url='https://careloop.org/fhir/StructureDefinition/task-clock')"
                                    + ".extension.where(url='%s').value".formatted(name))));
            assertThat(path.elements()).containsExactly("extension");
        }
    }

    @Test
    void anElementThatWasOnlyAskedForIsStillAbsent() {
        // Given
        Task task = new Task().setStatus(TaskStatus.REQUESTED);
        task.getRestriction().addRecipient(new Reference("Organization/a"));
        // When
        task.getOwner();
        // Then
        assertThat(SearchParameters.find("Task", "claimable-by")
                        .orElseThrow()
                        .path()
                        .evaluate(task))
                .hasSize(1);
    }

    @Test
    void deceasedIsTrueWithATimeOrTrueAndFalseOtherwise() {
        assertThat(deceased("{\"resourceType\":\"Patient\"}")).isEqualTo("false");
        assertThat(deceased("{\"resourceType\":\"Patient\",\"deceasedBoolean\":false}"))
                .isEqualTo("false");
        assertThat(deceased("{\"resourceType\":\"Patient\",\"deceasedBoolean\":true}"))
                .isEqualTo("true");
        assertThat(deceased("{\"resourceType\":\"Patient\",\"deceasedDateTime\":\"2026-11-01\"}"))
                .isEqualTo("true");
    }

    @Test
    void picksReferencesByTheTypeOfTheirTarget() {
        // Given
        SearchPath patient =
                SearchParameters.find("Observation", "patient").orElseThrow().path();
        // Then
        assertThat(patient.evaluate(about(new Reference("Patient/1")))).hasSize(1);
        assertThat(patient.evaluate(about(new Reference("http://other.example/fhir/Patient/1"))))
                .hasSize(1);
        assertThat(patient.evaluate(about(new Reference("urn:uuid:1").setType("Patient"))))
                .hasSize(1);
        assertThat(patient.evaluate(about(new Reference("Group/1")))).isEmpty();
        assertThat(patient.evaluate(about(new Reference("#contained")))).isEmpty();
        assertThat(patient.evaluate(about(new Reference().setDisplay("somebody"))))
                .isEmpty();
    }

    @Test
    void namesTheElementsItStartsAt() {
        assertThat(elements("Task", "patient")).containsExactly("for");
        assertThat(elements("Observation", "date")).containsExactly("effective");
        assertThat(elements("Observation", "combo-code")).containsExactlyInAnyOrder("code", "component");
        assertThat(elements("Patient", "email")).containsExactly("telecom");
    }

    private static Set<String> elements(String type, String name) {
        return SearchParameters.find(type, name).orElseThrow().path().elements();
    }

    @Test
    void refusesWhatItDoesNotKnow() {
        assertThat(SearchPath.compile("Patient", "Patient.name.first()")).isEmpty();
        assertThat(SearchPath.compile("Patient", "Patient.name.where(use = 'official').family"))
                .isEmpty();
        assertThat(SearchPath.compile("Patient", "Observation.code")).isEmpty();
        assertThat(SearchPath.compile("Patient", "")).isEmpty();
    }

    private static Optional<SearchParameter> indexed(String type, String name) {
        return SearchParameters.find(type, name)
                .filter(found -> found.kind() != SearchParameter.Kind.COMPOSITE)
                .filter(found -> !SearchParameters.FROM_COLUMNS.contains(name));
    }

    private static String deceased(String json) {
        Patient patient = FhirJson.parse(Patient.class, json.getBytes(StandardCharsets.UTF_8));
        return SearchParameters.find("Patient", "deceased")
                .orElseThrow()
                .path()
                .evaluate(patient)
                .getFirst()
                .primitiveValue();
    }

    private static Observation about(Reference subject) {
        return new Observation().setSubject(subject);
    }

    private static List<String> texts(List<Base> elements) {
        return elements.stream()
                .map(element -> element.fhirType() + " "
                        + (element.isPrimitive()
                                ? element.primitiveValue()
                                : FhirJson.context().newJsonParser().encodeToString(element)))
                .toList();
    }

    /** HAPI's catalogue lists the alternatives of all types that share a parameter; only this type's own are evaluated. */
    private static List<Base> byFhirPath(Resource resource, String path) {
        String expression = path.replaceFirst("^Resource\\.", resource.fhirType() + ".");
        if (expression.contains(" and ")) {
            return FHIR_PATH.evaluate(resource, expression, Base.class);
        }
        return Stream.of(expression.split("\\|"))
                .map(String::strip)
                .filter(part -> part.replace("(", "").startsWith(resource.fhirType() + "."))
                .flatMap(part -> alternative(resource, part))
                .toList();
    }

    /** The engine knows no types without the definitions of all structures, so casts are done here. */
    private static Stream<Base> alternative(Base base, String expression) {
        Matcher cast = CAST.matcher(expression);
        if (!cast.matches()) {
            return FHIR_PATH.evaluate(base, expression, Base.class).stream();
        }
        String rest = cast.group("rest");
        return FHIR_PATH.evaluate(base, cast.group("path"), Base.class).stream()
                .filter(element -> element.fhirType().equals(cast.group("type")))
                .flatMap(element -> rest.isEmpty() ? Stream.of(element) : alternative(element, rest.substring(1)));
    }

    private static IFhirPath fhirPath() {
        IFhirPath engine = FhirJson.context().newFhirPath();
        engine.setEvaluationContext(new IFhirPathEvaluationContext() {
            @Override
            public IBase resolveReference(IIdType reference, @Nullable IBase context) {
                return FhirJson.context()
                        .getResourceDefinition(new IdType(reference.getValue()).getResourceType())
                        .newInstance();
            }
        });
        return engine;
    }
}
