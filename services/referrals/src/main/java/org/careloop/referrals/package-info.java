/**
 * Referrals: orders, the Tasks by which agencies and the coordinating organisation take them on, and the directory of
 * who offers what where.
 *
 * <p>Starting points: {@link org.careloop.referrals.events.CarePlanEvents} (a plan comes in), {@link
 * org.careloop.referrals.app.HandOutActivities} (referrals go out), {@link org.careloop.referrals.app.GuardTask} (an
 * agency answers).
 *
 * <p>Does not belong here: what a plan contains (care-plans), who a patient is (patients).
 */
@NullMarked
package org.careloop.referrals;

import org.jspecify.annotations.NullMarked;
