package org.careloop.referrals.events;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.Set;
import org.careloop.eventcontracts.Change;
import org.careloop.eventcontracts.ResourceEvent;
import org.careloop.eventflow.EventHandler;
import org.careloop.eventflow.EventSource;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.fhirstore.UnitOfWork;
import org.careloop.referrals.app.KeepPatientArea;
import org.hl7.fhir.r4.model.Patient;

/** Patients whose area may have changed. */
@Singleton
public class PatientEvents implements EventHandler {

    private static final Set<EventSource> SOURCES = Set.of(new EventSource("patients", "Patient"));

    private final KeepPatientArea keepPatientArea;

    PatientEvents(KeepPatientArea keepPatientArea) {
        this.keepPatientArea = keepPatientArea;
    }

    @Override
    public Set<EventSource> sources() {
        return SOURCES;
    }

    @Override
    public Uni<Void> handle(ResourceEvent event, UnitOfWork unit) {
        Patient patient = FhirJson.parse(Patient.class, event.payload());
        return event.change() == Change.DELETED
                ? keepPatientArea.forget(patient, unit)
                : keepPatientArea.handle(patient, event.version(), unit);
    }
}
