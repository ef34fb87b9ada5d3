/**
 * Files of HSDS (Open Referral): JSON with services that hold all that belongs to them, and ZIPs of CSV tables. Both become the
 * same tables.
 *
 * <p>Starting point: {@link org.careloop.referrals.hsds.HsdsFile}.
 *
 * <p>Does not belong here: what the rows mean (domain.hsds).
 */
@NullMarked
package org.careloop.referrals.hsds;

import org.jspecify.annotations.NullMarked;
