package org.careloop.transitions.app;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
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
        Set<String> numbers = new TreeSet<>();
        told.getIdentifier().stream()
                .filter(this::isVisitNumber)
                .forEach(each -> numbers.add(escaped(each.getSystem()) + "|" + escaped(each.getValue())));
        return InTurn.map(
                        numbers,
                        number -> unit.serialize(TYPE, number)
                                .chain(() -> unit.search(
                                        TYPE, List.of(new QueryParameter("identifier", number)), Condition.EVERYTHING)))
                .map(found ->
                        found.stream().flatMap(List::stream).map(FindStay::idOf).findFirst());
    }

    /** Whether no two stays have it; other numbers, such as that of an account, are of several. */
    private boolean isVisitNumber(Identifier identifier) {
        return identifier.hasSystem()
                && identifier.hasValue()
                && identifier.getUse() != Identifier.IdentifierUse.OLD
                && (identifier.getType().hasCoding(IDENTIFIER_TYPES, "VN")
                        || profiles.numbersVisits(identifier.getSystem()));
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
