package org.careloop.fhirrest.terminology;

import jakarta.inject.Singleton;
import java.util.List;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.fhirrest.OperationInput;
import org.careloop.fhirvalidation.Terminology;
import org.hl7.fhir.r4.model.CodeSystem;
import org.hl7.fhir.r4.model.CodeSystem.ConceptDefinitionComponent;
import org.hl7.fhir.r4.model.CodeType;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Parameters;
import org.hl7.fhir.r4.model.Parameters.ParametersParameterComponent;
import org.hl7.fhir.r4.model.Resource;
import org.hl7.fhir.r4.model.StringType;
import org.hl7.fhir.r4.model.Type;

/**
 * What a code means.
 *
 * @see <a href="https://hl7.org/fhir/R4/codesystem-operation-lookup.html">FHIR R4 CodeSystem $lookup</a>
 */
@Singleton
class LookUpCode implements TerminologyOperation {

    private static final String[] PARAMETERS = {"code", "system", "version", "coding", "property", "displayLanguage"};

    private final Terminology terminology;

    LookUpCode(Terminology terminology) {
        this.terminology = terminology;
    }

    @Override
    public String type() {
        return "CodeSystem";
    }

    @Override
    public String name() {
        return "lookup";
    }

    @Override
    public Resource answer(OperationInput asked) {
        asked.allow(PARAMETERS);
        List<Coding> codings = CodeVerdict.asked(asked, asked.text("system"));
        Coding coding = codings.getFirst();
        if (!coding.hasSystem() || !coding.hasCode()) {
            throw new FhirProblem(
                    ProblemCode.INVALID_PARAMETER, "system, code: missing (expected: both, or a coding with both)");
        }
        String canonical = asked.text("version")
                .map(version -> coding.getSystem() + "|" + version)
                .orElse(coding.getSystem());
        CodeSystem system = terminology.codeSystem(canonical).orElseThrow(() -> TerminologyOperation.unknown("system"));
        ConceptDefinitionComponent concept = terminology
                .concept(canonical, coding.getCode())
                .orElseThrow(() -> TerminologyOperation.unknown("code"));
        return answer(system, concept);
    }

    private static Parameters answer(CodeSystem system, ConceptDefinitionComponent concept) {
        Parameters answer = new Parameters();
        answer.addParameter("name", system.hasTitle() ? system.getTitle() : system.getName());
        if (system.hasVersion()) {
            answer.addParameter("version", system.getVersion());
        }
        answer.addParameter("display", concept.hasDisplay() ? concept.getDisplay() : concept.getCode());
        concept.getDesignation().forEach(designation -> {
            ParametersParameterComponent part = answer.addParameter().setName("designation");
            if (designation.hasLanguage()) {
                part.addPart().setName("language").setValue(new CodeType(designation.getLanguage()));
            }
            part.addPart().setName("value").setValue(new StringType(designation.getValue()));
        });
        if (concept.hasDefinition()) {
            tell(answer, "definition", new StringType(concept.getDefinition()));
        }
        concept.getProperty().stream()
                .filter(property -> property.hasValue())
                .forEach(property -> tell(answer, property.getCode(), property.getValue()));
        return answer;
    }

    private static void tell(Parameters answer, String code, Type value) {
        ParametersParameterComponent property = answer.addParameter().setName("property");
        property.addPart().setName("code").setValue(new CodeType(code));
        property.addPart().setName("value").setValue(value);
    }
}
