package org.careloop.fhirmodel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.hl7.fhir.r4.model.Patient;
import org.hl7.fhir.r4.model.Resource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** @see <a href="https://hl7.org/fhir/R4/xml.html">FHIR R4 XML</a> */
class FhirXmlTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<Patient><active value='true'/></Patient>",
                "<Patient xmlns='http://hl7.org/fhir/'><active value='true'/></Patient>",
                "<Patient xmlns='http://www.w3.org/1999/xhtml'><active value='true'/></Patient>",
                "<f:Patient xmlns:f='urn:hl7-org:v3'><f:active value='true'/></f:Patient>"
            })
    void refusesARootThatIsNotOfFhirAndTellsWhatWasExpected(String xml) {
        assertThatThrownBy(() -> parse(xml))
                .isInstanceOfSatisfying(
                        FhirProblem.class, problem -> assertThat(problem.code()).isEqualTo(ProblemCode.MALFORMED_BODY))
                .hasMessageContaining("root element")
                .hasMessageContaining("expected: xmlns=\"http://hl7.org/fhir\"");
    }

    @Test
    void refusesAnElementOfAnotherNamespaceWithin() {
        assertThatThrownBy(() -> parse(
                        "<Patient xmlns='http://hl7.org/fhir'>\n<active xmlns='urn:other' value='true'/></Patient>"))
                .isInstanceOf(FhirProblem.class)
                .hasMessageContaining("an element not in the namespace of FHIR, near line 2");
    }

    @Test
    void takesTheNamespaceByAPrefixAndXhtmlInTheNarrative() {
        // When
        Resource read = parse(
                "<f:Patient xmlns:f='http://hl7.org/fhir'><f:text><f:status value='generated'/>"
                        + "<div xmlns='http://www.w3.org/1999/xhtml'><p>x</p></div></f:text><f:active value='true'/></f:Patient>");
        // Then
        assertThat(((Patient) read).getActive()).isTrue();
        assertThat(((Patient) read).getText().getDivAsString()).contains("<p>x</p>");
    }

    private static Resource parse(String xml) {
        return FhirXml.parse(xml.getBytes(StandardCharsets.UTF_8));
    }
}
