/**
 * What FHIR R4 demands of a resource, and what the profiles demand that a site installs.
 *
 * <p>Starting points: {@link org.careloop.fhirvalidation.StructureRules} (every write, microseconds), {@link
 * org.careloop.fhirvalidation.ConformancePackages} (what is installed), {@link
 * org.careloop.fhirvalidation.ProfileValidation} (HAPI's validator, loaded when first needed).
 *
 * <p>Does not belong here: HTTP, the database, life cycles and other rules of this platform, and rules of one type in code:
 * what R4 says of a type is in {@code r4-structures.txt}.
 */
@NullMarked
package org.careloop.fhirvalidation;

import org.jspecify.annotations.NullMarked;
