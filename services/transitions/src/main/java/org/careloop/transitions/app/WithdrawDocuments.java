package org.careloop.transitions.app;

import static org.careloop.transitions.TransitionsLog.LOG;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.careloop.calleraccess.Caller;
import org.careloop.fhirstore.InTurn;
import org.careloop.fhirstore.UnitOfWork;
import org.careloop.transitions.domain.document.TransitionDocument;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.Composition;
import org.hl7.fhir.r4.model.Resource;

/** Marks all versions of a document as errors; what of them is gone needs no mark. */
@Singleton
class WithdrawDocuments {

    WithdrawDocuments() {}

    /** Marks the versions 1 to {@code number} of the document of the stay {@code encounterId}. */
    Uni<Void> handle(String encounterId, int number, UnitOfWork unit) {
        List<String> ids = IntStream.rangeClosed(1, number)
                .mapToObj(each -> TransitionDocument.idOf(encounterId, each).value())
                .sorted()
                .toList();
        return ids.isEmpty()
                ? Uni.createFrom().voidItem()
                : InTurn.each(
                                ids,
                                id -> mark(Bundle.class, id, TransitionDocument::withdrawn, unit)
                                        .chain(() -> mark(Composition.class, id, TransitionDocument::withdrawn, unit)))
                        .invoke(() -> LOG.documentsWithdrawn(encounterId, ids.size()));
    }

    private static <T extends Resource> Uni<Void> mark(
            Class<T> type, String id, UnaryOperator<T> withdrawn, UnitOfWork unit) {
        return unit.find(type, id)
                .chain(found -> found.map(current -> unit.put(Caller.PLATFORM, withdrawn.apply(current))
                                .replaceWithVoid())
                        .orElseGet(() -> Uni.createFrom().voidItem()));
    }
}
