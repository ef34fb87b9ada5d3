package org.careloop.referrals;

import static org.assertj.core.api.Assertions.assertThat;
import static org.careloop.referrals.Scene.HARBOR;
import static org.careloop.referrals.Scene.coordinator;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.testkit.RealParts;
import org.careloop.testkit.Tokens;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Resource;
import org.hl7.fhir.r4.model.ServiceRequest;
import org.hl7.fhir.r4.model.ServiceRequest.ServiceRequestStatus;
import org.hl7.fhir.r4.model.Task;
import org.hl7.fhir.r4.model.Task.TaskStatus;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A request is revoked while its agency reports that the work is done: each of the two leads to the other. */
@QuarkusTest
@QuarkusTestResource(value = RealParts.class, initArgs = @ResourceArg(name = RealParts.DATABASE, value = "referrals"))
class RevokeAndCompleteApiTest {

    private static final int ROUNDS = 40;

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void oneWinsAndTheOtherIsRefused(boolean withIfMatch) throws Exception {
        // Given
        List<String> ends = new ArrayList<>();
        List<String> expected = new ArrayList<>();
        try (ExecutorService both = Executors.newFixedThreadPool(2)) {
            for (int round = 0; round < ROUNDS; round++) {
                String patient = "p-" + UUID.randomUUID();
                Scene.known(patient);
                String request =
                        Orders.created(Orders.request(patient).addPerformer(new Reference("Organization/" + HARBOR)));
                String task =
                        Orders.created(Orders.task(patient, request).setOwner(new Reference("Organization/" + HARBOR)));
                change(
                                "Task",
                                task,
                                withIfMatch,
                                Tokens.partner(HARBOR),
                                stored -> ((Task) stored).setStatus(TaskStatus.ACCEPTED))
                        .call();
                // When
                CyclicBarrier start = new CyclicBarrier(2);
                Future<Response> revoked = both.submit(together(
                        start,
                        change(
                                "ServiceRequest",
                                request,
                                withIfMatch,
                                Tokens.coordinator(),
                                stored -> ((ServiceRequest) stored).setStatus(ServiceRequestStatus.REVOKED))));
                Future<Response> completed = both.submit(together(
                        start,
                        change(
                                "Task",
                                task,
                                withIfMatch,
                                Tokens.partner(HARBOR),
                                stored -> Scene.completed("Procedure/visit").accept((Task) stored))));
                // Then
                int refused = withIfMatch ? 412 : 422;
                boolean revocationWins = revoked.get().statusCode() == 200;
                expected.add(
                        revocationWins
                                ? "200 " + refused + " revoked cancelled"
                                : refused + " 200 completed completed");
                ends.add(revoked.get().statusCode() + " " + completed.get().statusCode() + " "
                        + status("ServiceRequest", request) + " " + status("Task", task));
            }
        }
        assertThat(ends).isEqualTo(expected);
    }

    private static Callable<Response> together(CyclicBarrier start, Callable<Response> request) {
        return () -> {
            start.await(30, TimeUnit.SECONDS);
            return request.call();
        };
    }

    /** Reads at once, so that only the write is left to the call. */
    private static Callable<Response> change(
            String type, String id, boolean withIfMatch, String token, Consumer<Resource> change) {
        Response current = Scene.as(token).get("/fhir/{type}/{id}", type, id);
        Resource resource = FhirJson.parse(current.asByteArray());
        change.accept(resource);
        byte[] body = FhirJson.write(resource);
        return () -> (withIfMatch ? Scene.as(token).header("If-Match", current.header("ETag")) : Scene.as(token))
                .body(body)
                .put("/fhir/{type}/{id}", type, id);
    }

    private static String status(String type, String id) {
        return coordinator().get("/fhir/{type}/{id}", type, id).path("status");
    }
}
