package org.careloop.patients.app;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.fhirrest.OperationInput;
import org.careloop.fhirrest.OwnOperation;
import org.careloop.fhirsearch.Condition;
import org.careloop.fhirsearch.QueryParameter;
import org.careloop.fhirsearch.SearchParser;
import org.careloop.fhirsearch.SearchRequest;
import org.careloop.fhirstore.ResourceStore;
import org.careloop.fhirstore.StoredResource;

/**
 * The documents of a patient: of care between two days, or without days the newest of each type. Care is dated by {@code
 * context.period}, where that is missing by {@code date}.
 *
 * @see <a href="https://hl7.org/fhir/us/core/OperationDefinition-docref.html">US Core $docref</a>
 */
@Singleton
public class FindDocuments implements OwnOperation {

    private static final String TYPE = "DocumentReference";
    private static final String[] PARAMETERS = {"patient", "start", "end", "type", "on-demand", "profile"};

    private final ResourceStore store;
    private final NewestOfEachKind newest;

    FindDocuments(ResourceStore store, NewestOfEachKind newest) {
        this.store = store;
        this.newest = newest;
    }

    @Override
    public String type() {
        return TYPE;
    }

    @Override
    public String name() {
        return "docref";
    }

    @Override
    public String definition() {
        return "http://hl7.org/fhir/us/core/OperationDefinition/docref";
    }

    /** Returns the documents; nothing is made on demand, so there is none of that kind. Fails as a search does. */
    public Uni<List<StoredResource>> handle(OperationInput asked, Function<String, Condition> shown) {
        asked.allow(PARAMETERS);
        List<Condition> conditions = new ArrayList<>();
        conditions.add(filter("patient", asked.required("patient")));
        conditions.add(filter("status:not", "entered-in-error"));
        asked.text("type").ifPresent(type -> conditions.add(filter("type", type)));
        asked.text("profile").ifPresent(profile -> conditions.add(filter("_profile", profile)));
        Optional<String> start = asked.text("start");
        Optional<String> end = asked.text("end");
        boolean dated = start.isPresent() || end.isPresent();
        if (dated) {
            conditions.add(new Condition.AnyOf(List.of(
                    within("period", start, end),
                    new Condition.AllOf(List.of(filter("period:missing", "true"), within("date", start, end))))));
        }
        if (isOnDemand(asked)) {
            return Uni.createFrom().item(List.of());
        }
        SearchRequest search = store.parser()
                .parse(
                        TYPE,
                        List.of(
                                new QueryParameter("_sort", "-date"),
                                new QueryParameter("_count", Integer.toString(Integer.MAX_VALUE))))
                .withCondition(new Condition.AllOf(conditions));
        return newest.handle(search, shown, "type", dated ? Integer.MAX_VALUE : 1);
    }

    private static boolean isOnDemand(OperationInput asked) {
        return asked.text("on-demand")
                .map(value -> switch (value) {
                    case "true" -> true;
                    case "false" -> false;
                    default ->
                        throw new FhirProblem(
                                ProblemCode.INVALID_PARAMETER, "on-demand: unknown (expected: true or false)");
                })
                .orElse(false);
    }

    private static Condition within(String parameter, Optional<String> start, Optional<String> end) {
        return new Condition.AllOf(Stream.concat(
                        start.map(day -> filter(parameter, "ge" + day)).stream(),
                        end.map(day -> filter(parameter, "le" + day)).stream())
                .toList());
    }

    private static Condition filter(String name, String value) {
        return SearchParser.condition(TYPE, List.of(new QueryParameter(name, value)));
    }
}
