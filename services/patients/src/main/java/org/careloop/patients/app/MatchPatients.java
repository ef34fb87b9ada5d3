package org.careloop.patients.app;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.function.Function;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.fhirrest.OwnOperation;
import org.careloop.fhirsearch.Condition;
import org.careloop.fhirstore.ResourceStore;
import org.careloop.fhirstore.SearchPage;
import org.careloop.patients.app.Candidates.Candidate;
import org.careloop.patients.domain.Grade;
import org.hl7.fhir.r4.model.BooleanType;
import org.hl7.fhir.r4.model.IntegerType;
import org.hl7.fhir.r4.model.Parameters;
import org.hl7.fhir.r4.model.Parameters.ParametersParameterComponent;
import org.hl7.fhir.r4.model.Patient;

/**
 * Finds the Patients that one may be, of those that the caller may see.
 *
 * @see <a href="https://hl7.org/fhir/R4/patient-operation-match.html">FHIR R4 Patient $match</a>
 */
@Singleton
public class MatchPatients implements OwnOperation {

    private static final int USUAL = 50;

    private final ResourceStore store;
    private final Candidates candidates;

    MatchPatients(ResourceStore store, Candidates candidates) {
        this.store = store;
        this.candidates = candidates;
    }

    @Override
    public String type() {
        return "Patient";
    }

    @Override
    public String name() {
        return "match";
    }

    @Override
    public String definition() {
        return "http://hl7.org/fhir/OperationDefinition/Patient-match";
    }

    /**
     * What is asked.
     *
     * @param onlyCertain whether only those count that are certain
     * @param count most that are told
     */
    public record Asked(Patient patient, boolean onlyCertain, int count) {

        /** Reads {@code body}; fails with {@link ProblemCode#MALFORMED_BODY}, {@link ProblemCode#INVALID_PARAMETER}. */
        public static Asked read(byte[] body) {
            Patient patient = null;
            boolean onlyCertain = false;
            int count = USUAL;
            for (ParametersParameterComponent part :
                    FhirJson.parse(Parameters.class, body).getParameter()) {
                switch (part.getName()) {
                    case "resource" -> {
                        if (part.getResource() instanceof Patient told) {
                            patient = told;
                        }
                    }
                    case "onlyCertainMatches" ->
                        onlyCertain = part.getValue() instanceof BooleanType bool && bool.booleanValue();
                    case "count" -> {
                        if (!(part.getValue() instanceof IntegerType number) || number.getValue() < 1) {
                            throw new FhirProblem(
                                    ProblemCode.INVALID_PARAMETER, "count: not a number (expected: 1 or more)");
                        }
                        count = number.getValue();
                    }
                    default ->
                        throw new FhirProblem(
                                ProblemCode.UNSUPPORTED_PARAMETER,
                                "parameters: not all known (expected: count, onlyCertainMatches, resource)");
                }
            }
            if (patient == null) {
                throw new FhirProblem(ProblemCode.INVALID_PARAMETER, "resource: missing (expected: a Patient)");
            }
            return new Asked(patient, onlyCertain, count);
        }
    }

    /** Returns those that {@code asked} may be, most likely first; fails as a search of what {@code shown} tells does. */
    public Uni<List<Candidate>> handle(Asked asked, Function<String, Condition> shown) {
        return candidates
                .of(
                        asked.patient(),
                        parameters -> store.search(store.parser().parse("Patient", parameters), shown)
                                .map(SearchPage::matches))
                .map(found -> found.stream()
                        .filter(each -> !asked.onlyCertain() || each.result().grade() == Grade.CERTAIN)
                        .limit(asked.count())
                        .toList());
    }
}
