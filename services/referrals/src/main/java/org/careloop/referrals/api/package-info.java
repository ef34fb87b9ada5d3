/**
 * Operations over HTTP; each asks for access and hands on.
 *
 * <p>Starting points: {@link org.careloop.referrals.api.ScorecardEndpoint}, {@link
 * org.careloop.referrals.api.UnmetNeedsEndpoint}, {@link org.careloop.referrals.api.StaleListingsEndpoint}.
 *
 * <p>Does not belong here: what is counted and how (domain).
 */
@NullMarked
package org.careloop.referrals.api;

import org.jspecify.annotations.NullMarked;
