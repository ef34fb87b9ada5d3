package org.careloop.referrals;

import static org.assertj.core.api.Assertions.assertThat;
import static org.careloop.referrals.Scene.coordinator;

import io.restassured.response.Response;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.testkit.Tokens;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.DateTimeType;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Resource;
import org.hl7.fhir.r4.model.ServiceRequest;
import org.hl7.fhir.r4.model.ServiceRequest.ServiceRequestIntent;
import org.hl7.fhir.r4.model.ServiceRequest.ServiceRequestStatus;
import org.hl7.fhir.r4.model.Task;
import org.hl7.fhir.r4.model.Task.TaskIntent;
import org.hl7.fhir.r4.model.Task.TaskStatus;

/** What the coordinator orders without a plan. */
final class Orders {

    static final String REQUESTER = "Organization/riverside-clinic";

    private Orders() {}

    static ServiceRequest request(String patient) {
        return new ServiceRequest()
                .setStatus(ServiceRequestStatus.ACTIVE)
                .setIntent(ServiceRequestIntent.ORDER)
                .setSubject(new Reference("Patient/" + patient))
                .setRequester(new Reference(REQUESTER));
    }

    /** A Task without an owner. */
    static Task task(String patient, String request) {
        Task task = new Task()
                .setStatus(TaskStatus.REQUESTED)
                .setIntent(TaskIntent.ORDER)
                .setFocus(new Reference("ServiceRequest/" + request))
                .setFor(new Reference("Patient/" + patient))
                .setRequester(new Reference(REQUESTER))
                .setAuthoredOnElement(new DateTimeType("2026-03-07T15:00:00-05:00"));
        task.getCode().addCoding(new Coding("http://hl7.org/fhir/CodeSystem/task-code", "fulfill", null));
        return task;
    }

    /** Stores it as the platform; returns its id. */
    static String recorded(Resource resource) {
        Response answer =
                Scene.as(Tokens.service()).body(FhirJson.write(resource)).post("/fhir/" + resource.fhirType());
        assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(201);
        return answer.path("id");
    }

    /** Stores it as the coordinator; returns its id. */
    static String created(Resource resource) {
        Response answer = coordinator().body(FhirJson.write(resource)).post("/fhir/" + resource.fhirType());
        assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(201);
        return answer.path("id");
    }
}
