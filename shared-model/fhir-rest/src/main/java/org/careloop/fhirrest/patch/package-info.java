/**
 * Changes that a client describes instead of sending the whole resource: JSON Patch, JSON Merge Patch, FHIRPath Patch. Bytes
 * in, bytes out: what comes out is read and checked like the body of an update.
 *
 * <p>Starting point: {@link org.careloop.fhirrest.patch.Patch}.
 *
 * <p>Does not belong here: access, versions, storage.
 */
@NullMarked
package org.careloop.fhirrest.patch;

import org.jspecify.annotations.NullMarked;
