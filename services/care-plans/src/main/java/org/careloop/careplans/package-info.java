/**
 * Plans, teams and goals: made from protocols after a discharge, guarded by their life cycles, moved on by what becomes of
 * their activities.
 *
 * <p>Starting points: {@link org.careloop.careplans.app.CollectDischarge} (from events to a plan), {@link
 * org.careloop.careplans.app.FollowActivity} (from work to progress), {@link org.careloop.careplans.domain}.
 *
 * <p>Does not belong here: who does the work; stays and clocks.
 */
@NullMarked
package org.careloop.careplans;

import org.jspecify.annotations.NullMarked;
