/** The service's own state as entities; resources are in the kernel's store. */
@NullMarked
package org.careloop.careplans.store;

import org.jspecify.annotations.NullMarked;
