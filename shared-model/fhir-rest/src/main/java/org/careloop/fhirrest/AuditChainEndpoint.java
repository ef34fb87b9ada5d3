package org.careloop.fhirrest;

import io.quarkus.security.Authenticated;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import java.sql.SQLException;
import org.careloop.audittrail.AuditVerification;
import org.careloop.calleraccess.Role;
import org.careloop.eventflow.AuditChain;

/** Tells whether the audit trail of this service is as it was written. */
@Path("/operations/audit")
@Authenticated
public class AuditChainEndpoint {

    private final CallerOfRequest request;
    private final AuditChain chain;

    AuditChainEndpoint(CallerOfRequest request, AuditChain chain) {
        this.request = request;
        this.chain = chain;
    }

    /** Walks the chain from the link {@code from} on; the report tells where to go on when it is long. */
    @GET
    @Path("/verify")
    @Blocking
    public AuditVerification.Report verify(@QueryParam("from") @DefaultValue("1") long from) throws SQLException {
        request.require(Role.SUPERVISOR, Role.SERVICE);
        return chain.verify(from);
    }
}
