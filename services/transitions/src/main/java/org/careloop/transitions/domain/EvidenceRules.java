package org.careloop.transitions.domain;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.careloop.fhirmodel.ResourceKey;
import org.careloop.fhirsearch.Compartment;
import org.careloop.ruledata.RuleSource;
import org.hl7.fhir.r4.model.Appointment;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Communication;
import org.hl7.fhir.r4.model.Encounter;
import org.hl7.fhir.r4.model.Procedure;
import org.hl7.fhir.r4.model.Resource;
import org.hl7.fhir.r4.model.Task;

/** Which resource shows what to have been done; data, {@code rules/milestone-evidence-2026.yaml}. */
public final class EvidenceRules {

    /** Kind of evidence that a planned stay was told of before it began. */
    public static final String PREADMISSION = "preadmission";

    /** The data file. */
    record Rules(
            String version,
            List<String> completed,
            Map<String, List<String>> earlier,
            Map<String, List<String>> kept,
            Map<String, Map<String, List<String>>> procedures,
            Map<String, String> encounters,
            String appointments,
            Set<String> media,
            Set<String> informationParts,
            Set<String> notStaff,
            Set<String> staffKinds,
            Map<String, List<Functions>> qualified) {

        /** Whether {@code kind} is asked of staff, and {@code actor}, a reference, is none. */
        boolean isByNoStaff(String kind, Optional<String> actor) {
            return staffKinds.contains(kind)
                    && actor.flatMap(ResourceKey::parse)
                            .filter(key -> notStaff.contains(key.type()))
                            .isPresent();
        }
    }

    /** Functions of performers, by how their codes in {@code system} begin. */
    record Functions(String system, List<String> prefixes) {

        boolean judges(Coding coding) {
            return system.equals(coding.getSystem()) && coding.hasCode();
        }

        boolean has(Coding coding) {
            return judges(coding) && prefixes.stream().anyMatch(coding.getCode()::startsWith);
        }
    }

    private final Rules rules;
    private final TaskEvidence tasks;
    private final CommunicationEvidence communications;
    private final ServiceEvidence services;

    EvidenceRules(Rules rules) {
        this.rules = rules;
        this.tasks = new TaskEvidence(rules);
        this.communications = new CommunicationEvidence(rules);
        this.services = new ServiceEvidence(rules);
    }

    /** Returns the rules that come with the service. */
    public static EvidenceRules shipped() {
        return of(RuleSource.shipped());
    }

    /** Returns the rules of {@code source}; fails as it does. */
    public static EvidenceRules of(RuleSource source) {
        return new EvidenceRules(source.read(Rules.class, "rules/milestone-evidence-2026.yaml"));
    }

    /** Names the rules and their edition. */
    public String version() {
        return rules.version();
    }

    /** The codes of procedures that show something, for a glance at an event. */
    public Set<String> procedureCodes() {
        return services.procedureCodes();
    }

    /** Whether {@code resource} shows nothing new, and what it showed before holds. */
    public boolean keeps(Resource resource) {
        return resource instanceof Task task && tasks.keeps(task);
    }

    /**
     * Returns what {@code resource} shows to have been done; nothing when it is in error or shows nothing.
     *
     * @param changed when it came to be as it is, for what does not say itself when it was done
     */
    public List<FoundEvidence> of(Resource resource, Instant changed) {
        return Compartment.patientOf(resource)
                .map(patient -> switch (resource) {
                    case Task task -> tasks.of(task, patient, changed);
                    case Communication communication -> communications.of(communication, patient);
                    case Procedure procedure -> services.of(procedure, patient);
                    case Encounter visit -> services.of(visit, patient);
                    case Appointment appointment -> services.of(appointment, patient, changed);
                    default -> List.<FoundEvidence>of();
                })
                .map(found -> found.stream()
                        .filter(each -> !rules.isByNoStaff(each.kind(), each.actor()))
                        .toList())
                .orElse(List.of());
    }
}
