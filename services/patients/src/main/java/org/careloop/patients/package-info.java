/**
 * Who is cared for: identity, related persons, coverage, findings, medication, consent. Everything here is plain FHIR REST
 * by the kernel; this service adds who may see what ({@code access.yaml}).
 *
 * <p>Does not belong here: plans, referrals, stays.
 */
@NullMarked
package org.careloop.patients;

import org.jspecify.annotations.NullMarked;
