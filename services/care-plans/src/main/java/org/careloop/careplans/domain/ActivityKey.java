package org.careloop.careplans.domain;

import java.util.List;
import java.util.Optional;
import org.careloop.eventcontracts.SharedTerms;
import org.careloop.fhirmodel.FhirId;
import org.hl7.fhir.r4.model.CarePlan;
import org.hl7.fhir.r4.model.CarePlan.CarePlanActivityComponent;
import org.hl7.fhir.r4.model.Identifier;

/** Which activity of which plan a Task or ServiceRequest was made for. */
public record ActivityKey(FhirId plan, String activity) {

    /** Reads it from the identifiers of a Task or ServiceRequest; empty when none is of a plan. */
    public static Optional<ActivityKey> of(List<Identifier> identifiers) {
        return identifiers.stream()
                .filter(identifier -> SharedTerms.PLAN_ACTIVITY_SYSTEM.equals(identifier.getSystem()))
                .filter(Identifier::hasValue)
                .map(identifier -> identifier.getValue().split("#", 2))
                .filter(parts -> parts.length == 2)
                .map(parts -> new ActivityKey(new FhirId(parts[0]), parts[1]))
                .findFirst();
    }

    /** The activity, if {@code in} is its plan. */
    public Optional<CarePlanActivityComponent> find(CarePlan in) {
        return in.getActivity().stream()
                .filter(candidate ->
                        plan.value().equals(in.getIdElement().getIdPart()) && activity.equals(candidate.getId()))
                .findFirst();
    }
}
