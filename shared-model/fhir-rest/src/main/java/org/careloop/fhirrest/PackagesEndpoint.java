package org.careloop.fhirrest;

import io.quarkus.security.Authenticated;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.careloop.calleraccess.Role;
import org.careloop.fhirvalidation.ConformancePackages;

/** Which FHIR packages this service has loaded. */
@Path("/operations/packages")
@Authenticated
@Produces(MediaType.APPLICATION_JSON)
public class PackagesEndpoint {

    private final CallerOfRequest request;
    private final ConformancePackages packages;

    PackagesEndpoint(CallerOfRequest request, ConformancePackages packages) {
        this.request = request;
        this.packages = packages;
    }

    /** Name, version and number of definitions of each. */
    @GET
    public List<ConformancePackages.Installed> installed() {
        request.require(Role.SUPERVISOR, Role.SERVICE);
        return packages.installed();
    }
}
