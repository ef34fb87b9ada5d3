package org.careloop.transitions.hl7;

import java.util.List;
import java.util.stream.Stream;
import org.hl7.fhir.r4.model.Coding;

/**
 * What the sender restricts, as a security label: a person by ARV before the visit, a visit by ARV after it or by PV2-22. A label is
 * lifted by a person, not by a message.
 */
final class Restrictions {

    private static final Coding RESTRICTED =
            new Coding("http://terminology.hl7.org/CodeSystem/v3-Confidentiality", "R", "restricted");
    private static final String LIFTED = "D";

    private Restrictions() {}

    static List<Coding> ofPerson(Hl7Message message) {
        return message.before("PV1", "ARV").stream().anyMatch(Restrictions::stands) ? label() : List.of();
    }

    static List<Coding> ofVisit(Hl7Message message) {
        boolean marked =
                message.segment("PV2").filter(pv2 -> pv2.text(22).equals("Y")).isPresent();
        List<Hl7Segment> ofPerson = message.before("PV1", "ARV");
        boolean restricted = message.segments("ARV").stream()
                .filter(arv -> !ofPerson.contains(arv))
                .anyMatch(Restrictions::stands);
        return marked || restricted ? label() : List.of();
    }

    /** Table 0206: what is not deleted stands, also what has no change. */
    private static boolean stands(Hl7Segment arv) {
        return Stream.of(3, 5).anyMatch(field -> !arv.text(field).isEmpty())
                && !arv.text(2).equals(LIFTED);
    }

    private static List<Coding> label() {
        return List.of(RESTRICTED.copy());
    }
}
