package org.careloop.transitions.hl7;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.careloop.fhirmodel.FhirId;
import org.hl7.fhir.r4.model.AllergyIntolerance;
import org.hl7.fhir.r4.model.AllergyIntolerance.AllergyIntoleranceCategory;
import org.hl7.fhir.r4.model.AllergyIntolerance.AllergyIntoleranceCriticality;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Identifier;

/** AL1 to AllergyIntolerance. */
final class AllergyMapping {

    private static final String CLINICAL = "http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical";

    private final Hl7Message message;
    private final SenderProfile profile;

    AllergyMapping(Hl7Message message, SenderProfile profile) {
        this.message = message;
        this.profile = profile;
    }

    /** The allergies; their ids come from the patient's number and what the allergy is to. */
    List<AllergyIntolerance> allergies(Identifier patient) {
        return message.segments("AL1").stream()
                .map(al1 -> allergy(al1, patient))
                .toList();
    }

    private AllergyIntolerance allergy(Hl7Segment al1, Identifier patient) {
        AllergyIntolerance allergy = new AllergyIntolerance()
                .setClinicalStatus(new CodeableConcept(new Coding(CLINICAL, "active", "Active")))
                .setCode(CodeTables.concept(profile, al1.field(3)).orElseThrow());
        Hl7Field to = al1.field(3);
        String key = Stream.of(to.text(3), to.text(1).isEmpty() ? to.text(2) : to.text(1))
                .reduce("", (all, part) -> all + "|" + part);
        allergy.setId(FhirId.derivedFrom("AllergyIntolerance", patient.getSystem(), patient.getValue(), key)
                .value());
        CodeTables.code(profile, "allergy-category", al1.text(2))
                .map(AllergyIntoleranceCategory::fromCode)
                .ifPresent(allergy::addCategory);
        CodeTables.code(profile, "allergy-criticality", al1.text(4))
                .map(AllergyIntoleranceCriticality::fromCode)
                .ifPresent(allergy::setCriticality);
        al1.repetitions(5).stream()
                .flatMap(reaction -> Optional.of(reaction.text(1)).filter(text -> !text.isEmpty()).stream())
                .forEach(text -> allergy.addReaction().addManifestation().setText(text));
        al1.time(6).ifPresent(time -> allergy.setOnset(time.toDateTime(profile.timeZone())));
        return allergy;
    }
}
