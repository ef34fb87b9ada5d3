package org.careloop.referrals.domain;

import java.util.List;
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
 */
public record WaitingReferral(
        String task,
        String request,
        String patient,
        String key,
        List<Coding> serviceTypes,
        String requester,
        Set<String> wished) {

    /** Returns the referral that {@link PlannedOrders} makes of {@code activity}. */
    public static WaitingReferral of(PlannedActivity activity) {
        return new WaitingReferral(
                activity.idOf("Task").value(),
                activity.idOf("ServiceRequest").value(),
                activity.plan().getSubject().getReference(),
                activity.key(),
                activity.requiredServices(),
                activity.requester(),
                activity.wished());
    }

    /** Returns the same referral, asked by another Task. */
    public WaitingReferral by(String otherTask) {
        return new WaitingReferral(otherTask, request, patient, key, serviceTypes, requester, wished);
    }
}
