package org.careloop.transitions.app;

import static org.careloop.transitions.TransitionsLog.LOG;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.careloop.fhirmodel.FhirId;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.transitions.alerts.AlertMapping;
import org.careloop.transitions.alerts.AlertMessage;
import org.careloop.transitions.domain.AdtFacts;
import org.careloop.transitions.hl7.SenderProfile;
import org.careloop.transitions.hl7.SenderProfiles;
import org.careloop.transitions.store.Hl7MessageRecord.Origin;
import org.careloop.transitions.store.Hl7MessageRecord.Source;
import org.hl7.fhir.r4.model.Bundle;

/**
 * Takes a FHIR message that tells of a stay and returns its answer. It means: checked, kept durably, will take effect, as an AA of
 * HL7 v2 does. A message of the same source with the same id has no second effect.
 *
 * @see <a href="https://hl7.org/fhir/R4/messageheader-operation-process-message.html">FHIR R4 $process-message</a>
 */
@Singleton
public class ReceiveAlert {

    private static final int LONGEST = 200;

    private final SenderProfiles profiles;
    private final KeepMessage keepMessage;
    private final Clock clock;

    ReceiveAlert(SenderProfiles profiles, KeepMessage keepMessage, Clock clock) {
        this.profiles = profiles;
        this.keepMessage = keepMessage;
        this.clock = clock;
    }

    /**
     * Takes one message of {@code organization}; of any sender that is known when it is empty. Fails with {@link
     * ProblemCode#MESSAGE_REJECTED} and keeps nothing when it cannot be taken.
     */
    public Uni<Bundle> handle(Bundle bundle, Optional<String> organization) {
        Instant now = clock.instant();
        AlertMessage message = AlertMessage.of(bundle);
        SenderProfile profile = sender(organization);
        if (profiles.numbersVisitsOfOthers(message.visitSystem(), profile.organization())) {
            throw new FhirProblem(
                    ProblemCode.MESSAGE_REJECTED,
                    "Encounter.identifier",
                    "Encounter.identifier: of a system of another organization (expected: the sender's own)");
        }
        List<AdtFacts> parts = List.of(AlertMapping.map(message, profile.organization(), now));
        Origin origin = new Origin(
                shortened(message.source()), profile.organization(), shortened(message.id()), message.event());
        return keepMessage
                .handle(origin, Source.fhir(profile.organization()), now, FhirJson.write(bundle), parts)
                .onFailure(failure -> !(failure instanceof FhirProblem))
                .transform(ReceiveAlert::notKept)
                .replaceWith(() -> message.answer(FhirId.next().value(), now));
    }

    private SenderProfile sender(Optional<String> organization) {
        return organization
                .flatMap(profiles::ofOrganization)
                .or(() -> organization.isEmpty() ? profiles.any() : Optional.empty())
                .orElseThrow(() -> new FhirProblem(
                        ProblemCode.FORBIDDEN, "access token: an organization without a sender's profile"));
    }

    private static FhirProblem notKept(Throwable failure) {
        LOG.notKept(failure.getClass().getSimpleName());
        return new FhirProblem(ProblemCode.UNAVAILABLE, "message: cannot be kept now (expected: send it again)");
    }

    private static String shortened(String value) {
        return value.substring(0, Math.min(value.length(), LONGEST)).replace("\0", "");
    }
}
