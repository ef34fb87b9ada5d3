package org.careloop.referrals.domain;

import ca.uhn.fhir.model.api.TemporalPrecisionEnum;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Optional;
import java.util.Set;
import org.careloop.fhirmodel.FhirId;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.FhirTime;
import org.careloop.fhirmodel.ProblemCode;
import org.hl7.fhir.r4.model.DateTimeType;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.VerificationResult;
import org.hl7.fhir.r4.model.VerificationResult.Status;

/**
 * That somebody made sure that a listing of the directory holds: a VerificationResult whose {@code target} is the
 * HealthcareService, {@code attested} by its agency or {@code validated} by somebody else, and when: {@code lastPerformed}.
 *
 * @see <a href="https://hl7.org/fhir/R4/verificationresult.html">FHIR R4 VerificationResult</a>
 */
public final class Verification {

    /** The statuses that say that the listing holds. */
    static final Set<Status> HOLDS = Set.of(Status.ATTESTED, Status.VALIDATED);

    private static final String SERVICE = "HealthcareService/";

    /** A day begins here while it is still the day before elsewhere. */
    private static final Duration ZONES = Duration.ofDays(1);

    private Verification() {}

    /**
     * Fails with {@link ProblemCode#RULE_VIOLATED} when {@code result} says that a listing holds, but not since which day, of
     * a time to come, by nobody, or of several at once: who may verify one of them need not be one who may verify the others.
     * What it says of other targets is not looked at.
     */
    public static void check(VerificationResult result, Instant now) {
        boolean ofListing = result.getTarget().stream().anyMatch(Verification::isListing);
        if (!ofListing || !HOLDS.contains(result.getStatus())) {
            return;
        }
        if (result.getTarget().size() > 1) {
            throw violated("target", "several (expected: one, each listing is verified for itself)");
        }
        DateTimeType performed = result.getLastPerformedElement();
        if (!performed.hasValue() || performed.getPrecision().ordinal() < TemporalPrecisionEnum.DAY.ordinal()) {
            throw violated("lastPerformed", "missing or less than a day (expected: when the listing was verified)");
        }
        if (performed.getValue().toInstant().isAfter(now.plus(ZONES))) {
            throw violated("lastPerformed", "in the future (expected: when the listing was verified)");
        }
        if (!result.getAttestation().hasWho() && result.getValidator().isEmpty()) {
            throw violated("attestation.who", "missing (expected: who verified the listing, or validator)");
        }
    }

    /** Returns what an agency says by changing its own listing; the same listing has one such resource, which is replaced. */
    public static VerificationResult byUpdate(String service, Reference agency, Instant at) {
        return attested(FhirId.derivedFrom(service, "kept by its agency"), service, agency, FhirTime.dateTime(at));
    }

    /** Returns what a directory from elsewhere says by listing a service: the source is named, since it is no resource. */
    public static VerificationResult byImport(String service, String source, DateTimeType at) {
        return attested(
                FhirId.derivedFrom(service, "imported", source),
                service,
                new Reference().setDisplay("HSDS: " + source),
                at);
    }

    /** Returns, under {@code id}, that {@code who} found at {@code at} that the HealthcareService {@code service} holds. */
    private static VerificationResult attested(FhirId id, String service, Reference who, DateTimeType at) {
        VerificationResult result = new VerificationResult()
                .setStatus(Status.ATTESTED)
                .setStatusDateElement(at.copy())
                .setLastPerformedElement(at.copy())
                .addTarget(new Reference(SERVICE + service));
        result.setId(id.value());
        result.getAttestation().setWho(who);
        return result;
    }

    /** When the listing was found to hold; empty when the result does not say that it does. */
    public static Optional<Instant> performed(VerificationResult result) {
        return HOLDS.contains(result.getStatus())
                ? Optional.ofNullable(result.getLastPerformed()).map(Date::toInstant)
                : Optional.empty();
    }

    private static boolean isListing(Reference target) {
        return "HealthcareService".equals(target.getReferenceElement().getResourceType());
    }

    private static FhirProblem violated(String element, String text) {
        String path = "VerificationResult." + element;
        return new FhirProblem(ProblemCode.RULE_VIOLATED, path, path + ": " + text);
    }
}
