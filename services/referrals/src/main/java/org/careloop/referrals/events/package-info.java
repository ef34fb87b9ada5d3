/**
 * What this service is told by others, and by its own directory; each handler calls one use case.
 *
 * <p>Starting point: {@link org.careloop.referrals.events.CarePlanEvents}.
 *
 * <p>Does not belong here: rules, storage.
 */
@NullMarked
package org.careloop.referrals.events;

import org.jspecify.annotations.NullMarked;
