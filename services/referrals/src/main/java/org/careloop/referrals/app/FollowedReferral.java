package org.careloop.referrals.app;

import org.careloop.referrals.domain.ReferralCourse;

/**
 * What became of one referral.
 *
 * @param task the id of its Task
 */
record FollowedReferral(String task, ReferralCourse course) {}
