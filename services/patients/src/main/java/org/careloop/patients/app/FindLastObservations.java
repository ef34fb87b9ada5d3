package org.careloop.patients.app;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.fhirrest.OperationInput;
import org.careloop.fhirrest.OwnOperation;
import org.careloop.fhirsearch.Condition;
import org.careloop.fhirsearch.QueryParameter;
import org.careloop.fhirsearch.SearchRequest;
import org.careloop.fhirstore.ResourceStore;
import org.careloop.fhirstore.StoredResource;

/**
 * The last observations of a subject of each code, newest first by the time that they are of.
 *
 * @see <a href="https://hl7.org/fhir/R4/observation-operation-lastn.html">FHIR R4 Observation $lastn</a>
 */
@Singleton
public class FindLastObservations implements OwnOperation {

    private static final String TYPE = "Observation";
    private static final String MAX = "max";
    private static final Set<String> SUBJECT = Set.of("patient", "subject");

    /** They shape or page a search, which this is not. */
    private static final Set<String> OF_SEARCHES =
            Set.of("_sort", "_count", "_total", "_summary", "_elements", "_cursor", "_include", "_revinclude");

    private final ResourceStore store;
    private final NewestOfEachKind newest;

    FindLastObservations(ResourceStore store, NewestOfEachKind newest) {
        this.store = store;
        this.newest = newest;
    }

    @Override
    public String type() {
        return TYPE;
    }

    @Override
    public String name() {
        return "lastn";
    }

    @Override
    public String definition() {
        return "http://hl7.org/fhir/OperationDefinition/Observation-lastn";
    }

    /**
     * Returns at most {@code max}, else one, of each code; the other parameters are filters of a search. Fails with {@link
     * ProblemCode#INVALID_PARAMETER} without a subject, and as a search does.
     *
     * @param hops fails when the caller may not search what a condition leads through
     */
    public Uni<List<StoredResource>> handle(
            OperationInput asked, Function<String, Condition> shown, Consumer<Condition> hops) {
        int most = asked.number(MAX, 1).orElse(1);
        List<QueryParameter> search = new ArrayList<>();
        asked.texts().stream()
                .filter(parameter -> !parameter.name().equals(MAX))
                .forEach(search::add);
        requireSubject(search);
        search.add(new QueryParameter("_sort", "-date"));
        search.add(new QueryParameter("_count", Integer.toString(Integer.MAX_VALUE)));
        SearchRequest request = store.parser().parse(TYPE, search);
        hops.accept(request.condition());
        return newest.handle(request, shown, "code", most);
    }

    private static void requireSubject(List<QueryParameter> search) {
        boolean subject = false;
        for (QueryParameter parameter : search) {
            String name = parameter.name().split("[:.]", 2)[0];
            if (OF_SEARCHES.contains(name)) {
                throw new FhirProblem(
                        ProblemCode.UNSUPPORTED_PARAMETER,
                        name + ": not a parameter of $lastn (expected: max, and filters of Observation)");
            }
            subject |= SUBJECT.contains(name);
        }
        if (!subject) {
            throw new FhirProblem(
                    ProblemCode.INVALID_PARAMETER, "patient, subject: missing (expected: one of them with a value)");
        }
    }
}
