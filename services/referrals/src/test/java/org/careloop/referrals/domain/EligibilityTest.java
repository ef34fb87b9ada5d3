package org.careloop.referrals.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.hl7.fhir.r4.model.HealthcareService;
import org.hl7.fhir.r4.model.Patient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whom a service is for, by the criteria of {@code HealthcareService.eligibility}. */
class EligibilityTest {

    private static final LocalDate TODAY = LocalDate.of(2026, 11, 28);
    private static final String OLD =
            "{'code':{'system':'http://terminology.hl7.org/CodeSystem/usage-context-type','code':'age'},"
                    + "'valueRange':{'low':{'value':60,'system':'http://unitsofmeasure.org','code':'a'}}}";
    private static final String YOUNG =
            "{'code':{'system':'http://terminology.hl7.org/CodeSystem/usage-context-type','code':'age'},"
                    + "'valueRange':{'low':{'value':16,'system':'http://unitsofmeasure.org','code':'a'},"
                    + "'high':{'value':24,'system':'http://unitsofmeasure.org','code':'a'}}}";
    private static final String WOMEN =
            "{'code':{'system':'http://terminology.hl7.org/CodeSystem/usage-context-type','code':'gender'},"
                    + "'valueCodeableConcept':{'coding':[{'system':'http://hl7.org/fhir/administrative-gender','code':'female'}]}}";

    /** Sixty on the day itself; a year or a month is judged where all its days agree. */
    @ParameterizedTest
    @CsvSource({
        "1966-11-28, ELIGIBLE",
        "1966-11-29, NOT_ELIGIBLE",
        "1966-10, ELIGIBLE",
        "1966-11, ELIGIBILITY_TO_CHECK",
        "1966-12, NOT_ELIGIBLE",
        "1965, ELIGIBLE",
        "1966, ELIGIBILITY_TO_CHECK",
        "1967, NOT_ELIGIBLE",
        "'', ELIGIBILITY_TO_CHECK",
    })
    void judgesTheAgeInCompletedYears(String birthDate, ChoiceReason expected) {
        assertThat(judge(List.of(element(OLD)), birthDate, "")).contains(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "2010-11-28, ELIGIBLE",
        "2010-11-29, NOT_ELIGIBLE",
        "2001-11-29, ELIGIBLE",
        "2001-11-28, NOT_ELIGIBLE",
        "2001, ELIGIBILITY_TO_CHECK",
        "2005, ELIGIBLE",
    })
    void bothEndsOfARangeAreIncluded(String birthDate, ChoiceReason expected) {
        assertThat(judge(List.of(element(YOUNG)), birthDate, "")).contains(expected);
    }

    @ParameterizedTest
    @CsvSource({"female, ELIGIBLE", "male, NOT_ELIGIBLE", "unknown, ELIGIBILITY_TO_CHECK", "'', ELIGIBILITY_TO_CHECK"})
    void judgesTheGender(String gender, ChoiceReason expected) {
        assertThat(judge(List.of(element(WOMEN)), "", gender)).contains(expected);
    }

    /** All of one element, with what is not known only where nothing is against it already. */
    @ParameterizedTest
    @CsvSource({
        "1950, female, ELIGIBLE",
        "1950, male, NOT_ELIGIBLE",
        "1990, '', NOT_ELIGIBLE",
        "'', male, NOT_ELIGIBLE",
        "1950, '', ELIGIBILITY_TO_CHECK",
    })
    void allCriteriaOfAnElementHold(String birthDate, String gender, ChoiceReason expected) {
        assertThat(judge(List.of(element(OLD, WOMEN)), birthDate, gender)).contains(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "1950, male, ELIGIBLE",
        "1990, female, ELIGIBLE",
        "1990, male, NOT_ELIGIBLE",
        "1990, '', ELIGIBILITY_TO_CHECK",
        "1950, '', ELIGIBLE",
    })
    void oneOfSeveralElementsIsEnough(String birthDate, String gender, ChoiceReason expected) {
        assertThat(judge(List.of(element(OLD), element(WOMEN)), birthDate, gender))
                .contains(expected);
    }

    @Test
    void wordsAndOtherCodesAreForPeopleToJudge() {
        String words = "{'code':{'text':'Veterans'},'comment':'Veterans'}";
        assertThat(judge(List.of(words), "1950", "male")).contains(ChoiceReason.ELIGIBILITY_TO_CHECK);
        assertThat(judge(List.of(words, element(OLD)), "1990", "")).contains(ChoiceReason.ELIGIBILITY_TO_CHECK);
        assertThat(judge(List.of(words, element(OLD)), "1950", "")).contains(ChoiceReason.ELIGIBLE);
        // One that was stored before it was checked.
        assertThat(judge(
                        List.of("{'extension':[{'url':'" + Eligibility.CRITERION + "','valueString':'x'}]}"),
                        "1950",
                        ""))
                .contains(ChoiceReason.ELIGIBILITY_TO_CHECK);
    }

    @Test
    void saysNothingOfAServiceForEverybody() {
        assertThat(judge(List.of(), "1950", "male")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {OLD, YOUNG, WOMEN})
    void takesCriteriaThatCanBeRead(String criterion) {
        assertThatCode(() -> Eligibility.check(service(List.of(element(criterion), "{'comment':'Anybody'}"))))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'valueString':'old'",
                "'valueUsageContext':{'code':{'system':'http://terminology.hl7.org/CodeSystem/usage-context-type','code':'age'}}",
                "'valueUsageContext':{'code':{'system':'http://terminology.hl7.org/CodeSystem/usage-context-type','code':'age'},"
                        + "'valueRange':{'low':{'value':60}}}",
                "'valueUsageContext':{'code':{'system':'http://terminology.hl7.org/CodeSystem/usage-context-type','code':'age'},"
                        + "'valueRange':{'low':{'value':6,'system':'http://unitsofmeasure.org','code':'mo'}}}",
                "'valueUsageContext':{'code':{'system':'http://terminology.hl7.org/CodeSystem/usage-context-type','code':'age'},"
                        + "'valueRange':{'low':{'value':0.5,'system':'http://unitsofmeasure.org','code':'a'}}}",
                "'valueUsageContext':{'code':{'system':'http://terminology.hl7.org/CodeSystem/usage-context-type','code':'age'},"
                        + "'valueRange':{'low':{'value':60,'system':'http://unitsofmeasure.org','code':'a'},"
                        + "'high':{'value':59,'system':'http://unitsofmeasure.org','code':'a'}}}",
                "'valueUsageContext':{'code':{'system':'http://terminology.hl7.org/CodeSystem/usage-context-type','code':'gender'},"
                        + "'valueCodeableConcept':{'text':'women'}}",
                "'valueUsageContext':{'code':{'system':'http://terminology.hl7.org/CodeSystem/usage-context-type','code':'gender'},"
                        + "'valueCodeableConcept':{'coding':[{'system':'http://hl7.org/fhir/administrative-gender','code':'f'}]}}",
                "'valueUsageContext':{'code':{'system':'http://terminology.hl7.org/CodeSystem/usage-context-type','code':'venue'},"
                        + "'valueCodeableConcept':{'text':'home'}}",
                "'valueUsageContext':{'code':{'system':'urn:other','code':'age'},"
                        + "'valueRange':{'low':{'value':60,'system':'http://unitsofmeasure.org','code':'a'}}}",
            })
    void refusesCriteriaThatCannotBeRead(String value) {
        HealthcareService service =
                service(List.of("{'extension':[{'url':'" + Eligibility.CRITERION + "'," + value + "}]}"));
        assertThatThrownBy(() -> Eligibility.check(service)).isInstanceOfSatisfying(FhirProblem.class, problem -> {
            assertThat(problem.code()).isEqualTo(ProblemCode.RULE_VIOLATED);
            assertThat(problem.getMessage()).contains("a criterion that cannot be read");
        });
    }

    @Test
    void addsAges() {
        // Given
        HealthcareService service = new HealthcareService();
        // When
        Eligibility.addAges(service.addEligibility(), Optional.of(60), Optional.empty());
        // Then
        assertThatCode(() -> Eligibility.check(service)).doesNotThrowAnyException();
        assertThat(Eligibility.judge(service, person("1950", ""), TODAY)).contains(ChoiceReason.ELIGIBLE);
    }

    private static Optional<ChoiceReason> judge(List<String> elements, String birthDate, String gender) {
        return Eligibility.judge(service(elements), person(birthDate, gender), TODAY);
    }

    private static PersonServed person(String birthDate, String gender) {
        String patient = "{'resourceType':'Patient'" + (birthDate.isEmpty() ? "" : ",'birthDate':'" + birthDate + "'")
                + (gender.isEmpty() ? "" : ",'gender':'" + gender + "'") + "}";
        return PersonServed.of(FhirJson.parse(Patient.class, bytes(patient)));
    }

    private static String element(String... criteria) {
        return "{'extension':["
                + Arrays.stream(criteria)
                        .map(each -> "{'url':'" + Eligibility.CRITERION + "','valueUsageContext':" + each + "}")
                        .collect(Collectors.joining(","))
                + "]}";
    }

    private static HealthcareService service(List<String> elements) {
        return FhirJson.parse(
                HealthcareService.class,
                bytes("{'resourceType':'HealthcareService'"
                        + (elements.isEmpty() ? "" : ",'eligibility':[" + String.join(",", elements) + "]") + "}"));
    }

    private static byte[] bytes(String json) {
        return json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    }
}
