package org.careloop.referrals.app;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.careloop.fhirstore.InTurn;
import org.careloop.fhirstore.UnitOfWork;
import org.careloop.referrals.domain.CoordinationTask;
import org.careloop.referrals.domain.Duplicates;
import org.hl7.fhir.r4.model.ServiceRequest;

/**
 * Tells whoever asks for a service of a request of theirs for the same. The request stands: who asks twice may mean it, and a refusal
 * would leave a person without help.
 */
@Singleton
public class FindDuplicates {

    private final Clock clock;

    FindDuplicates(Clock clock) {
        this.clock = clock;
    }

    /** Looks for what {@code request}, which is new, asks again. */
    public Uni<Void> handle(ServiceRequest request, UnitOfWork unit) {
        String query = "status=draft,active,on-hold&subject="
                + request.getSubject().getReferenceElement().toUnqualifiedVersionless();
        Instant now = clock.instant();
        return unit.search(ServiceRequest.class, query)
                .map(open -> isOpen(request, open) ? Duplicates.of(request, open) : List.<ServiceRequest>of())
                .chain(duplicates -> InTurn.each(duplicates, other -> tell(request, other, now, unit)));
    }

    /** It may have ended since it was told of. */
    private static boolean isOpen(ServiceRequest request, List<ServiceRequest> open) {
        String id = request.getIdElement().getIdPart();
        return open.stream().anyMatch(each -> each.getIdElement().getIdPart().equals(id));
    }

    private static Uni<Void> tell(ServiceRequest request, ServiceRequest other, Instant now, UnitOfWork unit) {
        return TellRequester.by(CoordinationTask.duplicate(request, other, now), unit);
    }
}
