/** What other services tell, handed to use cases; no rules here. */
@NullMarked
package org.careloop.transitions.events;

import org.jspecify.annotations.NullMarked;
