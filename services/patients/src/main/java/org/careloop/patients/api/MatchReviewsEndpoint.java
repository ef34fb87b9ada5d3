package org.careloop.patients.api;

import io.quarkus.security.Authenticated;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import java.math.BigDecimal;
import java.util.Date;
import java.util.List;
import org.careloop.calleraccess.PageLinks;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.fhirrest.CallerOfRequest;
import org.careloop.fhirrest.FhirResponses;
import org.careloop.fhirrest.FhirRestConfig;
import org.careloop.fhirrest.OperationInput;
import org.careloop.fhirsearch.QueryParameter;
import org.careloop.fhirsearch.SearchParser;
import org.careloop.patients.app.ReviewMatches;
import org.careloop.patients.store.MatchReviews.Review;
import org.hl7.fhir.r4.model.CodeType;
import org.hl7.fhir.r4.model.DecimalType;
import org.hl7.fhir.r4.model.InstantType;
import org.hl7.fhir.r4.model.Parameters;
import org.hl7.fhir.r4.model.Parameters.ParametersParameterComponent;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.StringType;
import org.hl7.fhir.r4.model.UriType;

/** {@code Patient/$match-reviews}; of Patients that the caller may search. */
@Path("/fhir/Patient/{operation:([$]|%24)match-reviews}")
@Authenticated
public class MatchReviewsEndpoint {

    private static final int USUAL = 50;
    private static final int MOST = 500;

    private static final String PATH = "Patient/$match-reviews";

    private final CallerOfRequest request;
    private final ReviewMatches reviewMatches;
    private final FhirResponses responses;
    private final PageLinks pageLinks;
    private final String baseUrl;

    MatchReviewsEndpoint(
            CallerOfRequest request,
            ReviewMatches reviewMatches,
            FhirResponses responses,
            PageLinks pageLinks,
            FhirRestConfig config) {
        this.request = request;
        this.reviewMatches = reviewMatches;
        this.responses = responses;
        this.pageLinks = pageLinks;
        this.baseUrl = config.baseUrl();
    }

    @GET
    public Uni<Response> get(@Context HttpServerRequest http) {
        String token = request.token();
        List<QueryParameter> page =
                pageLinks.opened(PATH, token, OperationInput.read(http, null).texts());
        OperationInput asked = new OperationInput(page, List.of());
        asked.allow("_count", SearchParser.CURSOR);
        int most = Math.min(asked.number("_count", 1).orElse(USUAL), MOST);
        long after = asked.text(SearchParser.CURSOR).map(Long::valueOf).orElse(0L);
        return reviewMatches
                .handle(after, most, request.shown("Patient"))
                .map(open -> responses.json(Buffer.buffer(FhirJson.write(answer(open, most, token)))));
    }

    /** Parameters have no links, so the next page is a parameter too. */
    private Parameters answer(ReviewMatches.Page page, int most, String token) {
        Parameters answer = answer(page.pairs());
        page.next()
                .map(place -> pageLinks.seal(
                        PATH,
                        token,
                        List.of(
                                new QueryParameter("_count", Integer.toString(most)),
                                new QueryParameter(SearchParser.CURSOR, Long.toString(place)))))
                .ifPresent(link ->
                        answer.addParameter().setName("next").setValue(new UriType(baseUrl + "/" + PATH + link)));
        return answer;
    }

    private static Parameters answer(List<Review> open) {
        Parameters answer = new Parameters();
        for (Review each : open) {
            ParametersParameterComponent review = answer.addParameter().setName("review");
            review.addPart().setName("patient").setValue(new Reference("Patient/" + each.one()));
            review.addPart().setName("patient").setValue(new Reference("Patient/" + each.other()));
            review.addPart().setName("score").setValue(new DecimalType(BigDecimal.valueOf(each.score())));
            review.addPart().setName("grade").setValue(new CodeType(each.grade()));
            review.addPart().setName("rules").setValue(new StringType(each.rules()));
            review.addPart().setName("found").setValue(new InstantType(Date.from(each.found())));
        }
        return answer;
    }
}
