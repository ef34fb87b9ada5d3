package org.careloop.transitions.domain;

import java.time.Instant;
import org.hl7.fhir.r4.model.Encounter.EncounterStatus;

/**
 * What is known of an encounter's course: enough to judge the next event, whatever order events arrive in.
 *
 * @param status the status it has now
 * @param lastEvent the event that set the status
 * @param lastEventAt when that event happened at the site
 * @param detailsAt the time of the newest event whose details (location, diagnoses, demographics) were taken
 */
public record EncounterState(EncounterStatus status, TriggerEvent lastEvent, Instant lastEventAt, Instant detailsAt) {}
