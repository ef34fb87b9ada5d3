/**
 * The rules of referrals: who may move a Task and a ServiceRequest where, which agency is asked, and what is made from
 * a care plan's activities. Pure: no I/O, no framework; time is an argument.
 *
 * <p>Starting points: {@link org.careloop.referrals.domain.TaskLifecycle} (every write of a Task passes it), {@link
 * org.careloop.referrals.domain.ServiceRequestLifecycle}, {@link org.careloop.referrals.domain.AgencyChoice} and
 * {@link org.careloop.referrals.domain.PlannedActivity} (care plan in, referral out); {@link
 * org.careloop.referrals.domain.Scorecard} (what became of them).
 *
 * <p>Does not belong here: who may see a resource (caller-access), storage, events.
 */
@NullMarked
package org.careloop.referrals.domain;

import org.jspecify.annotations.NullMarked;
