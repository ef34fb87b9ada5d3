package org.careloop.transitions.hl7;

import java.util.List;
import java.util.Optional;
import org.careloop.fhirmodel.FhirId;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Coverage;
import org.hl7.fhir.r4.model.Coverage.CoverageStatus;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.Reference;

/** IN1 to Coverage. */
final class InsuranceMapping {

    static final String RELATIONSHIP_SYSTEM = "http://terminology.hl7.org/CodeSystem/subscriber-relationship";
    private static final String CLASS_SYSTEM = "http://terminology.hl7.org/CodeSystem/coverage-class";

    private final Hl7Message message;
    private final SenderProfile profile;

    InsuranceMapping(Hl7Message message, SenderProfile profile) {
        this.message = message;
        this.profile = profile;
    }

    /** The coverages; their ids come from the patient's number and the policy's (IN1-36), else its place. */
    List<Coverage> coverages(Identifier patient) {
        return message.segments("IN1").stream()
                .map(in1 -> coverage(in1, patient))
                .toList();
    }

    private Coverage coverage(Hl7Segment in1, Identifier patient) {
        Coverage coverage = new Coverage().setStatus(CoverageStatus.ACTIVE);
        String policy = in1.text(36);
        String place = in1.text(1).isEmpty() ? Integer.toString(in1.occurrence()) : in1.text(1);
        String key = policy.isEmpty() ? "set " + place : "policy " + in1.text(3) + "|" + policy;
        coverage.setId(FhirId.derivedFrom("Coverage", patient.getSystem(), patient.getValue(), key)
                .value());
        Reference payor = payor(in1);
        if (!policy.isEmpty()) {
            coverage.addIdentifier()
                    .setType(IdentifierMapping.type(profile, "MB"))
                    .setValue(policy)
                    .setAssigner(new Reference().setDisplay(payor.getDisplay()));
        }
        coverage.addPayor(payor);
        in1.time(12).ifPresent(time -> coverage.getPeriod().setStartElement(time.toDateTime(profile.timeZone())));
        in1.time(13).ifPresent(time -> coverage.getPeriod().setEndElement(time.toDateTime(profile.timeZone())));
        CodeTables.concept(profile, in1.field(15)).ifPresent(coverage::setType);
        CodeTables.coding(profile, "plan-type", in1.text(15))
                .ifPresent(coding -> coverage.getType().addCoding(coding));
        CodeTables.coding(profile, "subscriber-relationship", in1.text(17))
                .map(CodeableConcept::new)
                .ifPresent(coverage::setRelationship);
        String subscriber = in1.text(49).isEmpty() ? policy : in1.text(49);
        if (!subscriber.isEmpty()) {
            coverage.setSubscriberId(subscriber);
        }
        addClass(coverage, "plan", in1.text(2), in1.field(2).text(2));
        addClass(coverage, "group", in1.text(8), in1.text(9));
        return coverage;
    }

    private static void addClass(Coverage coverage, String type, String value, String name) {
        if (!value.isEmpty()) {
            Coverage.ClassComponent added = coverage.addClass_()
                    .setType(new CodeableConcept(new Coding(CLASS_SYSTEM, type, null)))
                    .setValue(value);
            if (!name.isEmpty()) {
                added.setName(name);
            }
        }
    }

    private Reference payor(Hl7Segment in1) {
        Reference payor = new Reference().setType("Organization");
        Optional<Identifier> number = IdentifierMapping.identifier(profile, profile.payers(), in1.field(3));
        number.ifPresent(payor::setIdentifier);
        String name = in1.text(4).isEmpty() ? in1.field(2).text(2) : in1.text(4);
        return payor.setDisplay(name.isEmpty() ? "Payor not named" : name);
    }
}
