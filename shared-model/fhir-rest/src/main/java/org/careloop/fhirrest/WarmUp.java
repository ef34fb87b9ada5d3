package org.careloop.fhirrest;

import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.fhirsearch.SearchParameters;
import org.careloop.fhirstore.ResourceStore;
import org.careloop.fhirvalidation.ProfileValidation;
import org.careloop.fhirvalidation.StructureRules;
import org.hl7.fhir.r4.model.OperationOutcome;

/**
 * Reads the FHIR definitions before the service is ready, so that no request waits for them, and the installed packages, so
 * that a broken one stops the start.
 */
@Singleton
public class WarmUp {

    private final ResourceStore store;

    /** {@code validation} is asked for, so that it is made, with the packages and its settings. */
    WarmUp(ResourceStore store, ProfileValidation validation) {
        this.store = store;
    }

    void start(@Observes StartupEvent event) {
        store.types().forEach(SearchParameters::of);
        StructureRules.prepare(store.types());
        OperationOutcome outcome = new OperationOutcome();
        outcome.addIssue().setDiagnostics("ready");
        FhirJson.parse(FhirJson.write(outcome));
    }
}
