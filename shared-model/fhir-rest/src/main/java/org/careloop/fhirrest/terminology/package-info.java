/**
 * The terminology operations over what {@link org.careloop.fhirvalidation.Terminology} knows; one class is one operation.
 *
 * <p>Starting point: {@link org.careloop.fhirrest.terminology.TerminologyEndpoint}.
 *
 * <p>Does not belong here: how sets are expanded.
 */
@NullMarked
package org.careloop.fhirrest.terminology;

import org.jspecify.annotations.NullMarked;
