/**
 * A directory as HSDS (Open Referral) tells it, turned into FHIR: tables of rows in, Organizations, Locations and
 * HealthcareServices out, and all that could not be taken. Pure: no I/O, no framework; the day is an argument.
 *
 * <p>Starting points: {@link org.careloop.referrals.domain.hsds.HsdsDirectory}, {@link
 * org.careloop.referrals.domain.hsds.HsdsTables}.
 *
 * <p>Does not belong here: how files are read (hsds), what is written (app).
 */
@NullMarked
package org.careloop.referrals.domain.hsds;

import org.jspecify.annotations.NullMarked;
