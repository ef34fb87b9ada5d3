package org.careloop.transitions.hl7;

import ca.uhn.hl7v2.HL7Exception;
import ca.uhn.hl7v2.model.Segment;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * One segment of a message.
 *
 * @param name its name
 * @param occurrence 1 = the first of that name in the message
 */
record Hl7Segment(String name, int occurrence, Segment content) {

    /** The first repetition of a field; an absent field is one without text. */
    Hl7Field field(int number) {
        List<Hl7Field> all = repetitions(number);
        return all.isEmpty() ? new Hl7Field(location(number), null) : all.getFirst();
    }

    /** All repetitions of a field, in order; none when absent. */
    List<Hl7Field> repetitions(int number) {
        if (number > content.numFields()) {
            return List.of();
        }
        try {
            int count = content.getField(number).length;
            return IntStream.range(0, count)
                    .mapToObj(each -> Hl7Field.of(location(number), content, each))
                    .toList();
        } catch (HL7Exception e) {
            throw MessageRejection.error(ErrorCode.DATA_TYPE, location(number), "cannot be read (expected: a field)");
        }
    }

    /** The first subcomponent of the first component of a field. */
    String text(int number) {
        return field(number).text(1);
    }

    Optional<Hl7Time> time(int number) {
        return field(number).time();
    }

    MessageLocation location(int field) {
        return new MessageLocation(name, occurrence, field, 0);
    }
}
