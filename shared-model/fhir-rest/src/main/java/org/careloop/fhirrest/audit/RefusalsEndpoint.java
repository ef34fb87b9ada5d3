package org.careloop.fhirrest.audit;

import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.careloop.audittrail.AuditAgent;
import org.careloop.audittrail.AuditRow;
import org.careloop.audittrail.AuditTrail;
import org.careloop.audittrail.AuditedInteraction;
import org.careloop.calleraccess.PlatformSignature;
import org.careloop.calleraccess.RefusalReport;
import org.careloop.calleraccess.RefusalReport.Claims;
import org.careloop.calleraccess.RefusalReport.Refusal;

/** Takes what the gateway refused by itself into this service's trail. Open to who signs as a part of the platform. */
@Path("/federation/refusals")
@PermitAll
public class RefusalsEndpoint {

    private static final Claims NOBODY = new Claims(null, null, null, null);

    private final RefusalReport report;
    private final AuditTrail trail;

    RefusalsEndpoint(RefusalReport report, AuditTrail trail) {
        this.report = report;
        this.trail = trail;
    }

    /** Answers 204 when all are durable. */
    @POST
    public Uni<Void> take(@HeaderParam(PlatformSignature.HEADER) Optional<String> signature, byte[] body) {
        List<Uni<Void>> rows = report.read(body, signature).stream()
                .map(refusal -> trail.record(row(refusal)))
                .toList();
        return rows.isEmpty()
                ? Uni.createFrom().voidItem()
                : Uni.join().all(rows).andFailFast().replaceWithVoid();
    }

    private static AuditRow row(Refusal refusal) {
        AuditedInteraction asked = AuditedInteraction.of(refusal.method(), refusal.path());
        Claims claims = refusal.claims() == null ? NOBODY : refusal.claims();
        return new AuditRow(
                asked.code(),
                refusal.status(),
                new AuditAgent(
                        Optional.ofNullable(claims.client()),
                        Optional.ofNullable(claims.person()),
                        Optional.ofNullable(claims.role()),
                        Optional.ofNullable(claims.organization()),
                        Optional.of("careloop-gateway"),
                        Optional.ofNullable(refusal.origin().address())),
                new AuditRow.Subject(
                        Set.of(), asked.type(), asked.id(), Optional.empty(), Optional.of(refusal.times())),
                new AuditRow.Question(
                        Optional.ofNullable(refusal.origin().query()),
                        Optional.empty(),
                        Optional.ofNullable(refusal.origin().correlation())),
                Optional.of(refusal.problem()));
    }
}
