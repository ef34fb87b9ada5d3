package org.careloop.transitions.hl7;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.careloop.fhirmodel.FhirId;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.ContactPoint;
import org.hl7.fhir.r4.model.ContactPoint.ContactPointUse;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.Patient.ContactComponent;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.RelatedPerson;

/** NK1 to RelatedPerson and Patient.contact. */
final class RelationMapping {

    /** Relations that are bodies, not persons: employer, federal agency, insurance company, state agency. */
    private static final Set<String> BODIES = Set.of("EMR", "E", "F", "I", "S");

    private final Hl7Message message;
    private final SenderProfile profile;

    RelationMapping(Hl7Message message, SenderProfile profile) {
        this.message = message;
        this.profile = profile;
    }

    /** The related persons; their ids come from the patient's number and the relation's own, else its place. */
    List<RelatedPerson> relatedPersons(Identifier patient) {
        List<RelatedPerson> persons = new ArrayList<>();
        for (Hl7Segment nk1 : message.segments("NK1")) {
            boolean named = nk1.repetitions(2).stream().anyMatch(name -> !name.isEmpty(2));
            if (named && !BODIES.contains(nk1.text(3))) {
                persons.add(relatedPerson(nk1, patient));
            }
        }
        return persons;
    }

    private RelatedPerson relatedPerson(Hl7Segment nk1, Identifier patient) {
        RelatedPerson person = new RelatedPerson().setActive(true);
        Optional<Identifier> own = IdentifierMapping.identifier(profile, profile.patientIdentifiers(), nk1.field(33));
        own.ifPresent(person::addIdentifier);
        String setId = nk1.text(1).isEmpty() ? Integer.toString(nk1.occurrence()) : nk1.text(1);
        String key = own.map(identifier -> identifier.getSystem() + "|" + identifier.getValue())
                .orElse(setId);
        person.setId(FhirId.derivedFrom("RelatedPerson", patient.getSystem(), patient.getValue(), key)
                .value());
        PersonMapping.names(profile, nk1.repetitions(2)).forEach(person::addName);
        relationships(nk1).forEach(person::addRelationship);
        PersonMapping.addresses(profile, nk1.repetitions(4)).forEach(person::addAddress);
        telecoms(nk1).forEach(person::addTelecom);
        return person;
    }

    /** The contacts of the patient, persons and bodies. */
    List<ContactComponent> contacts() {
        return message.segments("NK1").stream().map(this::contact).toList();
    }

    private ContactComponent contact(Hl7Segment nk1) {
        ContactComponent contact = new ContactComponent();
        PersonMapping.names(profile, nk1.repetitions(2)).stream().findFirst().ifPresent(contact::setName);
        PersonMapping.addresses(profile, nk1.repetitions(4)).stream()
                .findFirst()
                .ifPresent(contact::setAddress);
        telecoms(nk1).forEach(contact::addTelecom);
        relationships(nk1).forEach(contact::addRelationship);
        if (!nk1.text(13).isEmpty()) {
            contact.setOrganization(new Reference().setDisplay(nk1.text(13)));
        }
        return contact;
    }

    private List<CodeableConcept> relationships(Hl7Segment nk1) {
        Optional<Coding> kin = CodeTables.coding(profile, "relationship", nk1.text(3));
        Optional<Coding> role = CodeTables.coding(profile, "contact-role", nk1.text(7));
        Optional<Coding> roleAsKin = CodeTables.coding(profile, "contact-role", nk1.text(3));
        List<CodeableConcept> known = Stream.of(kin.or(() -> roleAsKin), role)
                .flatMap(Optional::stream)
                .map(CodeableConcept::new)
                .toList();
        return known.isEmpty()
                ? CodeTables.concept(profile, nk1.field(3)).stream().toList()
                : known;
    }

    private List<ContactPoint> telecoms(Hl7Segment nk1) {
        List<ContactPoint> all = new ArrayList<>();
        all.addAll(PersonMapping.telecoms(profile, nk1.repetitions(5), ContactPointUse.HOME));
        all.addAll(PersonMapping.telecoms(profile, nk1.repetitions(6), ContactPointUse.WORK));
        return all;
    }
}
