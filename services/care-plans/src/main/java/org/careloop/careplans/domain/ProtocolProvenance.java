package org.careloop.careplans.domain;

import java.time.Instant;
import java.util.Date;
import org.careloop.fhirmodel.FhirId;
import org.hl7.fhir.r4.model.CanonicalType;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.Provenance;
import org.hl7.fhir.r4.model.Provenance.ProvenanceEntityRole;
import org.hl7.fhir.r4.model.Reference;

/**
 * Where a plan that nobody wrote comes from: the protocols that it was made of, and for whom.
 *
 * @see <a href="https://hl7.org/fhir/us/core/StructureDefinition-us-core-provenance.html">US Core Provenance</a>
 */
public final class ProtocolProvenance {

    private static final String AGENT_TYPES = "http://terminology.hl7.org/CodeSystem/provenance-participant-type";

    private ProtocolProvenance() {}

    /** Returns the Provenance of plan, goals and team of {@code draft}, made at {@code now}. */
    public static Provenance of(PlanDraft draft, Instant now) {
        String planId = draft.plan().getIdElement().getIdPart();
        Provenance provenance = new Provenance();
        provenance.setId(FhirId.derivedFrom(planId, "Provenance").value());
        provenance.addTarget(new Reference("CarePlan/" + planId));
        draft.goals()
                .forEach(goal -> provenance.addTarget(
                        new Reference("Goal/" + goal.getIdElement().getIdPart())));
        provenance.addTarget(
                new Reference("CareTeam/" + draft.team().getIdElement().getIdPart()));
        // By it FHIR knows whose record a Provenance is in, and so who may see it.
        provenance.addTarget(draft.plan().getSubject().copy());
        provenance
                .setRecorded(Date.from(now))
                .setActivity(new CodeableConcept(
                        new Coding("http://terminology.hl7.org/CodeSystem/v3-DataOperation", "CREATE", "create")));
        agent(provenance, "author", draft.plan().getAuthor().copy());
        agent(provenance, "assembler", new Reference().setDisplay("Careloop"));
        for (CanonicalType protocol : draft.plan().getInstantiatesCanonical()) {
            provenance
                    .addEntity()
                    .setRole(ProvenanceEntityRole.SOURCE)
                    .setWhat(new Reference()
                            .setType("PlanDefinition")
                            .setIdentifier(new Identifier()
                                    .setSystem("urn:ietf:rfc:3986")
                                    .setValue(protocol.getValue())));
        }
        return provenance;
    }

    private static void agent(Provenance provenance, String type, Reference who) {
        provenance
                .addAgent()
                .setType(new CodeableConcept(new Coding(AGENT_TYPES, type, null)))
                .setWho(who);
    }
}
