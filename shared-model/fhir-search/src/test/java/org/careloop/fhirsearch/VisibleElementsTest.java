package org.careloop.fhirsearch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VisibleElementsTest {

    private static final Condition IN_PART = new Condition.AllOf(List.of(
            new Condition.AnyOf(List.of(new Condition.AllOf(List.of(
                    new Condition.GrantedTo("harbor", "asked"),
                    new Condition.InPart(Set.of("name", "birthDate", "deceased")))))),
            new Condition.InCompartment("p1")));
    private static final Function<String, Condition> ACCESS =
            type -> type.equals("Patient") ? IN_PART : Condition.EVERYTHING;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "name=kim",
                "name:missing=true",
                "family:exact=Kim",
                "birthdate=ge1950",
                "deceased=true",
                "_id=1",
                "_lastUpdated=gt2020",
                "_security=R",
                "_tag:not=x",
                "_sort=-birthdate,_id",
                "_has:Observation:subject:code=x",
                "_summary=count"
            })
    void whatIsSeenIsSearched(String query) {
        assertThatCode(() -> VisibleElements.within(search("Patient", query), ACCESS))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "identifier=1",
                "identifier:of-type=http://x|MR|1",
                "identifier:missing=true",
                "gender=male",
                "gender:not=male",
                "gender:text=male",
                "gender:in=http://x",
                "telecom=1",
                "phone=1",
                "address-city=x",
                "general-practitioner=Practitioner/1",
                "general-practitioner:identifier=x|1",
                "link:Patient.name=kim",
                "_sort=gender",
                "_sort=name,address",
                "name=kim&gender=male",
                "_has:Patient:link:name=kim",
                "_has:Observation:subject:subject:Patient.gender=male"
            })
    void whatIsNotSeenIsNotSearchedEither(String query) {
        refused(() -> VisibleElements.within(search("Patient", query), ACCESS));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "subject:Patient.gender=male",
                "patient.identifier=1",
                "code:not=1&subject:Patient.link=Patient/1"
            })
    void norByAChain(String query) {
        refused(() -> VisibleElements.within(search("Observation", query), ACCESS));
    }

    @ParameterizedTest
    @ValueSource(strings = {"subject:Patient.name=kim", "subject=Patient/1", "_sort=code"})
    void otherTypesAreSearchedAsBefore(String query) {
        assertThatCode(() -> VisibleElements.within(search("Observation", query), ACCESS))
                .doesNotThrowAnyException();
    }

    /** As in a patient's whole record: of each type by its own parameter. */
    @Test
    void ofSeveralTypesEachIsAskedForWhatItHas() {
        // Given
        Condition ofObservation = SearchParser.condition("Observation", QueryParameter.parse("subject=Patient/1"));
        Condition ofPatient = SearchParser.condition("Patient", QueryParameter.parse("identifier=1"));
        Set<String> both = Set.of("Patient", "Observation");
        // Then
        assertThatCode(() -> VisibleElements.within(SearchRequest.all(both, ofObservation, 10), ACCESS))
                .doesNotThrowAnyException();
        refused(() -> VisibleElements.within(SearchRequest.all(both, ofPatient, 10), ACCESS));
        refused(() -> VisibleElements.within(SearchRequest.all(Set.of("Patient"), ofObservation, 10), ACCESS));
    }

    /** Whose record it is finds the Patient; who is linked to them does not, where links are not seen. */
    @Test
    void ofAlternativesThoseCountThatLookAtWhatIsSeen() {
        // Given
        Condition itself = new Condition.HasKey(Set.of(1L));
        Condition linked = new Condition.RefersTo(IndexHash.ofParameter("Patient", "link"), Set.of(1L));
        Condition ofObservation = new Condition.RefersTo(IndexHash.ofParameter("Observation", "subject"), Set.of(1L));
        Condition since = SearchParser.condition("Patient", QueryParameter.parse("birthdate=ge1950"));
        // When
        SearchRequest within = VisibleElements.within(
                SearchRequest.all(
                        Set.of("Patient", "Observation"),
                        anyOf(new Condition.AllOf(List.of(anyOf(itself, linked), since)), linked, ofObservation),
                        10),
                ACCESS);
        // Then
        assertThat(within.condition())
                .isEqualTo(anyOf(new Condition.AllOf(List.of(anyOf(itself), since)), ofObservation));
        refused(() -> VisibleElements.within(SearchRequest.all(Set.of("Patient"), anyOf(linked), 10), ACCESS));
    }

    private static Condition anyOf(Condition... conditions) {
        return new Condition.AnyOf(List.of(conditions));
    }

    @Test
    void aReferenceThatIsNotSeenIsNotFollowed() {
        // Given
        SearchRequest request =
                search("Patient", "_include=Patient:link&_revinclude=Patient:link&_revinclude=Observation:subject");
        long link = IndexHash.ofParameter("Patient", "link");
        // Then
        assertThat(VisibleElements.within(request, ACCESS).includes())
                .extracting(SearchRequest.Include::source)
                .containsExactly("Observation");
        assertThat(VisibleElements.shows("Patient", Set.of(link), ACCESS)).isFalse();
        assertThat(VisibleElements.shows("Observation", Set.of(link), ACCESS)).isTrue();
        refused(() -> VisibleElements.requireFollowed(request, Set.of(link), ACCESS));
    }

    @Test
    void whoSeesAllAsksForAll() {
        // Given
        SearchRequest request = search("Patient", "gender=male&_sort=gender&_include=Patient:link");
        // Then
        assertThatCode(() -> VisibleElements.within(request, type -> Condition.EVERYTHING))
                .doesNotThrowAnyException();
        assertThat(VisibleElements.within(request, type -> Condition.EVERYTHING))
                .isSameAs(request);
    }

    private static SearchRequest search(String type, String query) {
        return new SearchParser(20, 100).parse(type, QueryParameter.parse(query));
    }

    private static void refused(org.assertj.core.api.ThrowableAssert.ThrowingCallable asked) {
        assertThatThrownBy(asked).isInstanceOfSatisfying(FhirProblem.class, problem -> {
            assertThat(problem.code()).isEqualTo(ProblemCode.FORBIDDEN);
            assertThat(problem.getMessage()).contains("birthDate, deceased, name");
        });
    }
}
