package org.careloop.patients.domain;

import java.time.Instant;
import java.util.Date;
import org.careloop.calleraccess.Caller;
import org.careloop.fhirstore.StoredResource;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Provenance;
import org.hl7.fhir.r4.model.Reference;

/**
 * Who merged two Patients, or told them apart, and when. It names the versions that came of it: they stay what they were, whoever
 * stands for whom later.
 */
public final class MergeProvenance {

    private static final String LIFECYCLE = "http://terminology.hl7.org/CodeSystem/iso-21089-lifecycle";
    private static final String AGENT_TYPES = "http://terminology.hl7.org/CodeSystem/provenance-participant-type";

    private MergeProvenance() {}

    /**
     * Returns the Provenance of a merge, or of its end; in the record of {@code survivor}.
     *
     * @param merge whether they were merged
     */
    public static Provenance of(
            boolean merge, StoredResource source, StoredResource survivor, Caller caller, Instant at) {
        Provenance provenance = new Provenance();
        provenance.addTarget(version(survivor));
        provenance.addTarget(version(source));
        provenance
                .setRecorded(Date.from(at))
                .setActivity(new CodeableConcept(new Coding(
                        LIFECYCLE, merge ? "merge" : "unmerge", merge ? "Merge Record Lifecycle Event" : null)));
        Reference who = caller.organizationReference()
                .map(Reference::new)
                .orElseGet(() -> new Reference().setDisplay("Careloop"));
        provenance
                .addAgent()
                .setType(new CodeableConcept(new Coding(AGENT_TYPES, "author", null)))
                .setWho(who);
        return provenance;
    }

    private static Reference version(StoredResource patient) {
        return new Reference(patient.key().reference() + "/_history/" + patient.version());
    }
}
