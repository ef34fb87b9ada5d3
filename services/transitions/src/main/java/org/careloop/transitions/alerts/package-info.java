/**
 * FHIR messages of Da Vinci Unsolicited Notifications in, what they say of a patient and a stay out; pure functions of a Bundle,
 * sender profile and time.
 *
 * <p>Starting point: {@link org.careloop.transitions.alerts.AlertMapping}.
 *
 * <p>Does not belong here: HTTP, storage, and what an event means for a stay that is known already.
 */
@NullMarked
package org.careloop.transitions.alerts;

import org.jspecify.annotations.NullMarked;
