package org.careloop.transitions.hl7;

import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.careloop.transitions.domain.TriggerEvent;

/**
 * What a message must hold before anything is made of it; fails with {@link MessageRejection} at the first thing that
 * is missing or wrong.
 */
final class RequiredContent {

    /** What may be the first that is heard of a patient; all else is of one who was introduced, whose name may be left out. */
    private static final Set<TriggerEvent> INTRODUCES =
            EnumSet.of(TriggerEvent.A01, TriggerEvent.A04, TriggerEvent.A05, TriggerEvent.A28);

    private static final Pattern ICD_10_CM = Pattern.compile("[A-Z][0-9][0-9AB](\\.?[0-9A-Z]{1,4})?");

    private final Hl7Message message;
    private final SenderProfile profile;
    private final Instant receivedAt;

    RequiredContent(Hl7Message message, SenderProfile profile, Instant receivedAt) {
        this.message = message;
        this.profile = profile;
        this.receivedAt = receivedAt;
    }

    void check() {
        if (!profile.processingIds().contains(message.header().processingId())) {
            throw MessageRejection.refusal(
                    ErrorCode.UNSUPPORTED_PROCESSING_ID,
                    MessageLocation.of("MSH", 11),
                    "processing id is not taken (expected: one of the sender's profile)");
        }
        checkPatient(segment("PID"));
        EventTime.of(message, profile, receivedAt);
        if (speaksOfVisit()) {
            Hl7Segment visit = segment("PV1");
            checkVisit(visit);
            if (message.event() == TriggerEvent.A03) {
                checkDischarge(visit);
            }
        }
        if (message.event().isMerge()) {
            checkMerge(segment("MRG"));
            if (message.segments("MRG").size() > 1) {
                throw MessageRejection.error(
                        ErrorCode.SEGMENT_SEQUENCE,
                        new MessageLocation("MRG", 2, 0, 0),
                        "repeated (expected: one MRG for a PID)");
            }
        }
        message.segments("DG1").forEach(this::checkDiagnosis);
        message.segments("AL1").forEach(allergy -> requireCoded(allergy, 3, "a code or a text"));
        message.segments("NK1").forEach(RequiredContent::checkRelation);
    }

    /** An update without a visit is one of the person. */
    boolean speaksOfVisit() {
        return message.event().step().isPresent()
                && (message.event() != TriggerEvent.A08
                        || message.segment("PV1").isPresent());
    }

    private Hl7Segment segment(String name) {
        return message.segment(name)
                .orElseThrow(() -> MessageRejection.error(
                        ErrorCode.SEGMENT_SEQUENCE, MessageLocation.of(name), "missing (expected: one " + name + ")"));
    }

    private void checkPatient(Hl7Segment pid) {
        if (pid.repetitions(3).stream()
                .allMatch(identifier -> identifier.text(1).isEmpty())) {
            throw MessageRejection.missing(pid.location(3), "an identifier of the patient");
        }
        if (INTRODUCES.contains(message.event()) && pid.repetitions(5).stream().allMatch(name -> name.isEmpty(2))) {
            throw MessageRejection.missing(pid.location(5), "a name of the patient");
        }
        pid.time(7);
    }

    private void checkVisit(Hl7Segment visit) {
        String patientClass = visit.text(2);
        if (patientClass.isEmpty()) {
            throw MessageRejection.missing(visit.location(2), "a patient class of table 0004");
        }
        if (VisitMapping.patientClass(profile, patientClass).isEmpty()) {
            throw MessageRejection.error(
                    ErrorCode.TABLE_VALUE_NOT_FOUND,
                    visit.location(2),
                    "unknown patient class (expected: a code of table 0004)");
        }
        if (VisitNumber.of(message, profile).isEmpty()) {
            throw MessageRejection.missing(visit.location(19), "a visit number");
        }
        Optional<Hl7Time> admitted = visit.time(44);
        Optional<Hl7Time> discharged = visit.time(45);
        if (admitted.isPresent() && discharged.isPresent() && isBefore(discharged.get(), admitted.get())) {
            throw MessageRejection.error(
                    ErrorCode.DATA_TYPE, visit.location(45), "before the admission (expected: PV1-44 or later)");
        }
    }

    /** A time of day is compared only where both have one. */
    private boolean isBefore(Hl7Time discharged, Hl7Time admitted) {
        return discharged.hasTimeOfDay() && admitted.hasTimeOfDay()
                ? discharged.toInstant(profile.timeZone()).isBefore(admitted.toInstant(profile.timeZone()))
                : discharged.date().isBefore(admitted.date());
    }

    private static void checkMerge(Hl7Segment merge) {
        if (merge.text(1).isEmpty()) {
            throw MessageRejection.missing(merge.location(1), "the number that is no more");
        }
    }

    private void checkDischarge(Hl7Segment visit) {
        String disposition = visit.text(36);
        if (disposition.isEmpty() && profile.disposition("").isEmpty()) {
            throw MessageRejection.missing(visit.location(36), "a discharge disposition");
        }
        if (profile.disposition(disposition).isEmpty()) {
            throw MessageRejection.error(
                    ErrorCode.TABLE_VALUE_NOT_FOUND,
                    visit.location(36),
                    "unknown discharge disposition (expected: a code of the sender's table 0112)");
        }
        Optional<Hl7Time> discharged = EventTime.discharge(message);
        if (discharged.isEmpty()) {
            throw MessageRejection.missing(visit.location(45), "a time of discharge here, in EVN-6 or in EVN-2");
        }
        if (EventTime.isAhead(discharged.get().toInstant(profile.timeZone()), receivedAt)) {
            throw MessageRejection.error(
                    ErrorCode.DATA_TYPE, visit.location(45), "in the future (expected: when the patient left)");
        }
    }

    private void checkDiagnosis(Hl7Segment diagnosis) {
        if (diagnosis.text(4).isEmpty()) {
            requireCoded(diagnosis, 3, "a code or a text");
        }
        List<String> codes = DiagnosisMapping.icd10(profile, diagnosis);
        if (codes.stream().anyMatch(code -> !ICD_10_CM.matcher(code).matches())) {
            throw MessageRejection.error(
                    ErrorCode.DATA_TYPE,
                    new MessageLocation("DG1", diagnosis.occurrence(), 3, 1),
                    "not a code of ICD-10-CM (expected: a letter, two digits, up to four more)");
        }
    }

    private static void requireCoded(Hl7Segment segment, int field, String expected) {
        if (segment.field(field).isEmpty(2)) {
            throw MessageRejection.missing(segment.location(field), expected);
        }
    }

    private static void checkRelation(Hl7Segment relation) {
        boolean person = relation.repetitions(2).stream().anyMatch(name -> !name.isEmpty(2));
        if (!person && relation.text(13).isEmpty()) {
            throw MessageRejection.missing(relation.location(2), "a name");
        }
    }
}
