package org.careloop.transitions.domain;

import java.time.ZoneId;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.careloop.fhirmodel.ResourceKey;
import org.hl7.fhir.r4.model.Encounter;
import org.hl7.fhir.r4.model.Reference;

/** The places where stays are, by the organisation that provides them. */
public final class Sites {

    /**
     * A site.
     *
     * @param zone of its days
     * @param coordinator id of the Organization whose case managers follow its patients; empty: who makes the record
     */
    public record Site(ZoneId zone, Optional<String> coordinator) {}

    private final Map<String, Site> known;
    private final Site other;
    private final Set<String> classes;

    /**
     * @param known by the id of the Organization
     * @param zone of all others
     * @param classes of stays (v3 ActCode)
     */
    public Sites(Map<String, Site> known, ZoneId zone, Set<String> classes) {
        this.known = Map.copyOf(known);
        this.other = new Site(zone, Optional.empty());
        this.classes = Set.copyOf(classes);
    }

    /** The site of a stay that {@code provider} provides. */
    public Site of(Reference provider) {
        return ResourceKey.parse(String.valueOf(provider.getReference()))
                .map(key -> key.id().value())
                .map(known::get)
                .orElse(other);
    }

    /** Whether {@code encounter} is a stay, from which a patient is discharged: a visit is not. */
    public boolean isStay(Encounter encounter) {
        return classes.contains(encounter.getClass_().getCode());
    }
}
