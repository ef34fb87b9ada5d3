package org.careloop.referrals.api;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.careloop.audittrail.AuditedRequest;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.fhirrest.FhirResponses;
import org.careloop.fhirrest.OperationInput;
import org.careloop.fhirsearch.QueryParameter;
import org.hl7.fhir.r4.model.MeasureReport;
import org.jspecify.annotations.Nullable;

/**
 * In which form figures are told: a MeasureReport, or plain JSON with {@code as=figures}. A parameter of its own, because {@code
 * _format=json} and {@code Accept: application/json} mean FHIR.
 */
@Singleton
class ReportForm {

    private static final String FIGURES = "figures";

    private final FhirResponses responses;

    ReportForm(FhirResponses responses) {
        this.responses = responses;
    }

    /** Whether {@code asked} wants plain JSON; fails with {@link ProblemCode#INVALID_PARAMETER}. The audit trail is told what is asked. */
    static boolean isPlain(OperationInput asked) {
        AuditedRequest.current()
                .ifPresent(audited -> audited.asked(Optional.empty(), QueryParameter.format(asked.texts())));
        Optional<String> form = asked.text("as");
        if (form.isPresent() && !form.get().equals(FIGURES)) {
            throw new FhirProblem(
                    ProblemCode.INVALID_PARAMETER, "as: unknown (expected: " + FIGURES + ", or not at all)");
        }
        return form.isPresent();
    }

    Response answer(boolean plain, Supplier<MeasureReport> report, Supplier<Map<String, @Nullable Object>> figures) {
        return plain
                ? Response.ok(new JsonObject(figures.get()).toBuffer())
                        .type(MediaType.APPLICATION_JSON)
                        .build()
                : responses.json(Buffer.buffer(FhirJson.write(report.get())));
    }
}
