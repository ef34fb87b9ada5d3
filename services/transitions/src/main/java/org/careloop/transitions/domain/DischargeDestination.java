package org.careloop.transitions.domain;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;

/** Where a patient goes after discharge, in the terms that our rules distinguish. */
public enum DischargeDestination {
    HOME,
    /** Home with skilled home health services. */
    HOME_HEALTH,
    SKILLED_NURSING,
    REHABILITATION,
    /** A place with custodial or supportive care and no nursing: assisted living, a rest home. */
    ASSISTED_LIVING,
    LONG_TERM_CARE,
    HOSPITAL,
    PSYCHIATRIC,
    HOSPICE,
    AGAINST_ADVICE,
    EXPIRED,
    OTHER;

    /** The code system of {@link #coding}. */
    public static final String SYSTEM = "https://careloop.org/fhir/CodeSystem/discharge-destination";

    /** As a coding of a discharge disposition, beside the sender's own: {@code home-health}. */
    public Coding coding() {
        return new Coding(SYSTEM, code(), null);
    }

    /** Its code in {@link #SYSTEM}. */
    public String code() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The one that a disposition names in these terms; empty when it does not. */
    public static Optional<DischargeDestination> named(CodeableConcept disposition) {
        return disposition.getCoding().stream()
                .filter(coding -> SYSTEM.equals(coding.getSystem()))
                .flatMap(coding ->
                        Arrays.stream(values()).filter(each -> each.code().equals(coding.getCode())))
                .findFirst();
    }
}
