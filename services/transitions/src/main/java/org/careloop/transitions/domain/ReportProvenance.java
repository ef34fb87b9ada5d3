package org.careloop.transitions.domain;

import java.time.Instant;
import java.util.Date;
import java.util.Locale;
import org.careloop.fhirmodel.FhirId;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.MeasureReport;
import org.hl7.fhir.r4.model.Provenance;
import org.hl7.fhir.r4.model.Provenance.ProvenanceEntityRole;
import org.hl7.fhir.r4.model.Reference;

/** Where a report that nobody wrote comes from: the rules that it was counted by, and for whom. */
public final class ReportProvenance {

    private static final String OPERATIONS = "http://terminology.hl7.org/CodeSystem/v3-DataOperation";
    private static final String AGENT_TYPES = "http://terminology.hl7.org/CodeSystem/provenance-participant-type";

    private ReportProvenance() {}

    /** Returns the Provenance of {@code version} of {@code report}, which was made at {@code now}; told twice, it has the same id. */
    public static Provenance of(MeasureReport report, long version, Instant now) {
        String id = report.getIdElement().getIdPart();
        String operation = version == 1 ? "CREATE" : "UPDATE";
        Provenance provenance = new Provenance();
        provenance.setId(
                FhirId.derivedFrom(id, "Provenance", Long.toString(version)).value());
        provenance
                .addTarget(new Reference("MeasureReport/" + id))
                .setRecorded(Date.from(now))
                .setActivity(
                        new CodeableConcept(new Coding(OPERATIONS, operation, operation.toLowerCase(Locale.ROOT))));
        agent(provenance, "custodian", report.getReporter().copy());
        agent(provenance, "assembler", new Reference().setDisplay("Careloop"));
        provenance
                .addEntity()
                .setRole(ProvenanceEntityRole.SOURCE)
                .setWhat(new Reference()
                        .setType("Measure")
                        .setIdentifier(
                                new Identifier().setSystem("urn:ietf:rfc:3986").setValue(report.getMeasure())));
        return provenance;
    }

    private static void agent(Provenance provenance, String type, Reference who) {
        provenance
                .addAgent()
                .setType(new CodeableConcept(new Coding(AGENT_TYPES, type, null)))
                .setWho(who);
    }
}
