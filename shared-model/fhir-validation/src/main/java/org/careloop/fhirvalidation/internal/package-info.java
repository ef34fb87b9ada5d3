/** How the rules are read, compiled and walked; not for services. */
@NullMarked
package org.careloop.fhirvalidation.internal;

import org.jspecify.annotations.NullMarked;
