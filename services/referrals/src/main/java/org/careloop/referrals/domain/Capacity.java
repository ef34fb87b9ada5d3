package org.careloop.referrals.domain;

import java.util.Optional;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Extension;
import org.hl7.fhir.r4.model.HealthcareService;

/**
 * Whether a service can take one more person.
 *
 * @see <a href="https://hl7.org/fhir/us/sdoh-clinicalcare/StructureDefinition-SDOHCC-ExtensionHealthcareServiceCapacityStatus.html">
 *     SDOHCC capacity status</a>
 */
public final class Capacity {

    /** The URL of the extension. */
    public static final String EXTENSION = TaskMachine.SDOHCC + "SDOHCC-ExtensionHealthcareServiceCapacityStatus";

    private static final String STATUS = "capacityStatus";
    private static final String CODES =
            "http://hl7.org/fhir/us/sdoh-clinicalcare/CodeSystem/SDOHCC-CodeSystemTemporaryCodes";
    private static final String NONE = "no-capacity";
    private static final String SOME = "capacity";

    private Capacity() {}

    /** Returns the code by which {@code service} tells it; empty when it does not. */
    static Optional<String> of(HealthcareService service) {
        return service.getExtensionsByUrl(EXTENSION).stream()
                .flatMap(extension -> extension.getExtensionsByUrl(STATUS).stream())
                .filter(status -> status.getValue() instanceof CodeableConcept)
                .flatMap(status -> ((CodeableConcept) status.getValue()).getCoding().stream())
                .filter(Coding::hasCode)
                .map(Coding::getCode)
                .findFirst();
    }

    /** Returns {@code service} without capacity; empty when it says so already. */
    public static Optional<HealthcareService> exhausted(HealthcareService service) {
        if (of(service).filter(NONE::equals).isPresent()) {
            return Optional.empty();
        }
        HealthcareService full = service.copy();
        full.getExtension().removeIf(extension -> EXTENSION.equals(extension.getUrl()));
        mark(full, false);
        return Optional.of(full);
    }

    /** Adds to {@code service}, which does not tell it yet, whether it can take one more person. */
    public static void mark(HealthcareService service, boolean capacity) {
        service.addExtension()
                .setUrl(EXTENSION)
                .addExtension(
                        new Extension(STATUS, new CodeableConcept(new Coding(CODES, capacity ? SOME : NONE, null))));
    }
}
