package org.careloop.bareendpoint;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;

/** Fetches the bytes of a resource by their key and writes them out. */
@Path("/fhir")
public class BareEndpoint {

    private static final String READ = "select r.body from resource r where r.type = $1 and r.id = $2";

    private final Pool pool;

    BareEndpoint(Pool pool) {
        this.pool = pool;
    }

    /** Returns the stored bytes; nobody is asked who they are. */
    @GET
    @Path("/{type}/{id}")
    @Produces("application/fhir+json")
    public Uni<io.vertx.core.buffer.Buffer> read(@PathParam("type") String type, @PathParam("id") String id) {
        return pool.preparedQuery(READ)
                .execute(Tuple.of(type, id))
                .map(rows -> rows.iterator().next().getBuffer(0))
                .map(Buffer::getDelegate);
    }
}
