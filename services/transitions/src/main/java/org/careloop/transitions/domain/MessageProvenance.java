package org.careloop.transitions.domain;

import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.careloop.fhirmodel.FhirId;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.DateTimeType;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.Provenance;
import org.hl7.fhir.r4.model.Provenance.ProvenanceEntityRole;
import org.hl7.fhir.r4.model.Reference;

/**
 * Where what a message changed comes from: who says so, and which message; nothing of what it says.
 *
 * @param application MSH-3
 * @param facility MSH-4
 * @param controlId MSH-10
 * @param trigger MSH-9.2, such as {@code A03}
 * @param organization id of the Organization that the sender belongs to
 * @param received when the message came
 * @param happened when what it tells of happened
 * @see <a href="https://hl7.org/fhir/us/core/StructureDefinition-us-core-provenance.html">US Core Provenance</a>
 */
public record MessageProvenance(
        String application,
        String facility,
        String controlId,
        String trigger,
        String organization,
        Instant received,
        Instant happened) {

    private static final String AGENT_TYPES = "http://terminology.hl7.org/CodeSystem/provenance-participant-type";
    private static final String CONTROL_IDS = "https://careloop.org/fhir/NamingSystem/hl7v2-control-id";

    /**
     * Returns the Provenance of {@code targets}, among which the Patient puts it into their record; told twice, it has the same id.
     *
     * @param holder the service that holds them, and it: no two services hold one of the same id
     * @param patient id of the patient, of whom there may be two in a message
     */
    public Provenance of(String holder, String patient, List<Reference> targets) {
        String message = application + "|" + facility + "|" + controlId;
        Provenance provenance = new Provenance();
        provenance.setId(
                FhirId.derivedFrom("provenance-" + holder, message, patient).value());
        targets.forEach(target -> provenance.addTarget(target.copy()));
        provenance
                .setOccurred(new DateTimeType(Date.from(happened)))
                .setRecorded(Date.from(received))
                .setActivity(new CodeableConcept(
                        new Coding("http://terminology.hl7.org/CodeSystem/v2-0003", trigger, null)));
        Reference sender = new Reference("Organization/" + organization);
        agent(provenance, "author", sender);
        agent(provenance, "transmitter", sender.copy());
        agent(provenance, "assembler", new Reference().setDisplay("Careloop"));
        provenance
                .addEntity()
                .setRole(ProvenanceEntityRole.SOURCE)
                .setWhat(new Reference()
                        .setIdentifier(new Identifier().setSystem(CONTROL_IDS).setValue(message)));
        return provenance;
    }

    private static void agent(Provenance provenance, String type, Reference who) {
        provenance
                .addAgent()
                .setType(new CodeableConcept(new Coding(AGENT_TYPES, type, null)))
                .setWho(who);
    }
}
