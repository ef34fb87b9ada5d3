package org.careloop.fhirrest;

import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import jakarta.ws.rs.ext.Provider;
import org.careloop.fhirmodel.FhirProblem;

/**
 * Answers what a caller is told. Apart from {@link ProblemMappers}, because their annotation makes the build load the
 * exception's class, and the JVM of the build may be older than our classes.
 */
@Provider
public class FhirProblemMapper implements ExceptionMapper<FhirProblem> {

    FhirProblemMapper() {}

    @Override
    public Response toResponse(FhirProblem problem) {
        return ProblemMappers.answer(problem);
    }
}
