/**
 * The FHIR interactions over HTTP, written once for every type that a service owns.
 *
 * <p>Starting points: {@link org.careloop.fhirrest.ResourceEndpoint} (the interactions), {@link
 * org.careloop.fhirrest.FhirResponses} (headers and bodies), {@link org.careloop.fhirrest.ProblemMappers} (failures). A
 * request is checked for access first, then the store answers, and stored bytes go out as they are.
 *
 * <p>Does not belong here: rules of one resource type; operations of one service.
 */
@NullMarked
package org.careloop.fhirrest;

import org.jspecify.annotations.NullMarked;
