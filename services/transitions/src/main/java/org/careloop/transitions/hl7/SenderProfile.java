package org.careloop.transitions.hl7;

import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.careloop.fhirmodel.FhirId;
import org.careloop.transitions.domain.DischargeDestination;
import org.jspecify.annotations.Nullable;

/**
 * What one sending system means by what it sends: data in {@code sender-profiles/}.
 *
 * @param version names this edition of the profile
 * @param application MSH-3.1; {@code *} stands for any that has no profile of its own
 * @param facility MSH-4.1; {@code *} likewise
 * @param organization id of the FHIR Organization that the sender is part of
 * @param coordinator id of the Organization whose case managers follow its patients after discharge; absent in the file: the
 *     sender's own
 * @param peers addresses from which its messages may come by MLLP; empty, or absent in the file: from anywhere
 * @param timeZone zone of times without an offset, and of the site's calendar
 * @param processingIds MSH-11 values that are taken
 * @param patientIdentifiers systems of PID-3 by assigner (PID-3.4)
 * @param visitNumbers systems of PV1-19 by assigner (PV1-19.4)
 * @param visitNumberFields where the visit number is looked for, the first that is there; absent in the file: PV1-19 alone
 * @param practitioners systems of persons' ids by assigner (XCN.9)
 * @param payers systems of insurance companies' ids by assigner (IN1-3.4)
 * @param diagnosisSystem coding system (table 0396) of a DG1-3 that names none
 * @param dispositions the site's table 0112
 * @param otherDisposition what a code that is not listed, or none, is taken for; absent in the file: such a discharge is refused
 * @param admissionTypes the site's table 0007
 * @param tables what the site adds to or overrides in the shared code tables: table, then code, then FHIR code
 */
public record SenderProfile(
        String version,
        String application,
        String facility,
        String organization,
        @Nullable String coordinator,
        @Nullable List<AddressBlock> peers,
        ZoneId timeZone,
        List<String> processingIds,
        IdentifierSystems patientIdentifiers,
        IdentifierSystems visitNumbers,
        @Nullable List<String> visitNumberFields,
        IdentifierSystems practitioners,
        IdentifierSystems payers,
        String diagnosisSystem,
        Map<String, Disposition> dispositions,
        @Nullable Disposition otherDisposition,
        Map<String, AdmissionType> admissionTypes,
        Map<String, Map<String, String>> tables) {

    /** Checks the organizations' ids. */
    public SenderProfile {
        new FhirId(organization);
        coordinator = coordinator == null ? organization : coordinator;
        new FhirId(coordinator);
        peers = peers == null ? List.of() : List.copyOf(peers);
        visitNumberFields = visitNumberFields == null ? List.of("PV1-19") : List.copyOf(visitNumberFields);
    }

    /** Tells whether a message of this sender may come from {@code peer} by MLLP; an unknown one may only without a list. */
    public boolean takesFrom(Optional<String> peer) {
        return peers.isEmpty()
                || peer.filter(address -> peers.stream().anyMatch(block -> block.contains(address)))
                        .isPresent();
    }

    /**
     * How assigners become identifier systems.
     *
     * @param defaultSystem for an assigner that is not listed; {@code {authority}} stands for its name
     * @param defaultAuthority the assigner of a number that names none
     * @param systems system by assigner
     */
    public record IdentifierSystems(String defaultSystem, String defaultAuthority, Map<String, String> systems) {

        String system(String authority) {
            String assigner = authority.isEmpty() ? defaultAuthority : authority;
            String system = systems.get(assigner);
            return system == null
                    ? defaultSystem.replace("{authority}", assigner.replaceAll("[^A-Za-z0-9.-]+", "-"))
                    : system;
        }

        boolean lists(String authority) {
            return systems.containsKey(authority);
        }
    }

    /**
     * A discharge disposition.
     *
     * @param code of {@code http://terminology.hl7.org/CodeSystem/discharge-disposition}
     * @param display of that code
     * @param destination what our rules take it for
     */
    public record Disposition(String code, String display, DischargeDestination destination) {}

    /**
     * A type of admission.
     *
     * @param priority of {@code http://terminology.hl7.org/CodeSystem/v3-ActPriority}: EM, UR, EL, R; absent = says
     * nothing
     * @param snomed a SNOMED CT code of the kind of encounter, if there is one that fits
     * @param display of the SNOMED CT code
     */
    public record AdmissionType(
            @Nullable String priority,
            @Nullable String snomed,
            @Nullable String display) {}

    /** The meaning of {@code code} in the site's table 0112. */
    public Optional<Disposition> disposition(String code) {
        return Optional.ofNullable(dispositions.getOrDefault(code, otherDisposition));
    }

    Optional<AdmissionType> admissionType(String code) {
        return Optional.ofNullable(admissionTypes.get(code));
    }

    Optional<String> override(String table, String code) {
        return Optional.ofNullable(tables.getOrDefault(table, Map.of()).get(code));
    }
}
