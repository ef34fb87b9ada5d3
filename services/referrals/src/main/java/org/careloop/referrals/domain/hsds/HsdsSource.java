package org.careloop.referrals.domain.hsds;

import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.careloop.fhirmodel.FhirId;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.Reference;

/**
 * Who publishes a directory. Its ids are unique within it, so the same row is the same resource in every import.
 *
 * @param name part of the identifiers' system
 */
public record HsdsSource(String name) {

    private static final String SYSTEM = "https://careloop.org/fhir/sid/hsds/";
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,63}");

    /** Fails with {@link ProblemCode#INVALID_PARAMETER}. */
    public HsdsSource {
        if (!NAME.matcher(name).matches()) {
            throw new FhirProblem(
                    ProblemCode.INVALID_PARAMETER, "source: has invalid syntax (expected: 1-64 of a-z 0-9 -)");
        }
    }

    /** The system of the identifiers of all that is imported from it. */
    public String system() {
        return SYSTEM + name;
    }

    Identifier identifier(String id) {
        return new Identifier().setSystem(system()).setValue(id);
    }

    /** The id of the resource of {@code type} that {@code parts} of the file name. */
    FhirId idOf(String type, String... parts) {
        return FhirId.derivedFrom(
                Stream.concat(Stream.of(system(), type), Stream.of(parts)).toArray(String[]::new));
    }

    Reference reference(String type, String id) {
        return new Reference(type + "/" + idOf(type, id).value());
    }

    Optional<Reference> reference(String type, Optional<HsdsRow> row) {
        return row.flatMap(HsdsRow::id).map(id -> reference(type, id));
    }
}
