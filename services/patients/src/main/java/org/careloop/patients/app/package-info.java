/** What the service does beside the kernel's interactions; one class is one use case. */
@NullMarked
package org.careloop.patients.app;

import org.jspecify.annotations.NullMarked;
