package org.careloop.transitions.hl7;

import java.util.Optional;
import org.hl7.fhir.r4.model.Identifier;

/** The number by which a visit is known: PV1-19, or what else the sender's profile takes for it. */
final class VisitNumber {

    private VisitNumber() {}

    static Optional<Identifier> of(Hl7Message message, SenderProfile profile) {
        return profile.visitNumberFields().stream()
                .flatMap(place -> field(message, place).stream())
                .flatMap(cx -> IdentifierMapping.identifier(profile, profile.visitNumbers(), cx).stream())
                .findFirst()
                .map(number -> number.setType(IdentifierMapping.type(profile, "VN")));
    }

    private static Optional<Hl7Field> field(Hl7Message message, String place) {
        String[] parts = place.split("-");
        return message.segment(parts[0]).map(segment -> segment.field(Integer.parseInt(parts[1])));
    }
}
