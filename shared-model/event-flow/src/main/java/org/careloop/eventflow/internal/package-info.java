/** Threads and clients behind the event flow; not for use by services. */
@NullMarked
package org.careloop.eventflow.internal;

import org.jspecify.annotations.NullMarked;
