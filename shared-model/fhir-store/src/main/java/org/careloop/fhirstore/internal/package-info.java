/** Statements and connections behind the store; not for use by services. */
@NullMarked
package org.careloop.fhirstore.internal;

import org.jspecify.annotations.NullMarked;
