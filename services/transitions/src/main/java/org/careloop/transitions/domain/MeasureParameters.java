package org.careloop.transitions.domain;

import java.time.ZoneId;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import org.careloop.fhirmodel.FhirTime;
import org.hl7.fhir.r4.model.CodeType;
import org.hl7.fhir.r4.model.DateTimeType;
import org.hl7.fhir.r4.model.Parameters;
import org.hl7.fhir.r4.model.Parameters.ParametersParameterComponent;
import org.hl7.fhir.r4.model.Provenance;
import org.hl7.fhir.r4.model.Provenance.ProvenanceEntityRole;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.StringType;

/** What measures say of a discharge, as Parameters: a part for each measure, with its criteria and the evidence of each. */
public final class MeasureParameters {

    private final String episode;
    private final ZoneId zone;

    /**
     * Of one transition.
     *
     * @param episode reference to its EpisodeOfCare
     * @param zone of the site, in which times are shown
     */
    public MeasureParameters(String episode, ZoneId zone) {
        this.episode = episode;
        this.zone = zone;
    }

    /** Returns {@code results} as Parameters. */
    public Parameters of(List<MeasureResult> results) {
        Parameters answer = new Parameters();
        results.forEach(result -> measure(answer.addParameter().setName("measure"), result));
        return answer;
    }

    private void measure(ParametersParameterComponent measure, MeasureResult result) {
        measure.addPart().setName("code").setValue(new CodeType(result.measure()));
        measure.addPart().setName("rules").setValue(new StringType(result.rules()));
        measure.addPart()
                .setName("eligible")
                .setValue(new CodeType(result.eligible().code()));
        measure.addPart()
                .setName("verdict")
                .setValue(new CodeType(result.verdict().code()));
        result.eligibility().forEach(each -> criterion(measure.addPart().setName("eligibility"), each));
        result.criteria().forEach(each -> criterion(measure.addPart().setName("criterion"), each));
    }

    private void criterion(ParametersParameterComponent part, Criterion criterion) {
        part.addPart().setName("code").setValue(new CodeType(criterion.code()));
        part.addPart()
                .setName("verdict")
                .setValue(new CodeType(criterion.verdict().code()));
        criterion.until().ifPresent(until -> part.addPart().setName("until").setValue(FhirTime.dateTime(until, zone)));
        criterion
                .note()
                .ifPresent(note -> part.addPart()
                        .setName(criterion.verdict() == Verdict.MET ? "note" : "missing")
                        .setValue(new StringType(note)));
        criterion.evidence().forEach(each -> evidence(part.addPart().setName("evidence"), each));
    }

    private void evidence(ParametersParameterComponent part, Evidence evidence) {
        part.addPart().setName("kind").setValue(new CodeType(evidence.kind().replace(':', '.')));
        part.addPart().setName("reference").setValue(new Reference(evidence.reference()));
        part.addPart().setName("at").setValue(time(evidence.time()));
        part.addPart().setName("provenance").setResource(provenance(evidence));
    }

    /** Who did it, when it was told here, and which version of what said so. */
    private Provenance provenance(Evidence evidence) {
        Provenance provenance = new Provenance();
        provenance.addTarget(new Reference(episode));
        provenance.setOccurred(time(evidence.time())).setRecorded(Date.from(evidence.recorded()));
        provenance
                .addAgent()
                .setWho(evidence.actor().map(Reference::new).orElseGet(() -> new Reference().setDisplay("not told")));
        provenance.addEntity().setRole(ProvenanceEntityRole.SOURCE).setWhat(new Reference(evidence.versioned()));
        return provenance;
    }

    private DateTimeType time(EvidenceTime time) {
        return Optional.of(time)
                .flatMap(EvidenceTime::at)
                .map(at -> FhirTime.dateTime(at, zone))
                .orElseGet(() -> new DateTimeType(time.dayIn(zone).toString()));
    }
}
