/**
 * The transitions service: a hospital's messages become encounters, and a discharge opens a transition with its clocks.
 *
 * <p>Starting points: {@link org.careloop.transitions.hl7.AdtMapping} (message to FHIR), {@link
 * org.careloop.transitions.domain.StayCourse} (what was said of a stay to its Encounter), {@link
 * org.careloop.transitions.domain.Lace} and {@link org.careloop.transitions.domain.DischargeMilestones}.
 *
 * <p>Does not belong here: who the patient is (patients), plans and goals (care-plans), requests to agencies
 * (referrals).
 */
@NullMarked
package org.careloop.transitions;

import org.jspecify.annotations.NullMarked;
