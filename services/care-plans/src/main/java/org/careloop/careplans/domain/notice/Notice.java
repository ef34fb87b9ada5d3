package org.careloop.careplans.domain.notice;

import java.time.Instant;
import java.util.Set;
import java.util.TreeSet;
import org.careloop.careplans.domain.notice.NoticeCourse.Due;
import org.careloop.careplans.domain.notice.NoticeCourse.Why;
import org.careloop.eventcontracts.SharedTerms;
import org.careloop.fhirmodel.FhirId;
import org.careloop.fhirmodel.FhirTime;
import org.hl7.fhir.r4.model.CodeType;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Communication;
import org.hl7.fhir.r4.model.Communication.CommunicationStatus;
import org.hl7.fhir.r4.model.DateTimeType;
import org.hl7.fhir.r4.model.Encounter;
import org.hl7.fhir.r4.model.Extension;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.StringType;

/**
 * What a recipient is sent: that and when the patient was admitted or discharged, or the document of the transition. Why they were in
 * hospital a notice does not say: the document does.
 */
public final class Notice {

    private static final String CANCELLED = "-cancelled";
    private static final String CORRECTED = "-corrected";
    private static final String DOCUMENT_WITHDRAWN = "document-withdrawn";
    private static final String AT_FIRST = "sent";
    private static final String TAKEN_BACK = "taken-back";

    private Notice() {}

    /** Returns the id of what is sent: the same for the same stay, fact, recipient and round. */
    public static FhirId idOf(String encounterId, Due due) {
        return FhirId.derivedFrom(
                encounterId, "Communication", AT_FIRST, due.about(), due.recipient(), Integer.toString(due.round()));
    }

    /** Returns what is sent of {@code stay}, by {@code sender}, {@code at} this moment. */
    public static Communication of(Encounter stay, Due due, Reference sender, Instant at) {
        Communication notice = about(stay, sender, due.recipient(), at);
        notice.setId(idOf(stay.getIdElement().getIdPart(), due).value());
        notice.addExtension(kind(due.home()));
        return switch (due.about()) {
            case NoticeCourse.ADMISSION ->
                told(
                        notice,
                        due.about(),
                        "Admitted to hospital: ",
                        stay.getPeriod().getStartElement());
            case NoticeCourse.DISCHARGE ->
                told(
                        notice,
                        due.about(),
                        "Discharged from hospital: ",
                        stay.getPeriod().getEndElement());
            case NoticeCourse.EMERGENCY ->
                told(
                        notice,
                        due.about(),
                        "Registered in the emergency department, not admitted: ",
                        stay.getPeriod().getStartElement());
            case NoticeCourse.DEPARTURE ->
                told(
                        notice,
                        due.about(),
                        "Left the emergency department, not admitted: ",
                        stay.getPeriod().getEndElement());
            default -> {
                notice.addCategory(category(SharedTerms.TRANSITION_DOCUMENT, "Transition document"));
                notice.addPayload().setContent(new Reference("Bundle/" + due.about()));
                setParts(notice, due.parts());
                yield notice;
            }
        };
    }

    /** Lets {@code sent} say that the document holds these parts of discharge information, by their codes, and no others. */
    public static void setParts(Communication sent, Set<String> parts) {
        sent.getExtension().removeIf(each -> SharedTerms.DISCHARGE_INFORMATION_PART_EXTENSION.equals(each.getUrl()));
        new TreeSet<>(parts)
                .forEach(part -> sent.addExtension(
                        SharedTerms.DISCHARGE_INFORMATION_PART_EXTENSION,
                        new Coding(SharedTerms.DISCHARGE_INFORMATION_PART_SYSTEM, part, null)));
    }

    /** The mark that something goes to the medical home: its receipt counts as theirs. Else it goes to a partner. */
    public static Extension kind(boolean home) {
        return new Extension(
                SharedTerms.RECIPIENT_KIND_EXTENSION,
                new CodeType(home ? SharedTerms.MEDICAL_HOME : SharedTerms.PARTNER));
    }

    private static Communication told(Communication notice, String reason, String text, DateTimeType time) {
        notice.addCategory(category(SharedTerms.STAY_NOTICE, "Notice of a stay"))
                .addReasonCode(reason(reason));
        notice.addPayload().setContent(new StringType(text + time.getValueAsString()));
        return notice;
    }

    /** Returns {@code sent} as it is once it is taken back. */
    public static Communication error(Communication sent, Why why) {
        return sent.copy().setStatus(CommunicationStatus.ENTEREDINERROR).setStatusReason(correction(sent, why));
    }

    /** Returns the notice, {@code at} this moment, that {@code sent} does not hold: nothing is taken back in silence. */
    public static Communication correction(Communication sent, Why why, Instant at) {
        Communication correction = new Communication()
                .setStatus(CommunicationStatus.COMPLETED)
                .setSubject(sent.getSubject().copy())
                .setEncounter(sent.getEncounter().copy())
                .setSender(sent.getSender().copy())
                .setSentElement(FhirTime.dateTime(at));
        correction.setId(correctionOf(sent.getIdElement().getIdPart()).value());
        sent.getExtensionsByUrl(SharedTerms.RECIPIENT_KIND_EXTENSION)
                .forEach(kind -> correction.addExtension(kind.copy()));
        sent.getRecipient().forEach(recipient -> correction.addRecipient(recipient.copy()));
        correction
                .addCategory(category(SharedTerms.STAY_NOTICE, "Notice of a stay"))
                .addReasonCode(correction(sent, why))
                .addInResponseTo(
                        new Reference("Communication/" + sent.getIdElement().getIdPart()));
        correction.addPayload().setContent(new StringType(text(sent, why)));
        return correction;
    }

    /** Returns the id of the correction of what has the id {@code sent}. */
    public static FhirId correctionOf(String sent) {
        return FhirId.derivedFrom(sent, "Communication", TAKEN_BACK);
    }

    private static String text(Communication sent, Why why) {
        if (isDocument(sent)) {
            return "The document that was sent does not hold: there was no such discharge of this patient. Do not act on it.";
        }
        return switch (why) {
            case CANCELLED -> "The notice that was sent does not hold: this did not happen, or not to this patient.";
            case CORRECTED ->
                "The notice that was sent does not hold: it was at another time, which another notice tells.";
            case MISTIMED -> "The notice that was sent does not hold: it was at another time.";
        };
    }

    private static CodeableConcept correction(Communication sent, Why why) {
        String end = switch (why) {
            case CANCELLED -> CANCELLED;
            case CORRECTED, MISTIMED -> CORRECTED;
        };
        return reason(
                isDocument(sent)
                        ? DOCUMENT_WITHDRAWN
                        : sent.getReasonCodeFirstRep().getCodingFirstRep().getCode() + end);
    }

    private static boolean isDocument(Communication sent) {
        return has(sent, SharedTerms.TRANSITION_DOCUMENT);
    }

    static boolean has(Communication communication, String category) {
        return communication.getCategory().stream()
                .anyMatch(each -> each.hasCoding(SharedTerms.COMMUNICATION_CATEGORY_SYSTEM, category));
    }

    private static Communication about(Encounter stay, Reference sender, String recipient, Instant at) {
        return new Communication()
                .setStatus(CommunicationStatus.COMPLETED)
                .setSubject(stay.getSubject().copy())
                .setEncounter(new Reference("Encounter/" + stay.getIdElement().getIdPart()))
                .setSender(sender.copy())
                .setSentElement(FhirTime.dateTime(at))
                .addRecipient(new Reference(recipient));
    }

    private static CodeableConcept category(String code, String display) {
        return new CodeableConcept(new Coding(SharedTerms.COMMUNICATION_CATEGORY_SYSTEM, code, display));
    }

    private static CodeableConcept reason(String code) {
        return new CodeableConcept(new Coding(SharedTerms.STAY_NOTICE_SYSTEM, code, null));
    }
}
