package org.careloop.transitions.app;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.transitions.domain.document.DischargedStay;
import org.careloop.transitions.domain.document.DocumentRules;
import org.careloop.transitions.domain.document.DocumentRules.Source;
import org.careloop.transitions.domain.document.References;
import org.careloop.transitions.domain.document.TransitionDocument.Known;
import org.hl7.fhir.r4.model.Patient;
import org.hl7.fhir.r4.model.Resource;

/** Reads from the services that hold it what a transition-of-care document is made from. Several questions at a time. */
@Singleton
class CollectRecord {

    private static final int AT_A_TIME = 4;
    private static final int IDS_AT_A_TIME = 50;
    private static final String PATIENTS = "patients";

    private final PatientRecords records;
    private final DocumentRules rules;

    CollectRecord(PatientRecords records, DocumentRules rules) {
        this.records = records;
        this.rules = rules;
    }

    /**
     * Returns what is known of the patient of {@code stay}. Fails with {@link ProblemCode#UNAVAILABLE} when a part of it cannot be read
     * now: a document that lacks a part would say less than is known.
     *
     * @param own what this service itself holds of the stay
     */
    Uni<Known> handle(DischargedStay stay, String patientId, List<Resource> own) {
        List<Uni<List<Resource>>> questions = new ArrayList<>();
        questions.add(records.find(PATIENTS, "Patient", Map.of("_id", patientId)));
        rules.sources()
                .forEach(source ->
                        questions.add(records.find(source.service(), source.type(), query(source, stay, patientId))));
        return all(questions).chain(found -> {
            List<Resource> resources = new ArrayList<>(found);
            resources.addAll(own);
            resources.add(stay.encounter());
            return referred(resources, stay).map(more -> {
                resources.addAll(more);
                return known(resources, stay);
            });
        });
    }

    private static Known known(List<Resource> resources, DischargedStay stay) {
        Patient patient = resources.stream()
                .filter(Patient.class::isInstance)
                .map(Patient.class::cast)
                .findFirst()
                .orElseThrow(() -> new FhirProblem(
                        ProblemCode.UNAVAILABLE, "Patient: not found in the patients service (expected: retry)"));
        return new Known(
                patient,
                stay,
                resources.stream()
                        .filter(resource -> !(resource instanceof Patient) && resource != stay.encounter())
                        .toList());
    }

    private static Map<String, String> query(Source source, DischargedStay stay, String patientId) {
        Map<String, String> query = new TreeMap<>(Map.of("patient", "Patient/" + patientId));
        if (source.since() != null) {
            LocalDate from = LocalDate.ofInstant(stay.admitted().orElse(stay.discharged()), stay.zone())
                    .minus(source.since());
            query.put("date", "ge" + from);
        }
        return query;
    }

    /** What entries cannot be understood without, and the organisation that keeps the document. */
    private Uni<List<Resource>> referred(List<Resource> resources, DischargedStay stay) {
        Set<String> there = new HashSet<>();
        resources.forEach(resource ->
                there.add(resource.fhirType() + "/" + resource.getIdElement().getIdPart()));
        Map<String, Set<String>> ids = new LinkedHashMap<>();
        resources.stream()
                .flatMap(resource -> References.of(resource).stream())
                .filter(reference -> !there.contains(reference))
                .forEach(reference -> add(ids, reference));
        add(ids, "Organization/" + stay.custodian());
        List<Uni<List<Resource>>> questions = new ArrayList<>();
        ids.forEach((type, ofType) -> {
            List<String> sorted = List.copyOf(ofType);
            for (int from = 0; from < sorted.size(); from += IDS_AT_A_TIME) {
                String some = String.join(",", sorted.subList(from, Math.min(from + IDS_AT_A_TIME, sorted.size())));
                questions.add(records.find(rules.referred().get(type), type, Map.of("_id", some)));
            }
        });
        return all(questions);
    }

    private void add(Map<String, Set<String>> ids, String reference) {
        int slash = reference.indexOf('/');
        String type = reference.substring(0, slash);
        if (rules.referred().containsKey(type)) {
            ids.computeIfAbsent(type, ignored -> new TreeSet<>()).add(reference.substring(slash + 1));
        }
    }

    private static Uni<List<Resource>> all(List<Uni<List<Resource>>> questions) {
        return questions.isEmpty()
                ? Uni.createFrom().item(List.of())
                : Uni.join()
                        .all(questions)
                        .usingConcurrencyOf(AT_A_TIME)
                        .andFailFast()
                        .map(answers -> answers.stream().flatMap(List::stream).toList());
    }
}
