package org.careloop.transitions.domain.document;

import java.util.List;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.fhirmodel.ResourceKey;
import org.careloop.fhirsearch.OwnServer;
import org.hl7.fhir.r4.model.Resource;

/** What a resource refers to on this server. */
public final class References {

    private References() {}

    /** Returns it as {@code Type/id}, in the order of the document. */
    public static List<String> of(Resource resource) {
        return FhirJson.context().newTerser().getAllResourceReferences(resource).stream()
                .map(found -> found.getResourceReference().getReferenceElement().getValue())
                .filter(reference -> reference != null && !reference.startsWith("#"))
                .map(OwnServer::relative)
                .filter(reference -> ResourceKey.parse(reference).isPresent())
                .distinct()
                .toList();
    }
}
