package org.careloop.audittrail;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AuditedInteractionTest {

    @ParameterizedTest
    @CsvSource({
        "GET, /fhir/Patient/1, read, Patient, 1",
        "HEAD, /fhir/Patient/1, read, Patient, 1",
        "GET, /fhir/Patient/1/_history/2, vread, Patient, 1",
        "GET, /fhir/Patient/1/_history, history-instance, Patient, 1",
        "GET, /fhir/Patient/_history, history-type, Patient,",
        "GET, /fhir/_history, history-system, ,",
        "GET, /fhir/Task, search-type, Task,",
        "POST, /fhir/Task/_search, search-type, Task,",
        "GET, /fhir/Patient/1/Observation, search-type, Patient, 1",
        "POST, /fhir/Task, create, Task,",
        "PUT, /fhir/Task/1, update, Task, 1",
        "PUT, /fhir/Task, update, Task,",
        "PATCH, /fhir/Task/1, patch, Task, 1",
        "DELETE, /fhir/Task, delete, Task,",
        "POST, /fhir, transaction, ,",
        "POST, /fhir/, transaction, ,",
        "GET, /fhir, search-system, ,",
        "GET, /fhir/Patient/1/$everything, operation, Patient, 1/$everything",
        "POST, /fhir/Patient/$validate, operation, Patient, $validate",
        "POST, /fhir/Patient/%24validate, operation, Patient, %24validate",
        "POST, /federation/search, search-type, ,",
        "POST, /federation/transactions/x/prepare, transaction, ,",
        "POST, /hl7v2, operation, , /hl7v2",
        "GET, /operations/dead-letters, operation, , /operations/dead-letters",
        "GET, '', operation, , ''",
        "GET, //, operation, , //"
    })
    void pathsTellWhatIsAsked(String method, String path, String code, String type, String id) {
        assertThat(AuditedInteraction.of(method, path))
                .isEqualTo(new AuditedInteraction(code, Optional.ofNullable(type), Optional.ofNullable(id)));
    }
}
