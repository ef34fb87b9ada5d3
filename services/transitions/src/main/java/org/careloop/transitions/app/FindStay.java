package org.careloop.transitions.app;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.careloop.fhirsearch.Condition;
import org.careloop.fhirsearch.QueryParameter;
import org.careloop.fhirstore.InTurn;
import org.careloop.fhirstore.StoredResource;
import org.careloop.fhirstore.UnitOfWork;
import org.careloop.transitions.hl7.SenderProfiles;
import org.hl7.fhir.r4.model.Encounter;
import org.hl7.fhir.r4.model.Identifier;

/** Finds the Encounter of a stay by its visit number, whichever way it was told of: a stay is one Encounter. */
@Singleton
public class FindStay {

    private static final String IDENTIFIER_TYPES = "http://terminology.hl7.org/CodeSystem/v2-0203";
    private static final String VISIT_NUMBER = "VN";
    private static final String TYPE = "Encounter";

    private final SenderProfiles profiles;

    FindStay(SenderProfiles profiles) {
        this.profiles = profiles;
    }

    /**
     * Returns the id of the Encounter that has a visit number of {@code told}; empty when there is none. Until {@code unit} ends no
     * other makes one of the same number.
     */
    public Uni<Optional<String>> handle(Encounter told, UnitOfWork unit) {
        Map<String, Identifier> numbers = new TreeMap<>();
        told.getIdentifier().stream()
                .filter(FindStay::mayBeVisitNumber)
                .forEach(each -> numbers.put(escaped(each.getSystem()) + "|" + escaped(each.getValue()), each));
        return InTurn.map(
                        numbers.entrySet(),
                        number -> unit.serialize(TYPE, number.getKey())
                                .chain(() -> unit.search(
                                        TYPE,
                                        List.of(new QueryParameter("identifier", number.getKey())),
                                        Condition.EVERYTHING))
                                .map(found -> found.stream()
                                        .filter(each -> isVisitNumber(number.getValue())
                                                || has(each.as(Encounter.class), number.getValue()))
                                        .toList()))
                .map(found ->
                        found.stream().flatMap(List::stream).map(FindStay::idOf).findFirst());
    }

    /** Other numbers, such as that of an account, are of several stays. */
    private static boolean mayBeVisitNumber(Identifier identifier) {
        return identifier.hasSystem()
                && identifier.hasValue()
                && identifier.getUse() != Identifier.IdentifierUse.OLD
                && identifier.getUse() != Identifier.IdentifierUse.SECONDARY
                && (!identifier.hasType() || identifier.getType().hasCoding(IDENTIFIER_TYPES, VISIT_NUMBER));
    }

    /** No two stays have it: by its type, or because a sender numbers its visits so. */
    private boolean isVisitNumber(Identifier identifier) {
        return identifier.getType().hasCoding(IDENTIFIER_TYPES, VISIT_NUMBER)
                || profiles.numbersVisits(identifier.getSystem());
    }

    /** Whether the same number is known as the visit number of {@code known}. */
    private boolean has(Encounter known, Identifier number) {
        return known.getIdentifier().stream()
                .anyMatch(each -> isVisitNumber(each)
                        && number.getSystem().equals(each.getSystem())
                        && number.getValue().equals(each.getValue()));
    }

    private static String idOf(StoredResource encounter) {
        return encounter.key().id().value();
    }

    private static String escaped(String value) {
        return value.replace("\\", "\\\\")
                .replace(",", "\\,")
                .replace("|", "\\|")
                .replace("$", "\\$");
    }
}
