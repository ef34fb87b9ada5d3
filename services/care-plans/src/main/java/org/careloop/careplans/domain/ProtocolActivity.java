package org.careloop.careplans.domain;

import java.time.Instant;
import org.careloop.careplans.domain.Protocol.ProtocolAction;
import org.careloop.eventcontracts.SharedTerms;
import org.careloop.fhirmodel.FhirTime;
import org.hl7.fhir.r4.model.CarePlan.CarePlanActivityComponent;
import org.hl7.fhir.r4.model.CarePlan.CarePlanActivityDetailComponent;
import org.hl7.fhir.r4.model.CarePlan.CarePlanActivityKind;
import org.hl7.fhir.r4.model.CarePlan.CarePlanActivityStatus;
import org.hl7.fhir.r4.model.CodeType;
import org.hl7.fhir.r4.model.Extension;
import org.hl7.fhir.r4.model.Period;
import org.hl7.fhir.r4.model.Reference;

/** Makes the activity of a plan that an action of a protocol asks for. */
final class ProtocolActivity {

    private ProtocolActivity() {}

    /** Returns the activity, described and not started, whose id is that of {@code action}. */
    static CarePlanActivityComponent of(ProtocolAction action, DischargeFacts facts, PlanIds ids) {
        CarePlanActivityDetailComponent detail = new CarePlanActivityDetailComponent();
        action.definition()
                .getExtensionsByUrl(SharedTerms.REQUIRED_SERVICE_EXTENSION)
                .forEach(service -> detail.addExtension(service.copy()));
        if (action.definition().hasPriority()) {
            detail.addExtension(
                    SharedTerms.ACTIVITY_PRIORITY_EXTENSION,
                    new CodeType(action.definition().getPriority().toCode()));
        }
        detail.setKind(CarePlanActivityKind.fromCode(
                        action.definition().getKind().toCode()))
                .addInstantiatesCanonical(
                        action.definition().getUrl() + "|" + action.definition().getVersion())
                .setCode(action.definition().getCode().copy())
                .setStatus(CarePlanActivityStatus.NOTSTARTED)
                .setDoNotPerform(false)
                .setScheduled(scheduled(action, facts))
                .setDescription(action.title());
        CarePlanActivityComponent activity = new CarePlanActivityComponent().setDetail(detail);
        activity.setId(action.id());
        action.goals().forEach((goal, effect) -> {
            Reference reference = new Reference("Goal/" + ids.goal(goal));
            detail.addGoal(reference);
            activity.addExtension(effectOn(reference, effect));
        });
        return activity;
    }

    /**
     * From the discharge until it is due. When the discharge was corrected the new times of the milestones are told later: until
     * then what was due before it is due at once.
     */
    private static Period scheduled(ProtocolAction action, DischargeFacts facts) {
        Instant due = action.due().after(facts);
        Instant discharged = facts.discharge().at();
        return FhirTime.period(
                due.isBefore(discharged) ? due : discharged,
                due,
                facts.discharge().zone());
    }

    private static Extension effectOn(Reference goal, GoalEffect effect) {
        Extension extension = new Extension(PlanVocabulary.ACTIVITY_GOAL);
        extension.addExtension("goal", goal.copy());
        extension.addExtension("effect", new CodeType(effect.code()));
        return extension;
    }
}
