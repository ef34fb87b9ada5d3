/** What other services, and this one, tell of changes; each handler calls a use case. */
@NullMarked
package org.careloop.patients.events;

import org.jspecify.annotations.NullMarked;
