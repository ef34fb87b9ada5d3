package org.careloop.transitions.hl7;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.hl7.fhir.r4.model.BooleanType;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.ContactPoint;
import org.hl7.fhir.r4.model.ContactPoint.ContactPointUse;
import org.hl7.fhir.r4.model.DateType;
import org.hl7.fhir.r4.model.Enumerations.AdministrativeGender;
import org.hl7.fhir.r4.model.Extension;
import org.hl7.fhir.r4.model.Patient;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.StringType;

/** PID, PD1, ROL and NK1 to a Patient in the shape of US Core. */
final class PatientMapping {

    private static final String US_CORE = "http://hl7.org/fhir/us/core/StructureDefinition/";
    private static final String BIRTH_TIME = "http://hl7.org/fhir/StructureDefinition/patient-birthTime";
    private static final String PRIMARY_CARE = "PP";

    private final Hl7Message message;
    private final SenderProfile profile;

    PatientMapping(Hl7Message message, SenderProfile profile) {
        this.message = message;
        this.profile = profile;
    }

    Patient patient(Hl7Segment pid) {
        Patient patient = new Patient();
        pid.repetitions(3).stream()
                .flatMap(cx -> IdentifierMapping.identifier(profile, profile.patientIdentifiers(), cx).stream())
                .forEach(patient::addIdentifier);
        PersonMapping.names(profile, pid.repetitions(5)).forEach(patient::addName);
        pid.time(7).ifPresent(time -> patient.setBirthDateElement(birthDate(time)));
        patient.setGender(gender(pid.text(8)));
        addRaceAndEthnicity(patient, pid);
        PersonMapping.addresses(profile, pid.repetitions(11)).forEach(patient::addAddress);
        telecoms(pid).forEach(patient::addTelecom);
        language(pid)
                .ifPresent(language ->
                        patient.addCommunication().setLanguage(language).setPreferred(true));
        CodeTables.coding(profile, "marital-status", pid.text(16))
                .ifPresent(status -> patient.setMaritalStatus(new CodeableConcept(maritalSystem(status))));
        setDeceased(patient, pid);
        patient.setManagingOrganization(new Reference("Organization/" + profile.organization()));
        generalPractitioners().forEach(patient::addGeneralPractitioner);
        new RelationMapping(message, profile).contacts().forEach(patient::addContact);
        return patient;
    }

    private DateType birthDate(Hl7Time time) {
        DateType date = time.toDate();
        if (time.hasTimeOfDay()) {
            date.addExtension(new Extension(BIRTH_TIME, time.toDateTime(profile.timeZone())));
        }
        return date;
    }

    /** A gender that is not in the table is unknown: US Core asks for one, and a guess would be worse. */
    private AdministrativeGender gender(String code) {
        return CodeTables.code(profile, "gender", code)
                .map(AdministrativeGender::fromCode)
                .orElse(AdministrativeGender.UNKNOWN);
    }

    /** Unknown is a null flavour, not a marital status. */
    private static Coding maritalSystem(Coding status) {
        return "UNK".equals(status.getCode())
                ? status.setSystem("http://terminology.hl7.org/CodeSystem/v3-NullFlavor")
                        .setDisplay("unknown")
                : status;
    }

    private List<ContactPoint> telecoms(Hl7Segment pid) {
        List<ContactPoint> all = new ArrayList<>();
        all.addAll(PersonMapping.telecoms(profile, pid.repetitions(13), ContactPointUse.HOME));
        all.addAll(PersonMapping.telecoms(profile, pid.repetitions(14), ContactPointUse.WORK));
        PersonMapping.telecoms(profile, pid.repetitions(40), ContactPointUse.HOME).stream()
                .filter(point ->
                        all.stream().noneMatch(known -> known.getValue().equals(point.getValue())))
                .forEach(all::add);
        return all;
    }

    private Optional<CodeableConcept> language(Hl7Segment pid) {
        return CodeTables.coding(profile, "language", pid.text(15)).map(CodeableConcept::new);
    }

    private void setDeceased(Patient patient, Hl7Segment pid) {
        Optional<Hl7Time> time = pid.time(29);
        if (time.isPresent()) {
            patient.setDeceased(time.get().toDateTime(profile.timeZone()));
        } else if (pid.text(30).equals("Y") || pid.text(30).equals("N")) {
            patient.setDeceased(new BooleanType(pid.text(30).equals("Y")));
        }
    }

    private void addRaceAndEthnicity(Patient patient, Hl7Segment pid) {
        group("race", pid.repetitions(10)).ifPresent(race -> patient.addExtension(race));
        group("ethnicity", pid.repetitions(22)).ifPresent(ethnicity -> patient.addExtension(ethnicity));
    }

    private Optional<Extension> group(String name, List<Hl7Field> fields) {
        List<Coding> codings = fields.stream()
                .flatMap(field -> CodeTables.coding(profile, name, field.text(1)).stream())
                .toList();
        if (codings.isEmpty()) {
            return Optional.empty();
        }
        Extension group = new Extension(US_CORE + "us-core-" + name);
        codings.forEach(coding -> group.addExtension(new Extension("ombCategory", coding)));
        String text = String.join(", ", codings.stream().map(Coding::getDisplay).toList());
        group.addExtension(new Extension("text", new StringType(text)));
        return Optional.of(group);
    }

    /** PD1-4, or the ROL segments with the role of a primary care provider; a person named twice counts once. */
    private List<Reference> generalPractitioners() {
        Stream<Hl7Field> named = message.segments("PD1").stream().flatMap(pd1 -> pd1.repetitions(4).stream());
        Stream<Hl7Field> inRole = message.segments("ROL").stream()
                .filter(role -> role.text(3).equals(PRIMARY_CARE))
                .flatMap(role -> role.repetitions(4).stream());
        List<Reference> references = new ArrayList<>();
        Stream.concat(named, inRole)
                .flatMap(xcn -> IdentifierMapping.practitioner(profile, xcn).stream())
                .filter(reference -> references.stream().noneMatch(known -> isSame(known, reference)))
                .forEach(references::add);
        return references;
    }

    private static boolean isSame(Reference one, Reference other) {
        return one.hasIdentifier() && one.getIdentifier().equalsDeep(other.getIdentifier());
    }
}
