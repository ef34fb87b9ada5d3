package org.careloop.transitions.hl7;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.hl7.fhir.r4.model.Address;
import org.hl7.fhir.r4.model.Address.AddressType;
import org.hl7.fhir.r4.model.Address.AddressUse;
import org.hl7.fhir.r4.model.ContactPoint;
import org.hl7.fhir.r4.model.ContactPoint.ContactPointSystem;
import org.hl7.fhir.r4.model.ContactPoint.ContactPointUse;
import org.hl7.fhir.r4.model.HumanName;
import org.hl7.fhir.r4.model.HumanName.NameUse;

/** Names (XPN), addresses (XAD) and telecom numbers (XTN) of persons. */
final class PersonMapping {

    private PersonMapping() {}

    /** The names of a field, the official one first. */
    static List<HumanName> names(SenderProfile profile, List<Hl7Field> fields) {
        return fields.stream()
                .flatMap(field -> name(profile, field).stream())
                .sorted(Comparator.comparing(name -> name.getUse() == NameUse.OFFICIAL ? 0 : 1))
                .toList();
    }

    private static Optional<HumanName> name(SenderProfile profile, Hl7Field xpn) {
        HumanName name = new HumanName();
        if (!xpn.text(1).isEmpty()) {
            name.setFamily(xpn.text(1));
        }
        Stream.of(xpn.text(2), xpn.text(3)).filter(given -> !given.isEmpty()).forEach(name::addGiven);
        if (name.isEmpty()) {
            return Optional.empty();
        }
        present(xpn.text(4)).ifPresent(name::addSuffix);
        present(xpn.text(6)).ifPresent(name::addSuffix);
        present(xpn.text(5)).ifPresent(name::addPrefix);
        String type = xpn.text(7).isEmpty() ? "L" : xpn.text(7);
        CodeTables.code(profile, "name-use", type).map(NameUse::fromCode).ifPresent(name::setUse);
        return Optional.of(name);
    }

    /** The addresses of a field. */
    static List<Address> addresses(SenderProfile profile, List<Hl7Field> fields) {
        return fields.stream()
                .flatMap(field -> address(profile, field).stream())
                .toList();
    }

    private static Optional<Address> address(SenderProfile profile, Hl7Field xad) {
        Address address = new Address();
        Stream.of(xad.text(1), xad.text(2)).filter(line -> !line.isEmpty()).forEach(address::addLine);
        present(xad.text(3)).ifPresent(address::setCity);
        present(xad.text(4)).ifPresent(address::setState);
        present(xad.text(5)).ifPresent(address::setPostalCode);
        present(xad.text(6)).ifPresent(address::setCountry);
        present(xad.text(9)).ifPresent(address::setDistrict);
        if (address.isEmpty()) {
            return Optional.empty();
        }
        CodeTables.code(profile, "address-use", xad.text(7))
                .map(AddressUse::fromCode)
                .ifPresent(address::setUse);
        CodeTables.code(profile, "address-type", xad.text(7))
                .map(AddressType::fromCode)
                .ifPresent(address::setType);
        return Optional.of(address);
    }

    /** The numbers and mail addresses of a field; {@code use} is what the field stands for when it does not say. */
    static List<ContactPoint> telecoms(SenderProfile profile, List<Hl7Field> fields, ContactPointUse use) {
        List<ContactPoint> all = new ArrayList<>();
        for (Hl7Field xtn : fields) {
            String equipment = xtn.text(3);
            boolean internet = equipment.equals("Internet") || xtn.text(2).equals("NET");
            if (internet && !xtn.text(4).isEmpty()) {
                all.add(new ContactPoint()
                        .setSystem(ContactPointSystem.EMAIL)
                        .setValue(xtn.text(4))
                        .setUse(use));
                continue;
            }
            String number = number(xtn);
            if (!number.isEmpty()) {
                ContactPoint point = new ContactPoint()
                        .setValue(number)
                        .setSystem(ContactPointSystem.PHONE)
                        .setUse(use);
                CodeTables.code(profile, "telecom-system", equipment)
                        .map(ContactPointSystem::fromCode)
                        .ifPresent(point::setSystem);
                CodeTables.code(profile, "telecom-use", xtn.text(2))
                        .map(ContactPointUse::fromCode)
                        .ifPresent(point::setUse);
                if (equipment.equals("CP")) {
                    point.setUse(ContactPointUse.MOBILE);
                }
                all.add(point);
            }
        }
        return all;
    }

    private static String number(Hl7Field xtn) {
        if (!xtn.text(12).isEmpty()) {
            return xtn.text(12);
        }
        if (xtn.text(7).isEmpty()) {
            return xtn.text(1);
        }
        String country = xtn.text(5).isEmpty() ? "" : "+" + xtn.text(5).replace("+", "") + " ";
        String area = xtn.text(6).isEmpty() ? "" : "(" + xtn.text(6) + ") ";
        String extension = xtn.text(8).isEmpty() ? "" : " ext. " + xtn.text(8);
        return String.format(Locale.ROOT, "%s%s%s%s", country, area, xtn.text(7), extension);
    }

    private static Optional<String> present(String text) {
        return text.isEmpty() ? Optional.empty() : Optional.of(text);
    }
}
