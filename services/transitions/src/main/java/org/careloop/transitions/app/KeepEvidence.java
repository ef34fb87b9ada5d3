package org.careloop.transitions.app;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.careloop.eventcontracts.Change;
import org.careloop.eventcontracts.ResourceEvent;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.fhirmodel.ResourceKey;
import org.careloop.fhirstore.UnitOfWork;
import org.careloop.transitions.domain.EvidenceRules;
import org.careloop.transitions.domain.FoundEvidence;
import org.careloop.transitions.store.EvidenceRecord;
import org.careloop.transitions.store.Evidences;
import org.careloop.transitions.store.ToldVersions;
import org.hl7.fhir.r4.model.Resource;

/**
 * Keeps what resources show to have been done for patients, and has the milestones that it bears on reckoned anew. What a resource
 * showed and shows no more, because it was mended, deleted or found to be an error, is taken back.
 */
@Singleton
public class KeepEvidence {

    private final EvidenceRules rules;
    private final Evidences evidences;
    private final ToldVersions versions;
    private final ReckonMilestones reckonMilestones;
    private final Clock clock;

    KeepEvidence(
            EvidenceRules rules,
            Evidences evidences,
            ToldVersions versions,
            ReckonMilestones reckonMilestones,
            Clock clock) {
        this.rules = rules;
        this.evidences = evidences;
        this.versions = versions;
        this.reckonMilestones = reckonMilestones;
        this.clock = clock;
    }

    /** Keeps that {@code events} show nothing; returns the resources that showed something before, which {@link #handle} takes back. */
    public Uni<Set<ResourceKey>> nothing(List<ResourceEvent> events, UnitOfWork unit) {
        Map<ResourceKey, Long> last =
                events.stream().collect(Collectors.toMap(ResourceEvent::resource, ResourceEvent::version, Math::max));
        Map<String, Long> told = new HashMap<>();
        last.forEach((resource, version) -> told.put(resource.reference(), version));
        return versions.newest(told, unit).chain(newest -> evidences.known(last.keySet(), unit));
    }

    /** Keeps what the resource of {@code event}, which {@code service} holds, shows now. */
    public Uni<Void> handle(ResourceEvent event, String service, UnitOfWork unit) {
        String reference = event.resource().reference();
        if (event.change() == Change.DELETED) {
            return keep(reference, event.version(), service, List.of(), unit);
        }
        Resource resource = FhirJson.parse(event.payload());
        return rules.keeps(resource)
                ? Uni.createFrom().voidItem()
                : keep(reference, event.version(), service, rules.of(resource, event.occurredAt()), unit);
    }

    /** Keeps that version {@code version} of {@code reference}, which {@code service} holds, shows {@code found}, all of it. */
    Uni<Void> keep(String reference, long version, String service, List<FoundEvidence> found, UnitOfWork unit) {
        Instant now = clock.instant();
        EvidenceRecord.Telling told = new EvidenceRecord.Telling(reference, version, now, service, rules.version());
        return versions.ofNewest(
                reference,
                version,
                unit,
                () -> evidences
                        .replace(told, found, now, unit)
                        .chain(touched -> touched.isEmpty()
                                ? Uni.createFrom().voidItem()
                                : reckonMilestones.around(touched.patients(), touched.encounters(), unit)));
    }
}
