/** The use cases and the guards of writes. One class is one use case. */
@NullMarked
package org.careloop.careplans.app;

import org.jspecify.annotations.NullMarked;
