package org.careloop.careplans;

import static org.careloop.careplans.DischargeScene.tell;

import java.util.UUID;
import java.util.function.Consumer;
import org.careloop.eventcontracts.ResourceEvent;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.DateTimeType;
import org.hl7.fhir.r4.model.Encounter;
import org.hl7.fhir.r4.model.Encounter.EncounterStatus;
import org.hl7.fhir.r4.model.EpisodeOfCare;
import org.hl7.fhir.r4.model.EpisodeOfCare.EpisodeOfCareStatus;
import org.hl7.fhir.r4.model.Resource;
import org.hl7.fhir.r4.model.RiskAssessment;

/** How a stay goes on after what the golden files tell of it: each step is a further version. */
record StayScene(DischargeScene scene) {

    /** A later stay of the same patient. */
    StayScene next() {
        return new StayScene(new DischargeScene(scene.patient(), "s-" + UUID.randomUUID()));
    }

    ResourceEvent encounter(int version, EncounterStatus status, Consumer<Encounter> change) {
        return event("encounter-finished", Encounter.class, version, encounter -> {
            encounter.setStatus(status);
            change.accept(encounter);
        });
    }

    ResourceEvent admitted(int version, String since) {
        return encounter(version, EncounterStatus.INPROGRESS, encounter -> {
            encounter.getPeriod().setStartElement(new DateTimeType(since)).setEndElement(null);
            encounter.setHospitalization(null);
        });
    }

    ResourceEvent left(int version, String since, String until) {
        return encounter(
                version,
                EncounterStatus.FINISHED,
                encounter -> encounter
                        .getPeriod()
                        .setStartElement(new DateTimeType(since))
                        .setEndElement(new DateTimeType(until)));
    }

    ResourceEvent episode(int version, EpisodeOfCareStatus status) {
        return event("episode-of-care-active", EpisodeOfCare.class, version, episode -> {
            episode.setStatus(status);
            if (status != EpisodeOfCareStatus.ACTIVE) {
                episode.getExtension().removeIf(each -> each.getUrl().endsWith("/milestone"));
            }
        });
    }

    ResourceEvent risk(int version, String band) {
        return event(
                "risk-assessment",
                RiskAssessment.class,
                version,
                risk -> risk.getPredictionFirstRep()
                        .getQualitativeRisk()
                        .getCodingFirstRep()
                        .setCode(band));
    }

    /** Cancels the discharge (A13). */
    StayScene dischargeCancelled(int version) {
        tell(admitted(version, "2026-03-03T08:15:00-05:00"));
        tell(episode(version, EpisodeOfCareStatus.PLANNED));
        return this;
    }

    /** Another diagnosis alone, at {@code version}. */
    ResourceEvent diagnosed(int version, String code) {
        return encounter(version, EncounterStatus.FINISHED, encounter -> {
            encounter.getReasonCode().clear();
            encounter.addReasonCode(
                    new CodeableConcept(new Coding("http://hl7.org/fhir/sid/icd-10-cm", code, "Diagnosis " + code)));
            encounter.getDiagnosis().clear();
        });
    }

    private <T extends Resource> ResourceEvent event(String name, Class<T> type, int version, Consumer<T> change) {
        T resource = scene.resource(name, type);
        resource.getMeta().setVersionId(Integer.toString(version));
        change.accept(resource);
        return scene.event(resource);
    }
}
