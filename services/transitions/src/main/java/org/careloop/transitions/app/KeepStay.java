package org.careloop.transitions.app;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.careloop.fhirmodel.FhirId;
import org.careloop.fhirstore.UnitOfWork;
import org.careloop.transitions.domain.Sites;
import org.careloop.transitions.domain.StayCourse;
import org.careloop.transitions.domain.StayEvent;
import org.careloop.transitions.domain.StayStatement;
import org.careloop.transitions.domain.TransitionEpisode;
import org.careloop.transitions.store.StayEvents;
import org.hl7.fhir.r4.model.Encounter;
import org.hl7.fhir.r4.model.Reference;

/** Keeps what is said of a stay, and makes its Encounter of all that was said. */
@Singleton
public class KeepStay {

    private final StayEvents events;
    private final Sites sites;

    KeepStay(StayEvents events, Sites sites) {
        this.events = events;
        this.sites = sites;
    }

    /**
     * Returns the Encounter as it is to be after a message that says {@code event}: with the meta of the one that is stored, and
     * {@code subject}.
     */
    public Uni<Encounter> told(
            FhirId id, Optional<Encounter> stored, StayEvent event, Reference subject, UnitOfWork unit) {
        return all(id.value(), stored, known -> event, unit)
                .map(all -> StayCourse.of(
                        all, sites.of(event.told().getServiceProvider()).zone()))
                .map(after -> {
                    after.setId(id.value());
                    after.setSubject(subject);
                    stored.ifPresent(before -> after.setMeta(before.getMeta().copy()));
                    event.told().getMeta().getSecurity().stream()
                            .filter(label -> after.getMeta().getSecurity(label.getSystem(), label.getCode()) == null)
                            .forEach(label -> after.getMeta().addSecurity(label.copy()));
                    return linked(after);
                });
    }

    /** Returns {@code next}, which a client states to be the whole Encounter now, with the history that it has by it. */
    public Uni<Encounter> stated(Optional<Encounter> stored, Encounter next, Instant now, UnitOfWork unit) {
        ZoneId zone = sites.of(next.getServiceProvider()).zone();
        StayStatement.Said said =
                new StayStatement.Said(now, zone, FhirId.next().value());
        return all(next.getIdElement().getIdPart(), stored, known -> StayStatement.of(stored, known, next, said), unit)
                .map(all -> StayCourse.of(all, zone))
                .map(after -> {
                    after.setIdElement(next.getIdElement());
                    after.setMeta(next.getMeta());
                    after.setSubject(next.getSubject());
                    after.setText(next.getText());
                    return linked(after);
                });
    }

    /** One that was known before anything that was said of it was kept starts as it is. */
    private Uni<List<StayEvent>> all(
            String id, Optional<Encounter> stored, Function<List<StayEvent>, StayEvent> said, UnitOfWork unit) {
        return events.of(id, unit)
                .chain(known -> known.isEmpty() && stored.isPresent()
                        ? events.add(id, known, asKnown(stored.get()), unit)
                        : Uni.createFrom().item(known))
                .chain(known -> {
                    StayEvent event = said.apply(known);
                    return StayStatement.repeatedBy(event, known)
                            .map(before -> events.drop(id, known, before, unit))
                            .orElseGet(() -> Uni.createFrom().item(known))
                            .chain(kept -> events.add(id, kept, event, unit));
                });
    }

    private StayEvent asKnown(Encounter stored) {
        return StayStatement.asKnown(
                stored, sites.of(stored.getServiceProvider()).zone());
    }

    private Encounter linked(Encounter encounter) {
        String id = encounter.getIdElement().getIdPart();
        Reference episode = new Reference("EpisodeOfCare/" + TransitionEpisode.idOf(id));
        boolean linked = encounter.getEpisodeOfCare().stream()
                .anyMatch(each -> episode.getReference().equals(each.getReference()));
        if (!linked && sites.isStay(encounter)) {
            encounter.addEpisodeOfCare(episode);
        }
        return encounter;
    }
}
