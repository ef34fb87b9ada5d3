package org.careloop.transitions.domain;

import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.careloop.eventcontracts.SharedTerms;
import org.careloop.fhirmodel.FhirId;
import org.careloop.fhirmodel.FhirTime;
import org.hl7.fhir.r4.model.CodeType;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.EpisodeOfCare;
import org.hl7.fhir.r4.model.EpisodeOfCare.EpisodeOfCareStatus;
import org.hl7.fhir.r4.model.Extension;
import org.hl7.fhir.r4.model.Period;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.StringType;

/**
 * A transition as an EpisodeOfCare, so that any FHIR client can follow it: planned while the patient is in hospital, active
 * after the discharge, cancelled when the admission was an error. Without consent to it, it waits, or is on hold if it was
 * active before.
 */
public final class TransitionEpisode {

    private static final String TYPE_SYSTEM = "https://careloop.org/fhir/CodeSystem/episode-type";

    private TransitionEpisode() {}

    /**
     * What an episode shows.
     *
     * @param organization id of the Organization that follows the patient
     * @param consented whether the patient is enrolled in coordination once it is open
     */
    public record Facts(
            String encounterId,
            String patientId,
            String organization,
            ZoneId zone,
            TransitionState state,
            boolean consented,
            Optional<Instant> admitted,
            Optional<Instant> discharged) {}

    /** The id of the episode that {@code encounter} opens. */
    public static FhirId idOf(String encounterId) {
        return FhirId.derivedFrom("transition", encounterId);
    }

    /**
     * Returns the episode as it is now.
     *
     * @param stored the version before, whose status history goes on
     * @param at when it becomes so
     */
    public static EpisodeOfCare of(
            Optional<EpisodeOfCare> stored, Facts facts, List<MilestoneProgress> milestones, Instant at) {
        EpisodeOfCare episode = new EpisodeOfCare();
        episode.setId(idOf(facts.encounterId()).value());
        episode.setStatus(status(facts, stored));
        episode.addType()
                .addCoding(new Coding(TYPE_SYSTEM, "discharge-transition", "Transition after a hospital stay"));
        episode.setPatient(new Reference("Patient/" + facts.patientId()));
        episode.setManagingOrganization(new Reference("Organization/" + facts.organization()));
        facts.discharged()
                .or(facts::admitted)
                .ifPresent(start ->
                        episode.setPeriod(new Period().setStartElement(FhirTime.dateTime(start, facts.zone()))));
        episode.addExtension(SharedTerms.INDEX_ENCOUNTER_EXTENSION, new Reference("Encounter/" + facts.encounterId()));
        milestones.forEach(progress -> episode.addExtension(extension(progress, facts.zone())));
        stored.ifPresent(before -> history(before, episode, at, facts.zone()));
        return episode;
    }

    private static EpisodeOfCareStatus status(Facts facts, Optional<EpisodeOfCare> stored) {
        return switch (facts.state()) {
            case EXPECTED -> EpisodeOfCareStatus.PLANNED;
            case OPEN -> facts.consented() ? EpisodeOfCareStatus.ACTIVE : withoutConsent(stored);
            case RETRACTED -> EpisodeOfCareStatus.CANCELLED;
        };
    }

    private static EpisodeOfCareStatus withoutConsent(Optional<EpisodeOfCare> stored) {
        return stored.map(EpisodeOfCare::getStatus)
                        .filter(Set.of(EpisodeOfCareStatus.ACTIVE, EpisodeOfCareStatus.ONHOLD)::contains)
                        .isPresent()
                ? EpisodeOfCareStatus.ONHOLD
                : EpisodeOfCareStatus.WAITLIST;
    }

    private static void history(EpisodeOfCare before, EpisodeOfCare after, Instant at, ZoneId zone) {
        before.getStatusHistory().forEach(entry -> after.addStatusHistory(entry.copy()));
        if (before.getStatus() != after.getStatus()) {
            Period period = new Period();
            if (before.getMeta().hasLastUpdated()) {
                Instant since = after.getStatusHistory().isEmpty()
                        ? before.getMeta().getLastUpdated().toInstant()
                        : after.getStatusHistory()
                                .getLast()
                                .getPeriod()
                                .getEnd()
                                .toInstant();
                period.setStartElement(FhirTime.dateTime(since, zone));
            }
            after.addStatusHistory()
                    .setStatus(before.getStatus())
                    .setPeriod(period.setEndElement(FhirTime.dateTime(at, zone)));
        }
    }

    private static Extension extension(MilestoneProgress progress, ZoneId zone) {
        Milestone milestone = progress.milestone();
        Extension extension = new Extension(SharedTerms.MILESTONE_EXTENSION);
        extension.addExtension("code", new CodeType(milestone.code()));
        extension.addExtension("title", new StringType(milestone.title()));
        extension.addExtension("opens", FhirTime.dateTime(milestone.opens(), zone));
        milestone.target().ifPresent(target -> extension.addExtension("target", FhirTime.dateTime(target, zone)));
        extension.addExtension("due", FhirTime.dateTime(milestone.due(), zone));
        extension.addExtension("rules", new StringType(progress.rules()));
        extension.addExtension("source", new StringType(milestone.source()));
        extension.addExtension("state", new CodeType(progress.state().code()));
        progress.reached().ifPresent(reached -> extension.addExtension("reached", FhirTime.dateTime(reached, zone)));
        progress.evidence().forEach(evidence -> extension.addExtension("evidence", new Reference(evidence)));
        return extension;
    }
}
