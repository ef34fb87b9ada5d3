package org.careloop.fhirrest.terminology;

import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.fhirrest.OperationInput;
import org.careloop.fhirvalidation.Terminology;
import org.careloop.fhirvalidation.Terminology.Concept;
import org.hl7.fhir.r4.model.CodeSystem;
import org.hl7.fhir.r4.model.CodeSystem.CodeSystemContentMode;
import org.hl7.fhir.r4.model.CodeSystem.ConceptDefinitionComponent;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Resource;

/**
 * Whether a code is in a code system.
 *
 * @see <a href="https://hl7.org/fhir/R4/codesystem-operation-validate-code.html">FHIR R4 CodeSystem $validate-code</a>
 */
@Singleton
class ValidateInCodeSystem implements TerminologyOperation {

    private static final String[] PARAMETERS = {
        "url", "version", "code", "display", "coding", "codeableConcept", "displayLanguage"
    };

    private final Terminology terminology;

    ValidateInCodeSystem(Terminology terminology) {
        this.terminology = terminology;
    }

    @Override
    public String type() {
        return "CodeSystem";
    }

    @Override
    public String name() {
        return "validate-code";
    }

    @Override
    public Resource answer(OperationInput asked) {
        asked.allow(PARAMETERS);
        List<Coding> codings = CodeVerdict.asked(asked, asked.text("url"));
        String url = asked.text("url")
                .or(() -> codings.stream()
                        .filter(Coding::hasSystem)
                        .map(Coding::getSystem)
                        .findFirst())
                .orElseThrow(() -> new FhirProblem(
                        ProblemCode.INVALID_PARAMETER, "url: missing (expected: the URL of a code system)"));
        String canonical =
                asked.text("version").map(version -> url + "|" + version).orElse(url);
        CodeSystem system = terminology.codeSystem(canonical).orElseThrow(() -> TerminologyOperation.unknown("url"));
        for (Coding coding : codings) {
            Optional<ConceptDefinitionComponent> found =
                    !coding.hasSystem() || coding.getSystem().equals(url)
                            ? terminology.concept(canonical, String.valueOf(coding.getCode()))
                            : Optional.empty();
            if (found.isPresent()) {
                return CodeVerdict.found(coding, concept(url, found.get()));
            }
        }
        if (system.getContent() != CodeSystemContentMode.COMPLETE) {
            throw TerminologyOperation.notHeld("url");
        }
        return CodeVerdict.notFound("code system");
    }

    private static Concept concept(String system, ConceptDefinitionComponent found) {
        return new Concept(system, found.getCode(), Optional.ofNullable(found.getDisplay()), true);
    }
}
