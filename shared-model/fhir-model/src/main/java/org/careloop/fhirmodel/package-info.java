/**
 * What every part of Careloop means by a FHIR id, a version, a JSON body and a problem.
 *
 * <p>Starting points: {@link org.careloop.fhirmodel.FhirJson} (the one HAPI context), {@link
 * org.careloop.fhirmodel.FhirProblem} and {@link org.careloop.fhirmodel.ProblemCode} (the one error table).
 *
 * <p>Does not belong here: anything that does I/O, and anything that knows a clinical resource type.
 */
@NullMarked
package org.careloop.fhirmodel;

import org.jspecify.annotations.NullMarked;
