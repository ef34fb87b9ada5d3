package org.careloop.gateway.app;

import io.smallrye.mutiny.Uni;
import io.vertx.core.MultiMap;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.careloop.fhirmodel.BundleReferences;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.fhirmodel.ResourceKey;
import org.careloop.fhirsearch.QueryParameter;

/**
 * Finds what references by criteria in a transaction, {@code Patient?identifier=...}, mean: before anything is written, in
 * whatever service it is, as far as the caller may see it.
 *
 * @see <a href="https://hl7.org/fhir/R4/http.html#trules">FHIR R4 conditional references</a>
 */
@Singleton
public class ResolveReferences {

    private static final Pattern BY_CRITERIA = Pattern.compile("(?<type>[A-Z][A-Za-z]{1,63})\\?(?<criteria>.+)");

    private final Origins origins;
    private final SearchAcross searches;

    ResolveReferences(Origins origins, SearchAcross searches) {
        this.origins = origins;
        this.searches = searches;
    }

    private record Found(String reference, ResourceKey key) {}

    /**
     * Returns the places of all references by criteria in {@code entries}. Fails with {@link ProblemCode#NOTHING_MATCHES} or
     * {@link ProblemCode#MULTIPLE_MATCHES}, and names the entry.
     *
     * @param caller the headers of the client's request
     */
    Uni<Map<String, String>> handle(List<TransactionEntry> entries, MultiMap caller) {
        Map<String, TransactionEntry> asked = new LinkedHashMap<>();
        for (TransactionEntry entry : entries) {
            if (entry.entry().hasResource()) {
                BundleReferences.of(entry.entry().getResource()).stream()
                        .filter(reference -> BY_CRITERIA.matcher(reference).matches())
                        .forEach(reference -> asked.putIfAbsent(reference, entry));
            }
        }
        return ResolveAcross.inParallel(
                        List.copyOf(asked.entrySet()), each -> find(each.getKey(), each.getValue(), caller))
                .map(found -> {
                    Map<String, String> places = new HashMap<>();
                    found.forEach(
                            each -> places.put(each.reference(), each.key().reference()));
                    return places;
                });
    }

    private Uni<Found> find(String reference, TransactionEntry entry, MultiMap caller) {
        Matcher matcher = BY_CRITERIA.matcher(reference);
        String path = "Bundle.entry[" + entry.place() + "].resource";
        if (!matcher.matches() || origins.holdersOf(matcher.group("type")).isEmpty()) {
            throw new FhirProblem(
                    ProblemCode.UNKNOWN_TYPE,
                    path,
                    path
                            + ": a reference by criteria to a type that is not held here (expected: one that the capability"
                            + " statement lists)");
        }
        List<QueryParameter> criteria = QueryParameter.parse(matcher.group("criteria"));
        return searches.findOne(matcher.group("type"), criteria, caller)
                .onFailure(FhirProblem.class)
                .transform(failure -> placed((FhirProblem) failure, path))
                .map(found -> new Found(
                        reference,
                        found.orElseThrow(() -> new FhirProblem(
                                ProblemCode.NOTHING_MATCHES,
                                path,
                                path + ": a reference by criteria matches nothing (expected: one resource)"))));
    }

    private static FhirProblem placed(FhirProblem problem, String path) {
        return new FhirProblem(
                problem.code(), path, path + ": " + problem.issues().getFirst().diagnostics());
    }
}
