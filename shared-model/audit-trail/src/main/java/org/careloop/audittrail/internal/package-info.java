/** How rows are written, sealed and read. */
@NullMarked
package org.careloop.audittrail.internal;

import org.jspecify.annotations.NullMarked;
