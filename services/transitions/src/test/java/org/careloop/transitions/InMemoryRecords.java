package org.careloop.transitions;

import io.smallrye.mutiny.Uni;
import jakarta.annotation.Priority;
import jakarta.enterprise.inject.Alternative;
import jakarta.inject.Singleton;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.fhirsearch.Compartment;
import org.careloop.transitions.app.PatientRecords;
import org.hl7.fhir.r4.model.Patient;
import org.hl7.fhir.r4.model.Resource;

/** What the other services hold, in memory; who is told of nowhere else is there without a name. */
@Alternative
@Priority(1)
@Singleton
public class InMemoryRecords implements PatientRecords {

    private final Map<String, Resource> held = new ConcurrentHashMap<>();
    private final Set<String> unreachable = ConcurrentHashMap.newKeySet();
    private final Set<String> refused = ConcurrentHashMap.newKeySet();
    private final Map<String, Supplier<Uni<Void>>> meanwhile = new ConcurrentHashMap<>();

    InMemoryRecords() {}

    @Override
    public Uni<List<Resource>> find(String service, String type, Map<String, String> query) {
        String patient = query.getOrDefault("patient", "").replace("Patient/", "");
        if (unreachable.contains(patient)) {
            return Uni.createFrom()
                    .failure(
                            new FhirProblem(ProblemCode.UNAVAILABLE, service + ": as the test says (expected: retry)"));
        }
        if (refused.contains(patient)) {
            return Uni.createFrom()
                    .failure(new FhirProblem(
                            ProblemCode.RULE_VIOLATED, service + ": as the test says (expected: less)"));
        }
        List<Resource> answer = answer(type, patient, query);
        Supplier<Uni<Void>> next = meanwhile.remove(patient + "/" + type);
        return next == null
                ? Uni.createFrom().item(answer)
                : Uni.createFrom().voidItem().chain(next::get).replaceWith(answer);
    }

    private List<Resource> answer(String type, String patient, Map<String, String> query) {
        List<String> ids = Arrays.asList(query.getOrDefault("_id", "").split(","));
        if (type.equals("Patient")) {
            Patient unnamed = new Patient();
            unnamed.setId(ids.getFirst());
            return List.of(held.getOrDefault("Patient/" + ids.getFirst(), unnamed));
        }
        return held.values().stream()
                .filter(resource -> resource.fhirType().equals(type))
                .filter(resource -> query.containsKey("_id")
                        ? ids.contains(resource.getIdElement().getIdPart())
                        : Compartment.patientOf(resource)
                                .filter(patient::equals)
                                .isPresent())
                .map(Resource::copy)
                .toList();
    }

    void hold(Resource resource) {
        held.put(resource.fhirType() + "/" + resource.getIdElement().getIdPart(), resource.copy());
    }

    void shut(String patient) {
        unreachable.add(patient);
    }

    void open(String patient) {
        unreachable.remove(patient);
        refused.remove(patient);
    }

    /** Answers no more, for a reason that does not pass. */
    void refuse(String patient) {
        refused.add(patient);
    }

    /** Does {@code work} once, after what is held of {@code type} was read and before whoever asked has it. */
    void meanwhile(String patient, String type, Supplier<Uni<Void>> work) {
        meanwhile.put(patient + "/" + type, work);
    }
}
