package org.careloop.patients.api;

import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.Response;
import org.careloop.calleraccess.Caller;
import org.careloop.calleraccess.Interaction;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.fhirrest.CallerOfRequest;
import org.careloop.fhirrest.FhirResponses;
import org.careloop.fhirsearch.Condition;
import org.careloop.patients.app.MergeInput;
import org.hl7.fhir.r4.model.Resource;

/** What the operations share that decide of two Patients, of those that the caller may change. */
@Singleton
class AnswerPairs {

    private final CallerOfRequest request;
    private final FhirResponses responses;

    AnswerPairs(CallerOfRequest request, FhirResponses responses) {
        this.request = request;
        this.responses = responses;
    }

    /** What one of them does. */
    interface Decision {

        /** Decides as {@code asked}, of Patients that {@code access} lets {@code caller} change; returns the answer. */
        Uni<? extends Resource> make(MergeInput asked, Caller caller, Condition access);
    }

    /** Answers {@code body}. */
    Uni<Response> answer(byte[] body, Decision decision) {
        Condition access = request.access("Patient", Interaction.UPDATE);
        return decision.make(MergeInput.read(body), request.caller(), access)
                .map(answer -> responses.json(Buffer.buffer(FhirJson.write(answer))));
    }
}
