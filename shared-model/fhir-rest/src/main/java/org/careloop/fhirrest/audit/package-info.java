/**
 * The audit trail as FHIR: AuditEvents are made of its rows when they are asked for.
 *
 * <p>Starting points: {@link org.careloop.fhirrest.audit.AuditEventEndpoint}, {@link org.careloop.fhirrest.audit.AuditEvents}.
 */
@NullMarked
package org.careloop.fhirrest.audit;

import org.jspecify.annotations.NullMarked;
