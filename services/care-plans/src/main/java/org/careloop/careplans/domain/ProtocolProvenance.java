package org.careloop.careplans.domain;

import java.time.Instant;
import java.util.Collection;
import java.util.Date;
import java.util.Locale;
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

    private static final String OPERATIONS = "http://terminology.hl7.org/CodeSystem/v3-DataOperation";
    private static final String AGENT_TYPES = "http://terminology.hl7.org/CodeSystem/provenance-participant-type";

    private ProtocolProvenance() {}

    /** Returns the Provenance of plan, goals and team of {@code draft}, made at {@code now}. */
    public static Provenance of(PlanDraft draft, Instant now) {
        String planId = draft.plan().getIdElement().getIdPart();
        String id = FhirId.derivedFrom(planId, "Provenance").value();
        return of(id, draft, "CREATE", now);
    }

    /**
     * Returns the Provenance of a change that the platform made at {@code now}; {@code draft} is what was changed.
     *
     * @param number tells the changes of a plan apart
     */
    public static Provenance ofChange(PlanDraft draft, int number, Collection<PlanReason> why, Instant now) {
        String planId = draft.plan().getIdElement().getIdPart();
        String id = FhirId.derivedFrom(planId, "Provenance", Integer.toString(number))
                .value();
        Provenance provenance = of(id, draft, "UPDATE", now);
        why.forEach(reason -> provenance.addReason(reason.concept()));
        return provenance;
    }

    private static Provenance of(String id, PlanDraft draft, String operation, Instant now) {
        Provenance provenance = new Provenance();
        provenance.setId(id);
        provenance.addTarget(
                new Reference("CarePlan/" + draft.plan().getIdElement().getIdPart()));
        draft.goals()
                .forEach(goal -> provenance.addTarget(
                        new Reference("Goal/" + goal.getIdElement().getIdPart())));
        provenance.addTarget(
                new Reference("CareTeam/" + draft.team().getIdElement().getIdPart()));
        // By it FHIR knows whose record a Provenance is in, and so who may see it.
        provenance.addTarget(draft.plan().getSubject().copy());
        provenance
                .setRecorded(Date.from(now))
                .setActivity(
                        new CodeableConcept(new Coding(OPERATIONS, operation, operation.toLowerCase(Locale.ROOT))));
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
