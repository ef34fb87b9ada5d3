package org.careloop.fhirrest;

import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.fhirsearch.SearchParameters;
import org.careloop.fhirstore.ResourceStore;
import org.hl7.fhir.r4.model.OperationOutcome;

/** Reads the FHIR definitions before the service is ready, so that no request waits for them. */
@Singleton
public class WarmUp {

    private final ResourceStore store;

    WarmUp(ResourceStore store) {
        this.store = store;
    }

    void start(@Observes StartupEvent event) {
        store.types().forEach(SearchParameters::of);
        OperationOutcome outcome = new OperationOutcome();
        outcome.addIssue().setDiagnostics("ready");
        FhirJson.parse(FhirJson.write(outcome));
    }
}
