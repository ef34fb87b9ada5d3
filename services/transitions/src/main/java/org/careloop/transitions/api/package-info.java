/** How messages come in: HTTP and MLLP; what an operator sees of them. */
@NullMarked
package org.careloop.transitions.api;

import org.jspecify.annotations.NullMarked;
