package org.careloop.fhirrest.audit;

import io.quarkus.security.Authenticated;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.nio.charset.StandardCharsets;
import org.careloop.calleraccess.Interaction;
import org.careloop.fhirrest.CallerOfRequest;
import org.careloop.fhirsearch.QueryParameter;

/** This service's share of a search of the trails of all services, which the gateway merges. */
@Path("/federation/audit-events")
@Authenticated
public class FederatedAuditEndpoint {

    private final CallerOfRequest request;
    private final ReadAuditTrail trail;

    FederatedAuditEndpoint(CallerOfRequest request, ReadAuditTrail trail) {
        this.request = request;
        this.trail = trail;
    }

    /** Answers the query in {@code body}, which may hold the place of a page in clear. */
    @POST
    @Produces(MediaType.APPLICATION_JSON)
    public Uni<Buffer> search(byte[] body) {
        return trail.search(
                        QueryParameter.parse(new String(body, StandardCharsets.UTF_8)),
                        request.auditTrail(Interaction.SEARCH),
                        true)
                .map(page -> {
                    JsonArray entries = new JsonArray();
                    page.entries()
                            .forEach(entry -> entries.add(new JsonObject()
                                    .put("place", entry.place().toString())
                                    .put("id", entry.id())
                                    .put("body", entry.body().toString())));
                    JsonObject answer = new JsonObject()
                            .put("count", page.search().count())
                            .put("more", page.more())
                            .put("entries", entries);
                    page.total().ifPresent(total -> answer.put("total", total));
                    return answer.toBuffer();
                });
    }
}
