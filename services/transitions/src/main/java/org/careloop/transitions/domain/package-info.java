/**
 * The rules of a transition: the course of a stay, LACE, business days and discharge clocks. Pure: time is an argument.
 *
 * <p>Starting points: {@link org.careloop.transitions.domain.StayCourse}, {@link
 * org.careloop.transitions.domain.Lace}, {@link org.careloop.transitions.domain.DischargeMilestones}. Tables that
 * change by site or year are YAML under {@code rules/} and {@code calendars/}, each with its version and sources.
 *
 * <p>Does not belong here: I/O, frameworks, HL7 v2.
 */
@NullMarked
package org.careloop.transitions.domain;

import org.jspecify.annotations.NullMarked;
