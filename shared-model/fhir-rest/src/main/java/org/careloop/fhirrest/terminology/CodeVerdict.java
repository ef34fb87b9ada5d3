package org.careloop.fhirrest.terminology;

import java.util.List;
import java.util.Optional;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.fhirrest.OperationInput;
import org.careloop.fhirvalidation.Terminology.Concept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Parameters;

/** What {@code $validate-code} answers of codes, of which one has to fit. */
final class CodeVerdict {

    private CodeVerdict() {}

    /**
     * Returns the codes that are asked about: those sent whole, else {@code code} of {@code system}, which may be empty. Fails
     * with {@link ProblemCode#INVALID_PARAMETER} when there is none.
     */
    static List<Coding> asked(OperationInput asked, Optional<String> system) {
        return asked.codings().isEmpty()
                ? List.of(new Coding()
                        .setSystem(system.orElse(null))
                        .setCode(asked.text("code").orElseThrow(CodeVerdict::missing))
                        .setDisplay(asked.text("display").orElse(null)))
                : asked.codings();
    }

    private static FhirProblem missing() {
        return new FhirProblem(
                ProblemCode.INVALID_PARAMETER, "code: missing (expected: code, coding or codeableConcept)");
    }

    /** Returns that {@code found} is in it, and whether the display that was sent is its own. */
    static Parameters found(Coding sent, Concept found) {
        boolean wrongDisplay = sent.hasDisplay()
                && found.display()
                        .filter(display -> !display.equalsIgnoreCase(sent.getDisplay()))
                        .isPresent();
        Parameters answer = new Parameters();
        answer.addParameter("result", !wrongDisplay);
        if (wrongDisplay) {
            answer.addParameter("message", "display: not that of the code (expected: the one told here)");
        }
        found.display().ifPresent(display -> answer.addParameter("display", display));
        return answer;
    }

    /** Returns that none is in it. */
    static Parameters notFound(String where) {
        Parameters answer = new Parameters();
        answer.addParameter("result", false);
        answer.addParameter("message", "code: not in the " + where);
        return answer;
    }
}
