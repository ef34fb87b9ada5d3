package org.careloop.fhirrest.terminology;

import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.fhirrest.OperationInput;
import org.careloop.fhirrest.OwnOperation;
import org.hl7.fhir.r4.model.Resource;

/** An operation of ValueSet or CodeSystem, of which no service holds resources. */
interface TerminologyOperation extends OwnOperation {

    /** Returns the answer; blocks. */
    Resource answer(OperationInput asked);

    @Override
    default String definition() {
        return "http://hl7.org/fhir/OperationDefinition/" + type() + "-" + name();
    }

    /** The failure for a canonical that nothing here has. */
    static FhirProblem unknown(String parameter) {
        return new FhirProblem(
                ProblemCode.RESOURCE_NOT_FOUND,
                parameter + ": unknown (expected: one of FHIR R4 or of an installed package)");
    }

    /** The failure for what cannot be decided because codes are not shipped. */
    static FhirProblem notHeld(String parameter) {
        return new FhirProblem(
                ProblemCode.CODES_NOT_HELD,
                parameter
                        + ": of codes that are not held whole (expected: a code system that is shipped or installed)");
    }
}
