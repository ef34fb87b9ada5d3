/**
 * Who saw, changed and was refused what: one row each, durable before the answer leaves, sealed into a chain of digests that
 * tells when rows were changed, added or taken away afterwards.
 *
 * <p>Starting points: {@link org.careloop.audittrail.AuditedRequest} (what is known of the request at hand), {@link
 * org.careloop.audittrail.AuditTrail} (writes the rows of answers) and {@link org.careloop.audittrail.AuditVerification}.
 * Rows of changes are written by the store, with the change itself.
 *
 * <p>Does not belong here: HTTP, FHIR's AuditEvent (fhir-rest makes it of rows), rules of who may read the trail (data).
 */
@NullMarked
package org.careloop.audittrail;

import org.jspecify.annotations.NullMarked;
