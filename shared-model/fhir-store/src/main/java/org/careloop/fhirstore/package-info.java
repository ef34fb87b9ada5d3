/**
 * FHIR resources, their versions and their search index on PostgreSQL, and the unit of work that changes them together
 * with a service's own state and the events that tell of it.
 *
 * <p>Starting points: {@link org.careloop.fhirstore.ResourceStore} (read, search), {@link
 * org.careloop.fhirstore.UnitOfWork} (write), {@link org.careloop.fhirstore.WriteRule} (how a service guards a type).
 *
 * <p>Does not belong here: HTTP, Kafka, and rules of one resource type.
 */
@NullMarked
package org.careloop.fhirstore;

import org.jspecify.annotations.NullMarked;
