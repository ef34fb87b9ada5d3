/**
 * What this service does, one class for each: hand out a plan's activities, choose agencies, keep areas, guard writes.
 *
 * <p>Starting points: {@link org.careloop.referrals.app.HandOutActivities}, {@link
 * org.careloop.referrals.app.GuardTask}. Each use case runs inside a given unit of work, as one chain.
 *
 * <p>Does not belong here: rules (domain), events' envelopes (events), tables (store).
 */
@NullMarked
package org.careloop.referrals.app;

import org.jspecify.annotations.NullMarked;
