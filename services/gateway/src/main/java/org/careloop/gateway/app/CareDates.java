package org.careloop.gateway.app;

import static java.util.Map.entry;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.careloop.fhirsearch.Condition;
import org.careloop.fhirsearch.QueryParameter;
import org.careloop.fhirsearch.SearchParser;

/** By which search parameter a type tells when care took place, for {@code start} and {@code end} of $everything. */
final class CareDates {

    private static final Map<String, String> BY_TYPE = Map.ofEntries(
            entry("AllergyIntolerance", "date"),
            entry("Appointment", "date"),
            entry("CarePlan", "date"),
            entry("CareTeam", "date"),
            entry("Communication", "sent"),
            entry("Composition", "date"),
            entry("Condition", "onset-date"),
            entry("Consent", "date"),
            entry("DetectedIssue", "identified"),
            entry("DiagnosticReport", "date"),
            entry("DocumentReference", "date"),
            entry("Encounter", "date"),
            entry("EpisodeOfCare", "date"),
            entry("FamilyMemberHistory", "date"),
            entry("Flag", "date"),
            entry("Goal", "start-date"),
            entry("Immunization", "date"),
            entry("List", "date"),
            entry("MeasureReport", "date"),
            entry("MedicationDispense", "whenhandedover"),
            entry("MedicationRequest", "authoredon"),
            entry("MedicationStatement", "effective"),
            entry("Observation", "date"),
            entry("Procedure", "date"),
            entry("Provenance", "recorded"),
            entry("QuestionnaireResponse", "authored"),
            entry("RiskAssessment", "date"),
            entry("ServiceRequest", "authored"),
            entry("Specimen", "collected"),
            entry("Task", "authored-on"));

    private CareDates() {}

    /** Returns what a resource of {@code type} must fulfil; what tells no time belongs to every time. */
    static Condition within(String type, Optional<String> start, Optional<String> end) {
        String parameter = BY_TYPE.get(type);
        if (parameter == null) {
            return Condition.EVERYTHING;
        }
        List<QueryParameter> range = new ArrayList<>();
        start.ifPresent(from -> range.add(new QueryParameter(parameter, "ge" + from)));
        end.ifPresent(to -> range.add(new QueryParameter(parameter, "le" + to)));
        return new Condition.AnyOf(List.of(
                SearchParser.condition(type, range),
                SearchParser.condition(type, List.of(new QueryParameter(parameter + ":missing", "true")))));
    }
}
