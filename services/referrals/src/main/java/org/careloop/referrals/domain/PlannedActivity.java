package org.careloop.referrals.domain;

import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.careloop.eventcontracts.SharedTerms;
import org.careloop.fhirmodel.FhirId;
import org.hl7.fhir.r4.model.CarePlan;
import org.hl7.fhir.r4.model.CarePlan.CarePlanActivityComponent;
import org.hl7.fhir.r4.model.CarePlan.CarePlanActivityDetailComponent;
import org.hl7.fhir.r4.model.CarePlan.CarePlanActivityKind;
import org.hl7.fhir.r4.model.CarePlan.CarePlanActivityStatus;
import org.hl7.fhir.r4.model.CarePlan.CarePlanStatus;
import org.hl7.fhir.r4.model.CodeType;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.Period;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Timing;

/**
 * An activity that an active care plan asks for and that nobody was asked to do yet. Its element id is stable, so what
 * is made from it has stable ids too: the same plan told twice makes the same referral.
 */
public record PlannedActivity(CarePlan plan, CarePlanActivityComponent activity) {

    private static final Set<CarePlanActivityKind> KINDS =
            Set.of(CarePlanActivityKind.SERVICEREQUEST, CarePlanActivityKind.TASK);
    private static final Set<CarePlanActivityStatus> WAITING =
            Set.of(CarePlanActivityStatus.NOTSTARTED, CarePlanActivityStatus.SCHEDULED);

    /**
     * Returns the activities of {@code plan} for which a referral or a Task is to be made; none unless it is active.
     */
    public static List<PlannedActivity> in(CarePlan plan) {
        if (plan.getStatus() != CarePlanStatus.ACTIVE) {
            return List.of();
        }
        return plan.getActivity().stream()
                .filter(activity -> activity.getId() != null && !activity.hasReference() && activity.hasDetail())
                .filter(activity -> isWaiting(activity.getDetail()))
                .map(activity -> new PlannedActivity(plan, activity))
                .toList();
    }

    private static boolean isWaiting(CarePlanActivityDetailComponent detail) {
        return KINDS.contains(detail.getKind()) && WAITING.contains(detail.getStatus()) && !detail.getDoNotPerform();
    }

    /** Whether another organisation is asked (a ServiceRequest and its Task), or it is our own work (a Task). */
    public boolean isReferral() {
        return detail().getKind() == CarePlanActivityKind.SERVICEREQUEST;
    }

    /** The value of the identifier with {@link SharedTerms#PLAN_ACTIVITY_SYSTEM}. */
    public String key() {
        return planId() + "#" + activity.getId();
    }

    /** The services that can do it; empty when the plan leaves that open. */
    public List<Coding> requiredServices() {
        return detail().getExtensionsByUrl(SharedTerms.REQUIRED_SERVICE_EXTENSION).stream()
                .filter(extension -> extension.getValue() instanceof CodeableConcept)
                .flatMap(extension -> ((CodeableConcept) extension.getValue()).getCoding().stream())
                .filter(Coding::hasCode)
                .toList();
    }

    /** Who coordinates the plan and so asks, a literal reference; empty when the plan has no author of the directory. */
    public String requester() {
        return plan.getAuthor().hasReference()
                ? plan.getAuthor()
                        .getReferenceElement()
                        .toUnqualifiedVersionless()
                        .getValue()
                : "";
    }

    /** Whom the person chose, as far as the plan says so: literal references of Organizations and HealthcareServices. */
    public Set<String> wished() {
        return detail().getPerformer().stream()
                .filter(Reference::hasReference)
                .map(performer -> performer
                        .getReferenceElement()
                        .toUnqualifiedVersionless()
                        .getValue())
                .filter(reference ->
                        reference.startsWith("Organization/") || reference.startsWith("HealthcareService/"))
                .collect(Collectors.toUnmodifiableSet());
    }

    CarePlanActivityDetailComponent detail() {
        return activity.getDetail();
    }

    /** The id of the ServiceRequest or Task that is made for it. */
    public FhirId idOf(String type) {
        return FhirId.derivedFrom(planId(), activity.getId(), type);
    }

    Identifier identifier() {
        return new Identifier().setSystem(SharedTerms.PLAN_ACTIVITY_SYSTEM).setValue(key());
    }

    Reference planReference() {
        return new Reference("CarePlan/" + planId());
    }

    Optional<Period> period() {
        return detail().getScheduled() instanceof Period period ? Optional.of(period.copy()) : Optional.empty();
    }

    /** When it is to be done; empty where the plan does not say. Its days are those of {@code zone}. */
    Optional<TimeNeeded> timeNeeded(ZoneId zone) {
        return TimeNeeded.of(detail().getScheduled(), priority().orElse("routine"), zone);
    }

    Optional<Timing> timing() {
        return detail().getScheduled() instanceof Timing timing ? Optional.of(timing.copy()) : Optional.empty();
    }

    Optional<String> priority() {
        return detail().getExtensionsByUrl(SharedTerms.ACTIVITY_PRIORITY_EXTENSION).stream()
                .map(extension -> extension.getValue())
                .filter(CodeType.class::isInstance)
                .map(value -> ((CodeType) value).getCode())
                .findFirst();
    }

    private String planId() {
        return plan.getIdElement().getIdPart();
    }
}
