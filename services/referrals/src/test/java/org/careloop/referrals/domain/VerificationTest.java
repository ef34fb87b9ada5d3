package org.careloop.referrals.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.function.Consumer;
import org.careloop.fhirmodel.FhirProblem;
import org.hl7.fhir.r4.model.DateTimeType;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.VerificationResult;
import org.hl7.fhir.r4.model.VerificationResult.Status;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who made sure of a listing, and when. */
class VerificationTest {

    private static final Instant NOW = Instant.parse("2026-11-28T15:00:00Z");
    private static final Reference AGENCY = new Reference("Organization/a");

    @ParameterizedTest
    @ValueSource(strings = {"2026-11-28", "2026-11-28T14:59:00Z", "2020-01-01", "2026-11-29T14:00:00Z"})
    void takesWhatTellsTheDay(String performed) {
        assertThatCode(() -> Verification.check(
                        result(each -> each.setLastPerformedElement(new DateTimeType(performed))), NOW))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource({"2026", "2026-11", "2026-12-01", "2027-01-01T00:00:00Z"})
    void refusesATimeThatIsToComeOrNone(String performed) {
        refused(each -> each.setLastPerformedElement(new DateTimeType(performed)), "lastPerformed");
    }

    @Test
    void refusesOneOfNoTimeByNobodyOrOfSeveral() {
        refused(each -> each.setLastPerformed(null), "lastPerformed");
        refused(each -> each.setAttestation(null), "attestation.who");
        refused(each -> each.addTarget(new Reference("HealthcareService/2")), "target");
    }

    @Test
    void looksAtNothingElse() {
        assertThatCode(() -> {
                    Verification.check(new VerificationResult().setStatus(Status.ATTESTED), NOW);
                    Verification.check(
                            result(each -> each.setStatus(Status.REVALFAIL).setLastPerformed(null)), NOW);
                    Verification.check(
                            new VerificationResult()
                                    .setStatus(Status.VALIDATED)
                                    .addTarget(new Reference("Practitioner/1")),
                            NOW);
                })
                .doesNotThrowAnyException();
    }

    @Test
    void anUpdateByTheAgencyIsOneVerificationOfTheListing() {
        VerificationResult first = Verification.byUpdate("1", AGENCY, NOW.minusSeconds(60));
        VerificationResult next = Verification.byUpdate("1", AGENCY, NOW);

        assertThat(next.getId())
                .isEqualTo(first.getId())
                .isNotEqualTo(Verification.byUpdate("2", AGENCY, NOW).getId());
        assertThat(Verification.performed(next)).contains(NOW);
        assertThat(next.getAttestation().getWho().getReference()).isEqualTo("Organization/a");
        assertThatCode(() -> Verification.check(next, NOW)).doesNotThrowAnyException();
        assertThat(Verification.performed(next.setStatus(Status.REVALFAIL))).isEmpty();
    }

    private static void refused(Consumer<VerificationResult> change, String element) {
        assertThatThrownBy(() -> Verification.check(result(change), NOW))
                .isInstanceOf(FhirProblem.class)
                .hasMessageContaining("VerificationResult." + element);
    }

    private static VerificationResult result(Consumer<VerificationResult> change) {
        VerificationResult result = Verification.byUpdate("1", AGENCY.copy(), NOW);
        change.accept(result);
        return result;
    }
}
