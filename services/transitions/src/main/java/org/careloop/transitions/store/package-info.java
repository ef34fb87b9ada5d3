/** The service's own state as entities; resources are in the kernel's store. */
@NullMarked
package org.careloop.transitions.store;

import org.jspecify.annotations.NullMarked;
