package org.careloop.transitions.app;

import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Map;
import org.careloop.fhirmodel.ProblemCode;
import org.hl7.fhir.r4.model.Resource;

/** What other services hold of patients' records, read in this service's own name. */
public interface PatientRecords {

    /**
     * Returns all of {@code type} that {@code service} finds for {@code query}, to the last page. Fails with {@link
     * ProblemCode#UNAVAILABLE} while the service cannot be reached, with {@link ProblemCode#RULE_VIOLATED} when it refuses or when
     * there is more than a document can be made from.
     *
     * @param query search parameters with their values
     */
    Uni<List<Resource>> find(String service, String type, Map<String, String> query);
}
