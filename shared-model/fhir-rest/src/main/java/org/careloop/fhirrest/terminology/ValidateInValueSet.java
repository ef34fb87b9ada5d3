package org.careloop.fhirrest.terminology;

import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import org.careloop.fhirrest.OperationInput;
import org.careloop.fhirvalidation.Terminology;
import org.careloop.fhirvalidation.Terminology.Concept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Resource;
import org.hl7.fhir.r4.model.ValueSet;

/**
 * Whether a code is in a value set.
 *
 * @see <a href="https://hl7.org/fhir/R4/valueset-operation-validate-code.html">FHIR R4 ValueSet $validate-code</a>
 */
@Singleton
class ValidateInValueSet implements TerminologyOperation {

    private static final String[] PARAMETERS = {
        "url", "valueSetVersion", "code", "system", "display", "coding", "codeableConcept", "displayLanguage"
    };

    private final Terminology terminology;

    ValidateInValueSet(Terminology terminology) {
        this.terminology = terminology;
    }

    @Override
    public String type() {
        return "ValueSet";
    }

    @Override
    public String name() {
        return "validate-code";
    }

    @Override
    public Resource answer(OperationInput asked) {
        asked.allow(PARAMETERS);
        List<Coding> codings = CodeVerdict.asked(asked, asked.text("system"));
        ValueSet set = ValueSets.asked(asked, terminology);
        List<Concept> all = terminology.expand(set).orElseThrow(() -> TerminologyOperation.notHeld("url"));
        for (Coding coding : codings) {
            Optional<Concept> found =
                    all.stream().filter(concept -> is(concept, coding)).findFirst();
            if (found.isPresent()) {
                return CodeVerdict.found(coding, found.get());
            }
        }
        return CodeVerdict.notFound("value set");
    }

    /** A code without system is that of the value set, as an element of type code has it. */
    private static boolean is(Concept concept, Coding coding) {
        return concept.code().equals(coding.getCode())
                && (!coding.hasSystem() || concept.system().equals(coding.getSystem()));
    }
}
