package org.careloop.transitions.alerts;

import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.transitions.domain.StayStep;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.Bundle.BundleEntryComponent;
import org.hl7.fhir.r4.model.Bundle.BundleType;
import org.hl7.fhir.r4.model.Encounter;
import org.hl7.fhir.r4.model.MessageHeader;
import org.hl7.fhir.r4.model.Patient;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Resource;

/**
 * A FHIR message that tells of one stay: a Bundle of type {@code message} whose MessageHeader has the Encounter as its focus.
 *
 * @see <a href="https://hl7.org/fhir/us/davinci-alerts/">Da Vinci Unsolicited Notifications 1.1.0</a>
 */
public final class AlertMessage {

    private final Bundle bundle;
    private final MessageHeader header;
    private final StayStep step;
    private final Encounter encounter;
    private final Patient patient;

    private AlertMessage(Bundle bundle, MessageHeader header, StayStep step, Encounter encounter, Patient patient) {
        this.bundle = bundle;
        this.header = header;
        this.step = step;
        this.encounter = encounter;
        this.patient = patient;
    }

    /** Reads {@code bundle}; fails with {@link ProblemCode#MESSAGE_REJECTED}, with the element that is missing or wrong. */
    public static AlertMessage of(Bundle bundle) {
        if (bundle.getType() != BundleType.MESSAGE) {
            throw rejected("Bundle.type", "not a message (expected: message)");
        }
        if (!bundle.hasTimestamp()) {
            throw rejected("Bundle.timestamp", "missing (expected: when the message was sent)");
        }
        MessageHeader header = bundle.getEntry().stream()
                .findFirst()
                .map(BundleEntryComponent::getResource)
                .filter(MessageHeader.class::isInstance)
                .map(MessageHeader.class::cast)
                .orElseThrow(() -> rejected("Bundle.entry[0].resource", "not a MessageHeader (expected: one, first)"));
        StayStep step = AlertEvents.of(
                        header.hasEventCoding()
                                ? String.valueOf(header.getEventCoding().getCode())
                                : "")
                .orElseThrow(() -> rejected(
                        "MessageHeader.eventCoding",
                        "not an event that is taken (expected: one of " + AlertEvents.list() + ")"));
        Encounter encounter = find(bundle, header.getFocusFirstRep(), Encounter.class)
                .orElseThrow(() -> rejected("MessageHeader.focus", "no Encounter of the message (expected: one)"));
        if (!encounter.hasClass_()) {
            throw rejected("Encounter.class", "missing (expected: a class of v3 ActCode)");
        }
        Patient patient = find(bundle, encounter.getSubject(), Patient.class)
                .orElseThrow(() -> rejected("Encounter.subject", "no Patient of the message (expected: one)"));
        if (patient.getIdentifier().stream().noneMatch(each -> each.hasSystem() && each.hasValue())) {
            throw rejected("Patient.identifier", "missing (expected: one with system and value)");
        }
        if (encounter.getIdentifier().stream().noneMatch(each -> each.hasSystem() && each.hasValue())) {
            throw rejected("Encounter.identifier", "missing (expected: the visit number, with system and value)");
        }
        if (!bundle.getIdentifier().hasValue() && !header.hasId()) {
            throw rejected("Bundle.identifier", "missing (expected: what tells the message from others)");
        }
        return new AlertMessage(bundle, header, step, encounter, patient);
    }

    static FhirProblem rejected(String element, String problem) {
        return new FhirProblem(ProblemCode.MESSAGE_REJECTED, element, element + ": " + problem);
    }

    private static <T extends Resource> Optional<T> find(Bundle bundle, Reference reference, Class<T> type) {
        return entry(bundle, reference.getReference()).filter(type::isInstance).map(type::cast);
    }

    private static Optional<Resource> entry(Bundle bundle, String reference) {
        return bundle.getEntry().stream()
                .filter(each -> reference != null
                        && each.hasResource()
                        && (reference.equals(each.getFullUrl()) || reference.equals(keyOf(each.getResource()))))
                .map(BundleEntryComponent::getResource)
                .findFirst();
    }

    private static String keyOf(Resource resource) {
        return resource.fhirType() + "/" + resource.getIdElement().getIdPart();
    }

    /** Who sent it, as far as the message says: the endpoint of its source. */
    public String source() {
        return header.getSource().hasEndpoint() ? header.getSource().getEndpoint() : "";
    }

    /** What tells it from all others of its source. */
    public String id() {
        return bundle.getIdentifier().hasValue()
                ? bundle.getIdentifier().getValue()
                : header.getIdElement().getIdPart();
    }

    /** The system of its visit number. */
    public String visitSystem() {
        return encounter.getIdentifier().stream()
                .filter(each -> each.hasSystem() && each.hasValue())
                .findFirst()
                .orElseThrow()
                .getSystem();
    }

    /** The code of its event. */
    public String event() {
        return header.getEventCoding().getCode();
    }

    StayStep step() {
        return step;
    }

    Instant sent() {
        return bundle.getTimestamp().toInstant();
    }

    Encounter encounter() {
        return encounter;
    }

    Patient patient() {
        return patient;
    }

    /** Its resources of {@code type}. */
    <T extends Resource> List<T> all(Class<T> type) {
        return bundle.getEntry().stream()
                .map(BundleEntryComponent::getResource)
                .filter(type::isInstance)
                .map(type::cast)
                .toList();
    }

    /** Whether {@code reference} leads to {@code resource}. */
    boolean leads(Reference reference, Resource resource) {
        return entry(bundle, reference.getReference())
                .filter(found -> found == resource)
                .isPresent();
    }

    /** The resource of the message that {@code reference} leads to. */
    Optional<Resource> target(Reference reference) {
        return entry(bundle, reference.getReference());
    }

    /** The MessageHeader of the answer: the message is taken. */
    public Bundle answer(String id, Instant now) {
        MessageHeader answer = new MessageHeader();
        answer.setId(id);
        answer.setEvent(header.getEvent());
        answer.getSource().setName("Careloop").setEndpoint("urn:careloop");
        answer.getResponse().setIdentifier(header.getIdElement().getIdPart()).setCode(MessageHeader.ResponseType.OK);
        Bundle response = new Bundle().setType(BundleType.MESSAGE).setTimestamp(Date.from(now));
        response.addEntry().setFullUrl("urn:uuid:" + id).setResource(answer);
        return response;
    }
}
