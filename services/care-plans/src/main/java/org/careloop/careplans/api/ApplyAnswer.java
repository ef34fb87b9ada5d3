package org.careloop.careplans.api;

import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.Response;
import org.careloop.calleraccess.Caller;
import org.careloop.calleraccess.Interaction;
import org.careloop.calleraccess.Role;
import org.careloop.careplans.app.ProposePlan;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.fhirrest.CallerOfRequest;
import org.careloop.fhirrest.FhirResponses;
import org.careloop.fhirrest.OperationInput;
import org.hl7.fhir.r4.model.CarePlan;
import org.hl7.fhir.r4.model.Parameters;
import org.hl7.fhir.r4.model.Parameters.ParametersParameterComponent;
import org.hl7.fhir.r4.model.PlanDefinition;

/** The answer of {@code $apply}, for who may make plans. */
@Singleton
class ApplyAnswer {

    private static final String DEFINITION = "planDefinition";

    private final CallerOfRequest request;
    private final ProposePlan proposePlan;
    private final FhirResponses responses;

    ApplyAnswer(CallerOfRequest request, ProposePlan proposePlan, FhirResponses responses) {
        this.request = request;
        this.proposePlan = proposePlan;
        this.responses = responses;
    }

    Uni<Response> ofStored(String id, HttpServerRequest http, byte[] body) {
        ProposePlan.Open open = open();
        return proposePlan.handle(id, OperationInput.read(http, body), open).map(this::told);
    }

    Uni<Response> ofSent(HttpServerRequest http, byte[] body) {
        ProposePlan.Open open = open();
        Parameters sent = body.length == 0 ? new Parameters() : FhirJson.parse(Parameters.class, body);
        PlanDefinition definition = sent.getParameter().stream()
                .filter(parameter -> DEFINITION.equals(parameter.getName()))
                .map(ParametersParameterComponent::getResource)
                .filter(PlanDefinition.class::isInstance)
                .map(PlanDefinition.class::cast)
                .findFirst()
                .orElseThrow(() -> new FhirProblem(
                        ProblemCode.INVALID_PARAMETER, DEFINITION + ": missing (expected: a PlanDefinition)"));
        sent.getParameter().removeIf(parameter -> DEFINITION.equals(parameter.getName()));
        return proposePlan
                .handle(definition, OperationInput.read(http, FhirJson.write(sent)), open)
                .map(this::told);
    }

    private ProposePlan.Open open() {
        Caller caller = request.require(Role.COORDINATOR, Role.SERVICE);
        return new ProposePlan.Open(
                caller,
                request.access("CarePlan", Interaction.CREATE),
                request.access("CarePlan", Interaction.READ),
                request.access("PlanDefinition", Interaction.READ),
                request.access("ActivityDefinition", Interaction.READ));
    }

    private Response told(CarePlan plan) {
        return responses.json(Buffer.buffer(FhirJson.write(plan)));
    }
}
