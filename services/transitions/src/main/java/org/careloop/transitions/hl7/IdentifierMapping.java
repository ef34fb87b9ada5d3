package org.careloop.transitions.hl7;

import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.careloop.transitions.hl7.SenderProfile.IdentifierSystems;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.Reference;

/** Numbers with assigners (CX, and the ids of XCN) to FHIR identifiers and logical references. */
final class IdentifierMapping {

    static final String TYPE_SYSTEM = "http://terminology.hl7.org/CodeSystem/v2-0203";
    private static final Pattern OID = Pattern.compile("[0-2](\\.(0|[1-9][0-9]*))+");

    private IdentifierMapping() {}

    /** A CX as an identifier; empty when it has no number. */
    static Optional<Identifier> identifier(SenderProfile profile, IdentifierSystems systems, Hl7Field cx) {
        String value = cx.text(1);
        if (value.isEmpty()) {
            return Optional.empty();
        }
        Identifier identifier =
                new Identifier().setSystem(system(profile, systems, cx, 4, 5)).setValue(value);
        if (!cx.text(5).isEmpty()) {
            identifier.setType(type(profile, cx.text(5)));
        }
        return Optional.of(identifier);
    }

    static CodeableConcept type(SenderProfile profile, String code) {
        Coding known = CodeTables.coding(profile, "identifier-type", code).orElse(new Coding(TYPE_SYSTEM, code, null));
        return new CodeableConcept(known);
    }

    /** A person (XCN) as a logical reference by the id, with the name for people; empty when there is neither. */
    static Optional<Reference> practitioner(SenderProfile profile, Hl7Field xcn) {
        Reference reference = new Reference();
        if (!xcn.text(1).isEmpty()) {
            reference.setType("Practitioner");
            reference.setIdentifier(new Identifier()
                    .setSystem(system(profile, profile.practitioners(), xcn, 9, 13))
                    .setValue(xcn.text(1)));
        }
        String name = Stream.of(xcn.text(6), xcn.text(3), xcn.text(4), xcn.text(2), xcn.text(5), xcn.text(7))
                .filter(part -> !part.isEmpty())
                .collect(Collectors.joining(" "));
        if (!name.isEmpty()) {
            reference.setDisplay(name);
        }
        return reference.isEmpty() ? Optional.empty() : Optional.of(reference);
    }

    /**
     * The profile's word on the assigner comes first, then the national meaning of the type (SSN, NPI), then an OID
     * of the assigner, and last the profile's default.
     */
    private static String system(
            SenderProfile profile, IdentifierSystems systems, Hl7Field field, int authorityAt, int typeAt) {
        String authority = field.text(authorityAt, 1);
        if (systems.lists(authority)) {
            return systems.system(authority);
        }
        Optional<String> national = CodeTables.code(profile, "identifier-type-system", field.text(typeAt));
        if (national.isPresent()) {
            return national.get();
        }
        String universal = field.text(authorityAt, 2);
        if (field.text(authorityAt, 3).equals("ISO") && OID.matcher(universal).matches()) {
            return CodeTables.code(profile, "oid-system", universal).orElse("urn:oid:" + universal);
        }
        return systems.system(authority);
    }
}
