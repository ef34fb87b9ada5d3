package org.careloop.gateway.app;

import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.careloop.calleraccess.PageLinks;
import org.careloop.fhirmodel.FhirHeaders;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.fhirmodel.ResourceKey;
import org.careloop.fhirsearch.Condition;
import org.careloop.fhirsearch.IndexHash;
import org.careloop.fhirsearch.QueryParameter;

/**
 * Searches of the whole system ({@code ?_type=}) and of a compartment ({@code Patient/1/Task}, {@code Patient/1/*}).
 *
 * @see <a href="https://hl7.org/fhir/R4/search.html#Introduction">FHIR R4 search contexts</a>
 */
@Singleton
public class SearchTypes {

    private static final String ALL = "*";
    private static final Pattern COMPARTMENT = Pattern.compile(
            "(?<path>(?<name>[A-Z][A-Za-z]{1,63})/(?<id>[A-Za-z0-9.-]{1,64})/(?<type>[A-Z][A-Za-z]{1,63}|\\*))(?<form>/_search)?");
    private static final String SYSTEM_BY_FORM = "_search";

    private final Origins origins;
    private final ReadQuestion read;
    private final SearchAcross searches;
    private final PageLinks pageLinks;

    SearchTypes(Origins origins, ReadQuestion read, SearchAcross searches, PageLinks pageLinks) {
        this.origins = origins;
        this.read = read;
        this.searches = searches;
        this.pageLinks = pageLinks;
    }

    /** Returns the searchset; empty when {@code request} is no such search. */
    Optional<Uni<Buffer>> handle(WholeRequest request) {
        boolean reads = AnswerWhole.READING.contains(request.method());
        boolean posts = request.method().equals(HttpMethod.POST);
        if (reads && request.path().isEmpty() || posts && request.path().equals(SYSTEM_BY_FORM)) {
            return Optional.of(search(request, "", origins.types(), Optional.empty()));
        }
        Matcher compartment = COMPARTMENT.matcher(request.path());
        return compartment.matches() && (compartment.group("form") == null ? reads : posts)
                ? Optional.of(compartment(request, compartment))
                : Optional.empty();
    }

    private Uni<Buffer> compartment(WholeRequest request, Matcher path) {
        String name = path.group("name");
        if (!Compartments.NAMES.contains(name)) {
            throw new FhirProblem(
                    ProblemCode.UNSUPPORTED_PARAMETER,
                    "URL: no compartment (expected: " + String.join(", ", new TreeSet<>(Compartments.NAMES)) + ")");
        }
        Set<Long> member =
                Set.of(IndexHash.ofTarget(ResourceKey.of(name, path.group("id")).reference()));
        String type = path.group("type");
        return search(
                request,
                path.group("path"),
                type.equals(ALL) ? typesOf(name) : Set.of(held(name, type)),
                Optional.of(each -> Compartments.of(name, member, each)));
    }

    private String held(String name, String type) {
        if (origins.holdersOf(type).isEmpty()) {
            throw AnswerWhole.unknown();
        }
        if (!type.equals(name) && Compartments.parameters(name, type).isEmpty()) {
            throw new FhirProblem(
                    ProblemCode.UNSUPPORTED_PARAMETER,
                    "URL: " + type + " is in no compartment of " + name + " (expected: a type that R4 has in it)");
        }
        return type;
    }

    /** Returns the types of which resources may be in a compartment of {@code name}. */
    Set<String> typesOf(String name) {
        return origins.types().stream()
                .filter(type -> type.equals(name)
                        || !Compartments.parameters(name, type).isEmpty())
                .collect(Collectors.toUnmodifiableSet());
    }

    private Uni<Buffer> search(
            WholeRequest request, String path, Set<String> types, Optional<Function<String, List<Condition>>> within) {
        List<QueryParameter> parameters =
                pageLinks.opened(path, ServiceCalls.token(request.headers()), request.parameters());
        Question question = read.ofTypes(
                path, types, parameters, Optional.ofNullable(request.headers().get(FhirHeaders.PREFER)), within);
        return searches.handle(question, request.headers());
    }
}
