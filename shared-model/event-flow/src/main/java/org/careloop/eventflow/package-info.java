/**
 * How a committed change reaches other services, and how theirs take effect here: outbox and relay, consumer and inbox,
 * dead letters and their replay, and how long rows and topics are kept.
 *
 * <p>Starting points: {@link org.careloop.eventflow.EventHandler} (what a service does when it is told of a change), {@link
 * org.careloop.eventflow.DeadLetters} (what could not be taken) and {@link org.careloop.eventflow.RetentionRule} (rows that
 * are kept for a time). Delivery is at least once and in order for each key; the effect is exactly once, because the inbox
 * entry commits with it.
 *
 * <p>Does not belong here: what an event means.
 */
@NullMarked
package org.careloop.eventflow;

import org.jspecify.annotations.NullMarked;
