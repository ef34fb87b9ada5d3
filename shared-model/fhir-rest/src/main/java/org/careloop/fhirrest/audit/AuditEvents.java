package org.careloop.fhirrest.audit;

import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.util.Date;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.careloop.audittrail.AuditAgent;
import org.careloop.audittrail.AuditRow;
import org.careloop.audittrail.RecordedAnswer;
import org.careloop.eventflow.EventFlowConfig;
import org.hl7.fhir.r4.model.AuditEvent;
import org.hl7.fhir.r4.model.AuditEvent.AuditEventAction;
import org.hl7.fhir.r4.model.AuditEvent.AuditEventAgentComponent;
import org.hl7.fhir.r4.model.AuditEvent.AuditEventAgentNetworkType;
import org.hl7.fhir.r4.model.AuditEvent.AuditEventOutcome;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.StringType;

/**
 * Makes AuditEvents of rows, after IHE's Basic Audit Log Patterns. Unlike there, an answer that shows several patients is one
 * event with all of them.
 *
 * @see <a href="https://profiles.ihe.net/ITI/BALP/content.html">IHE Basic Audit Log Patterns</a>
 */
@Singleton
public class AuditEvents {

    private static final String DICOM = "http://dicom.nema.org/resources/ontology/DCM";
    private static final String REST = "http://hl7.org/fhir/restful-interaction";
    private static final String ENTITY_TYPES = "http://terminology.hl7.org/CodeSystem/audit-entity-type";
    private static final String ENTITY_ROLES = "http://terminology.hl7.org/CodeSystem/object-role";
    private static final String PARTICIPATION = "http://terminology.hl7.org/CodeSystem/v3-ParticipationType";
    private static final String ROLES = "https://careloop.org/fhir/CodeSystem/role";

    private final String service;

    AuditEvents(EventFlowConfig config) {
        this.service = config.service();
    }

    /**
     * Returns the event of {@code answer}.
     *
     * @param only the patient who may see what concerns them and nothing of others; empty for who may see all
     */
    AuditEvent of(RecordedAnswer answer, Optional<String> only) {
        AuditRow row = answer.row();
        AuditEvent event = new AuditEvent();
        event.setId(AuditIds.of(service, answer.seq()));
        event.getMeta().setLastUpdated(Date.from(answer.recorded()));
        event.setRecorded(Date.from(answer.recorded()));
        kind(event, row);
        agents(event, row);
        event.getSource()
                .setSite(service)
                .setObserver(new Reference().setDisplay("careloop-" + service))
                .addType(new Coding(
                        "http://terminology.hl7.org/CodeSystem/security-source-type", "4", "Application Server"));
        Set<String> patients = new TreeSet<>(row.subject().patients());
        only.ifPresent(patient -> patients.retainAll(Set.of(patient)));
        patients.forEach(patient -> event.addEntity()
                .setType(new Coding(ENTITY_TYPES, "1", "Person"))
                .setRole(new Coding(ENTITY_ROLES, "1", "Patient"))
                .setWhat(new Reference("Patient/" + patient)));
        subject(event, row.subject());
        // A query may name others.
        if (only.isEmpty()) {
            query(event, row);
        }
        row.question()
                .correlation()
                .ifPresent(id -> event.addEntity()
                        .setType(new Coding(
                                "https://profiles.ihe.net/ITI/BALP/CodeSystem/BasicAuditEntityType",
                                "XrequestId",
                                null))
                        .setWhat(new Reference().setIdentifier(new Identifier().setValue(id))));
        return event;
    }

    private static void kind(AuditEvent event, AuditRow row) {
        if (AuditCodes.isOfTheTrail(row.interaction())) {
            event.setType(new Coding(DICOM, "110101", "Audit Log Used"));
        } else {
            event.setType(new Coding(
                            "http://terminology.hl7.org/CodeSystem/audit-event-type", "rest", "RESTful Operation"))
                    .addSubtype(new Coding(REST, row.interaction(), null));
            if (AuditCodes.isSearch(row.interaction())) {
                event.addSubtype(new Coding(REST, "search", null));
            }
        }
        event.setAction(AuditEventAction.fromCode(AuditCodes.action(row.interaction())))
                .setOutcome(AuditEventOutcome.fromCode(AuditCodes.outcome(row.status())))
                .setOutcomeDesc("HTTP " + row.status()
                        + row.problem().map(number -> ", problem " + number).orElse(""));
        row.question()
                .purpose()
                .ifPresent(code -> event.addPurposeOfEvent(new CodeableConcept(
                        new Coding("http://terminology.hl7.org/CodeSystem/v3-ActReason", code, null))));
    }

    private void agents(AuditEvent event, AuditRow row) {
        AuditAgent agent = row.agent();
        boolean reads = AuditCodes.isRead(row.interaction());
        boolean isPerson = agent.person().isPresent() && !agent.person().equals(agent.client());
        Coding source = new Coding(DICOM, "110153", "Source Role ID");
        Coding destination = new Coding(DICOM, "110152", "Destination Role ID");
        AuditEventAgentComponent client = event.addAgent()
                .setType(new CodeableConcept(reads ? destination : source))
                .setRequestor(!isPerson);
        agent.client()
                .ifPresent(name -> client.setAltId(name)
                        .setName(name)
                        .setWho(new Reference().setIdentifier(new Identifier().setValue(name))));
        agent.role().ifPresent(role -> client.addRole(new CodeableConcept(new Coding(ROLES, role, null))));
        agent.address()
                .ifPresent(address -> client.getNetwork().setAddress(address).setType(AuditEventAgentNetworkType._2));
        event.addAgent()
                .setType(new CodeableConcept(reads ? source : destination))
                .setWho(new Reference().setDisplay("careloop-" + service))
                .setRequestor(false);
        if (isPerson) {
            event.addAgent()
                    .setType(new CodeableConcept(new Coding(PARTICIPATION, reads ? "IRCP" : "AUT", null)))
                    .setWho(new Reference()
                            .setIdentifier(
                                    new Identifier().setValue(agent.person().get())))
                    .setAltId(agent.person().get())
                    .setRequestor(true);
        }
        agent.organization().ifPresent(id -> onBehalf(event, "Organization/" + id));
        agent.onBehalf().ifPresent(whom -> onBehalf(event, whom));
    }

    /** The organisation that the caller acts for, or who caused what the platform did. */
    private static void onBehalf(AuditEvent event, String whom) {
        event.addAgent()
                .setType(new CodeableConcept(new Coding(PARTICIPATION, "RESP", "responsible party")))
                .setWho(
                        whom.startsWith("Organization/")
                                ? new Reference(whom)
                                : new Reference().setIdentifier(new Identifier().setValue(whom)))
                .setRequestor(false);
    }

    private static void subject(AuditEvent event, AuditRow.Subject subject) {
        subject.type().ifPresent(type -> {
            String reference = type
                    + subject.id().map(id -> "/" + id).orElse("")
                    + subject.version().map(version -> "/_history/" + version).orElse("");
            event.addEntity()
                    .setType(new Coding("http://hl7.org/fhir/resource-types", type, null))
                    .setRole(new Coding(ENTITY_ROLES, "4", "Domain Resource"))
                    .setWhat(
                            subject.id().isPresent() && !reference.contains("$")
                                    ? new Reference(reference)
                                    : new Reference().setDisplay(reference));
        });
    }

    private static void query(AuditEvent event, AuditRow row) {
        row.question().query().ifPresent(query -> {
            var entity = event.addEntity()
                    .setType(new Coding(ENTITY_TYPES, "2", "System Object"))
                    .setRole(new Coding(ENTITY_ROLES, "24", "Query"))
                    .setQuery(query.getBytes(StandardCharsets.UTF_8))
                    .setDescription(row.subject().type().orElse("") + "?" + query);
            row.subject()
                    .results()
                    .ifPresent(results ->
                            entity.addDetail().setType("results").setValue(new StringType(Integer.toString(results))));
        });
    }
}
