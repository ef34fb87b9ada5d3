package org.careloop.fhirstore;

import org.careloop.calleraccess.Caller;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Meta;
import org.hl7.fhir.r4.model.Resource;

/** Labels that stay on a resource from one version to the next: what a service was told lifts none, a person does. */
final class SecurityLabels {

    private SecurityLabels() {}

    /** Adds to {@code next} the labels that {@code current} has, where {@code caller} is a service of the platform. */
    static void keep(Caller caller, StoredResource current, Resource next) {
        // Few resources have labels, and reading one takes longer than to look for the word.
        if (!caller.isPlatform()
                || current.deleted()
                || !current.body().toString().contains("\"security\"")) {
            return;
        }
        Meta meta = next.getMeta();
        for (Coding label : current.as(Resource.class).getMeta().getSecurity()) {
            if (meta.getSecurity(label.getSystem(), label.getCode()) == null) {
                meta.addSecurity(label.copy());
            }
        }
    }
}
