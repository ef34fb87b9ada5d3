package org.careloop.referrals.domain;

import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.hl7.fhir.r4.model.Coding;

/**
 * A referral for which an agency is to be chosen, as far as the choice must know it.
 *
 * @param task the id of its Task
 * @param request the id of its ServiceRequest
 * @param patient the literal reference of who is served
 * @param key the key of the plan's activity
 * @param serviceTypes any of these can do it
 * @param requester who asks, a literal reference; empty where the plan does not tell
 * @param wished whom the person chose: literal references of Organizations and HealthcareServices
 * @param when the service is needed; empty where nobody said
 */
public record WaitingReferral(
        String task,
        String request,
        String patient,
        String key,
        List<Coding> serviceTypes,
        String requester,
        Set<String> wished,
        Optional<TimeNeeded> when) {

    /**
     * Returns the referral that {@link PlannedOrders} makes of {@code activity}.
     *
     * @param zone of days of the plan
     */
    public static WaitingReferral of(PlannedActivity activity, ZoneId zone) {
        return new WaitingReferral(
                activity.idOf("Task").value(),
                activity.idOf("ServiceRequest").value(),
                activity.plan().getSubject().getReference(),
                activity.key(),
                activity.requiredServices(),
                activity.requester(),
                activity.wished(),
                activity.timeNeeded(zone));
    }

    /** Returns the same referral, asked by another Task. */
    public WaitingReferral by(String otherTask) {
        return new WaitingReferral(otherTask, request, patient, key, serviceTypes, requester, wished, when);
    }
}
