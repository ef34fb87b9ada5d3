/**
 * A read without anything that makes it a FHIR read: the floor that {@code docs/development/performance.md} compares a
 * service's read with. Never deployed.
 */
@NullMarked
package org.careloop.bareendpoint;

import org.jspecify.annotations.NullMarked;
