package org.careloop.transitions.domain.document;

import java.util.Set;
import org.hl7.fhir.r4.model.Base;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Encounter;
import org.hl7.fhir.r4.model.Property;
import org.hl7.fhir.r4.model.Resource;

/**
 * What stays out of documents: what is labelled as restricted, or as of a sensitive kind, because a document goes to several and
 * cannot be cut down for one; and what was an error.
 */
public final class Withheld {

    private static final String CONFIDENTIALITY = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality";
    private static final Set<String> RESTRICTED = Set.of("R", "V");
    private static final String SENSITIVITY = "http://terminology.hl7.org/CodeSystem/v3-ActCode";
    private static final String ERROR = "entered-in-error";
    private static final String SUBSETTED_SYSTEM = "http://terminology.hl7.org/CodeSystem/v3-ObservationValue";
    private static final String SUBSETTED = "SUBSETTED";

    /** One of these is in what is restricted, sensitive or an error, and in little else. */
    public static final Set<String> WORDS = Set.of("v3-Confidentiality", "v3-ActCode", ERROR);

    /** Of what a stay contains, what tells where and with whom it was. */
    private static final Set<String> OF_THE_PLACE =
            Set.of("Practitioner", "PractitionerRole", "Organization", "Location", "RelatedPerson");

    private Withheld() {}

    /** Tells whether {@code resource} is restricted or sensitive. */
    static boolean isRestricted(Resource resource) {
        return resource.getMeta().getSecurity().stream().anyMatch(Withheld::restricts);
    }

    private static boolean restricts(Coding label) {
        return CONFIDENTIALITY.equals(label.getSystem()) && RESTRICTED.contains(label.getCode())
                || SENSITIVITY.equals(label.getSystem());
    }

    /** Tells whether {@code resource} was an error. */
    static boolean isError(Resource resource) {
        return says(resource, "status") || says(resource, "lifecycleStatus") || says(resource, "verificationStatus");
    }

    private static boolean says(Resource resource, String element) {
        Property property = resource.getNamedProperty(element);
        return property != null && property.getValues().stream().anyMatch(Withheld::isErrorCode);
    }

    private static boolean isErrorCode(Base value) {
        return value.isPrimitive()
                ? ERROR.equals(value.primitiveValue())
                : value instanceof org.hl7.fhir.r4.model.CodeableConcept concept
                        && concept.getCoding().stream().anyMatch(coding -> ERROR.equals(coding.getCode()));
    }

    /** Returns when, where and with whom {@code stay} was, without what it was for; tagged as a part of what is known. */
    static Encounter withoutReasons(Encounter stay) {
        Encounter bare = stay.copy();
        bare.setText(null).setExtension(null);
        bare.setReasonCode(null).setReasonReference(null).setDiagnosis(null);
        bare.setType(null).setServiceType(null).setBasedOn(null);
        bare.getContained().removeIf(each -> !OF_THE_PLACE.contains(each.fhirType()));
        bare.getMeta().addTag(SUBSETTED_SYSTEM, SUBSETTED, null);
        // What is left is not what the label was for.
        bare.getMeta().getSecurity().removeIf(Withheld::restricts);
        return bare;
    }
}
