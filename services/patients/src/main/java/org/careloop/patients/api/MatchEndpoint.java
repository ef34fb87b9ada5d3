package org.careloop.patients.api;

import io.quarkus.security.Authenticated;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.math.BigDecimal;
import java.util.List;
import java.util.function.Function;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.fhirrest.CallerOfRequest;
import org.careloop.fhirrest.FhirResponses;
import org.careloop.fhirrest.FhirRestConfig;
import org.careloop.fhirsearch.Condition;
import org.careloop.patients.app.Candidates.Candidate;
import org.careloop.patients.app.MatchPatients;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.Bundle.BundleEntrySearchComponent;
import org.hl7.fhir.r4.model.Bundle.BundleType;
import org.hl7.fhir.r4.model.Bundle.SearchEntryMode;
import org.hl7.fhir.r4.model.CodeType;
import org.hl7.fhir.r4.model.StringType;

/** {@code Patient/$match}; finds what a search of the caller finds. */
@Path("/fhir/Patient/{operation:([$]|%24)match}")
@Authenticated
public class MatchEndpoint {

    private static final String GRADE = "http://hl7.org/fhir/StructureDefinition/match-grade";
    private static final String RULES = "https://careloop.org/fhir/StructureDefinition/match-rules";

    private final CallerOfRequest request;
    private final MatchPatients matchPatients;
    private final FhirResponses responses;
    private final String baseUrl;

    MatchEndpoint(
            CallerOfRequest request, MatchPatients matchPatients, FhirResponses responses, FhirRestConfig config) {
        this.request = request;
        this.matchPatients = matchPatients;
        this.responses = responses;
        this.baseUrl = config.baseUrl();
    }

    @POST
    @Consumes({FhirJson.MEDIA_TYPE, MediaType.APPLICATION_JSON})
    public Uni<Response> post(byte[] body) {
        Function<String, Condition> shown = request.shown("Patient");
        return matchPatients
                .handle(MatchPatients.Asked.read(body), shown)
                .map(found -> responses.json(Buffer.buffer(FhirJson.write(bundle(found)))));
    }

    private Bundle bundle(List<Candidate> found) {
        Bundle bundle = new Bundle().setType(BundleType.SEARCHSET).setTotal(found.size());
        for (Candidate each : found) {
            BundleEntrySearchComponent search = bundle.addEntry()
                    .setFullUrl(baseUrl + "/" + each.stored().key().reference())
                    .setResource(each.patient())
                    .getSearch()
                    .setMode(SearchEntryMode.MATCH)
                    .setScore(BigDecimal.valueOf(each.result().score()));
            search.addExtension(GRADE, new CodeType(each.result().grade().code()));
            search.addExtension(RULES, new StringType(each.result().version()));
        }
        return bundle;
    }
}
