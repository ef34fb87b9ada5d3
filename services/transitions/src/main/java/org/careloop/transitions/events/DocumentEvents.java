package org.careloop.transitions.events;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.Set;
import java.util.stream.Collectors;
import org.careloop.eventcontracts.Change;
import org.careloop.eventcontracts.ResourceEvent;
import org.careloop.eventflow.EventHandler;
import org.careloop.eventflow.EventSource;
import org.careloop.fhirmodel.ResourceKey;
import org.careloop.fhirstore.UnitOfWork;
import org.careloop.transitions.app.RemakeDocuments;
import org.careloop.transitions.domain.document.DocumentRules;
import org.careloop.transitions.domain.document.Withheld;

/**
 * What a document may hold, and must hold no more: it was labelled after it was made, was an error, or is gone. And what it may hold now,
 * because it is labelled no more, or was no error.
 */
@Singleton
public class DocumentEvents implements EventHandler {

    private final RemakeDocuments remakeDocuments;
    private final Set<EventSource> sources;

    DocumentEvents(RemakeDocuments remakeDocuments, DocumentRules rules) {
        this.remakeDocuments = remakeDocuments;
        // Consents are told to another: each of them counts.
        this.sources = rules.sources().stream()
                .filter(source -> !source.type().equals("Consent"))
                .map(source -> new EventSource(source.service(), source.type()))
                .collect(Collectors.toUnmodifiableSet());
    }

    @Override
    public Set<EventSource> sources() {
        return sources;
    }

    /** What is new is in no document yet. Of what has no label any more nothing tells that it had one, but what was noted of it. */
    @Override
    public boolean concerns(ResourceEvent event) {
        return event.change() != Change.CREATED;
    }

    @Override
    public Uni<Void> handle(ResourceEvent event, UnitOfWork unit) {
        return ResourceKey.parse(event.key())
                .map(patient -> handle(event, patient.id().value(), unit))
                .orElseGet(() -> Uni.createFrom().voidItem());
    }

    private Uni<Void> handle(ResourceEvent event, String patient, UnitOfWork unit) {
        return event.change() == Change.DELETED || mayBeWithheld(event)
                ? remakeDocuments.handle(patient, unit)
                : remakeDocuments.changed(patient, event.resource(), unit);
    }

    /** Labels and errors have words that can be looked for without reading the rest. */
    private static boolean mayBeWithheld(ResourceEvent event) {
        return Withheld.WORDS.stream().anyMatch(event::mentions);
    }
}
