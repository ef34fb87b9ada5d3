package org.careloop.transitions.app;

import io.smallrye.mutiny.Uni;
import java.util.function.Supplier;
import org.careloop.fhirstore.UnitOfWork;

/**
 * When in a unit the rows of documents are written: at its end, each once and in the order of the stays, after the Encounters and the
 * transitions. Events come in any order, so units that wrote as they came would wait for each other in a circle.
 */
enum DocumentTurn {
    /** Two patients were told apart, and the stay is one that was moved. */
    APART,
    /** What was told of the discharge, by the last who told of it. */
    TOLD,
    /** What was made while two patients were one is taken back. */
    TAKEN_BACK,
    /** Something of the record is another; whether that matters is found out. */
    CHANGED,
    /** It is looked at again. */
    LOOKED_AT;

    /** Finds out at the end of {@code unit} of which stays of {@code patient} (its id) documents are concerned. */
    static void find(String patient, String why, Supplier<Uni<Void>> work, UnitOfWork unit) {
        // Before all documents, after "transition <id>".
        unit.last("transition-a " + patient + " " + why, work);
    }

    /** Has {@code work} on the document of the stay {@code encounterId} done at the end of {@code unit}, once. */
    void last(String encounterId, Supplier<Uni<Void>> work, UnitOfWork unit) {
        last(encounterId, "", work, unit);
    }

    /** As {@link #last(String, Supplier, UnitOfWork)}, once for each {@code what}. */
    void last(String encounterId, String what, Supplier<Uni<Void>> work, UnitOfWork unit) {
        unit.last("transition-document " + encounterId + " " + ordinal() + " " + what, work);
    }
}
