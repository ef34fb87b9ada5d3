package org.careloop.fhirrest.terminology;

import org.careloop.fhirrest.OperationInput;
import org.careloop.fhirvalidation.Terminology;
import org.hl7.fhir.r4.model.ValueSet;

/** Which value set an operation is asked about. */
final class ValueSets {

    private ValueSets() {}

    /** Returns the value set of {@code url}, with {@code valueSetVersion} if that is given; fails when it is unknown. */
    static ValueSet asked(OperationInput asked, Terminology terminology) {
        String url = asked.required("url");
        String canonical = asked.text("valueSetVersion")
                .map(version -> url + "|" + version)
                .orElse(url);
        return terminology.valueSet(canonical).orElseThrow(() -> TerminologyOperation.unknown("url"));
    }
}
