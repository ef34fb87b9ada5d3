package org.careloop.referrals.domain;

import java.util.List;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.hl7.fhir.r4.model.Endpoint;

/**
 * By which way referrals are exchanged with an organisation, as its Endpoint tells: on a server of its own, or for a network of
 * agencies. A network's referrals go on to others with all that is asked, so who lists an organisation says it, not the organisation.
 */
public final class ExchangeWay {

    private static final List<String> ELEMENTS = List.of("connectionType", "payloadType");

    private ExchangeWay() {}

    /** Passes when {@code next} tells the same way as {@code previous}. Fails with {@link ProblemCode#RULE_VIOLATED}. */
    public static void requireSame(Endpoint previous, Endpoint next) {
        for (String element : ELEMENTS) {
            if (!Element.isSame(element, previous, next)) {
                throw new FhirProblem(
                        ProblemCode.RULE_VIOLATED,
                        "Endpoint." + element,
                        "Endpoint." + element + ": changed by the agency (expected: as who lists it says)");
            }
        }
    }
}
