package org.careloop.referrals.domain.hsds;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.hl7.fhir.r4.model.ContactPoint;
import org.hl7.fhir.r4.model.ContactPoint.ContactPointSystem;

/** Telephone numbers, addresses of mail and sites of what a row tells of. */
final class HsdsContacts {

    private HsdsContacts() {}

    /** Returns the contacts of {@code row} itself and of {@code phones}, in this order. */
    static List<ContactPoint> of(HsdsRow row, List<HsdsRow> phones) {
        List<ContactPoint> contacts = new ArrayList<>();
        row.get("email").ifPresent(value -> contacts.add(point(ContactPointSystem.EMAIL, value)));
        row.get("website")
                .or(() -> row.get("url"))
                .ifPresent(value -> contacts.add(point(ContactPointSystem.URL, value)));
        phones.forEach(phone -> phone(phone).ifPresent(contacts::add));
        return contacts;
    }

    /** HSDS writes an extension apart; FHIR has one text. */
    private static Optional<ContactPoint> phone(HsdsRow phone) {
        String extension = phone.get("extension").map(value -> " ext. " + value).orElse("");
        ContactPointSystem system = phone.get("type")
                .map(type -> switch (type.toLowerCase(Locale.ROOT)) {
                    case "fax" -> ContactPointSystem.FAX;
                    case "text", "sms" -> ContactPointSystem.SMS;
                    case "pager" -> ContactPointSystem.PAGER;
                    case "tty", "tdd", "textphone", "video" -> ContactPointSystem.OTHER;
                    default -> ContactPointSystem.PHONE;
                })
                .orElse(ContactPointSystem.PHONE);
        return phone.get("number").map(number -> point(system, number + extension));
    }

    private static ContactPoint point(ContactPointSystem system, String value) {
        return new ContactPoint().setSystem(system).setValue(value);
    }
}
