package org.careloop.careplans.domain;

import java.time.Instant;
import org.careloop.fhirmodel.FhirId;
import org.careloop.fhirmodel.FhirTime;
import org.hl7.fhir.r4.model.CarePlan;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Communication;
import org.hl7.fhir.r4.model.Communication.CommunicationStatus;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.StringType;

/**
 * Tells the team of a plan that the patient is in hospital again: that, and what it means for the plan. Where, and why, it does
 * not say: who may know that reads the stay.
 */
public final class ReadmissionNotice {

    static final String SYSTEM = "https://careloop.org/fhir/CodeSystem/communication-category";
    static final String CODE = "readmission";

    private static final String TEXT =
            "The patient was admitted to hospital again. The plan is on hold, or the plan of the later"
                    + " stay takes its place; what it asks for in the community is paused.";

    private ReadmissionNotice() {}

    /** Returns the id of the notice to the team of {@code plan} about {@code stay}: there is one. */
    public static FhirId idOf(String plan, String stay) {
        return FhirId.derivedFrom(plan, "Communication", stay);
    }

    /** Returns the notice to the team of {@code plan} about {@code stay}, sent {@code at}. */
    public static Communication of(CarePlan plan, String stay, Instant at) {
        Communication notice = new Communication();
        notice.setId(idOf(plan.getIdElement().getIdPart(), stay).value());
        notice.setStatus(CommunicationStatus.COMPLETED)
                .addCategory(new CodeableConcept(new Coding(SYSTEM, CODE, "Readmission")));
        notice.setSubject(plan.getSubject().copy())
                .setSender(plan.getAuthor().copy())
                .setSentElement(FhirTime.dateTime(at));
        notice.addAbout(new Reference("CarePlan/" + plan.getIdElement().getIdPart()));
        plan.getCareTeam().forEach(team -> notice.addRecipient(new Reference(team.getReference())));
        notice.addPayload().setContent(new StringType(TEXT));
        return notice;
    }

    /** Returns {@code notice} taken back: the admission was an error. */
    public static Communication retracted(Communication notice) {
        return notice.copy()
                .setStatus(CommunicationStatus.ENTEREDINERROR)
                .setStatusReason(PlanReason.NOT_READMITTED.concept());
    }
}
