package org.careloop.gateway.app;

import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.careloop.calleraccess.PageLinks;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.fhirmodel.ResourceKey;
import org.careloop.fhirsearch.Comparison;
import org.careloop.fhirsearch.Condition;
import org.careloop.fhirsearch.DateRange;
import org.careloop.fhirsearch.FederatedSearch;
import org.careloop.fhirsearch.IndexHash;
import org.careloop.fhirsearch.QueryParameter;
import org.careloop.fhirsearch.SearchParameter;
import org.careloop.fhirsearch.SearchParameters;
import org.careloop.fhirsearch.SearchRequest;
import org.careloop.fhirsearch.SearchRequest.Include;
import org.careloop.gateway.GatewayConfig;
import org.hl7.fhir.r4.model.Parameters;

/**
 * All that is known of a patient, or of all patients that the caller may see: what is in the compartment, and on each page
 * whom and what its resources name. Pages as a search has them.
 *
 * @see <a href="https://hl7.org/fhir/R4/patient-operation-everything.html">FHIR R4 Patient $everything</a>
 */
@Singleton
public class PatientEverything {

    private static final String PATIENT = "Patient";
    private static final int LARGEST_BODY = 16_384;
    private static final Pattern PATH = Pattern.compile(PATIENT + "/(?:(?<id>[A-Za-z0-9.-]{1,64})/)?\\$everything");

    /** They are nobody's record, but a record is not to be understood without them. */
    private static final Set<String> NAMED = Set.of(
            "Practitioner",
            "PractitionerRole",
            "Organization",
            "Location",
            "Medication",
            "HealthcareService",
            "Device");

    private static final Set<String> PARAMETERS =
            Set.of("start", "end", "_since", "_count", ReadQuestion.TYPES, "_cursor", "_format", "_pretty");

    private final Origins origins;
    private final ServiceCalls calls;
    private final ReadQuestion read;
    private final SearchTypes types;
    private final SearchAcross searches;
    private final PageLinks pageLinks;
    private final GatewayConfig config;

    PatientEverything(
            Origins origins,
            ServiceCalls calls,
            ReadQuestion read,
            SearchTypes types,
            SearchAcross searches,
            PageLinks pageLinks,
            GatewayConfig config) {
        this.origins = origins;
        this.calls = calls;
        this.read = read;
        this.types = types;
        this.searches = searches;
        this.pageLinks = pageLinks;
        this.config = config;
    }

    /** Returns the searchset; empty when {@code request} does not ask for this operation. */
    Optional<Uni<Buffer>> handle(WholeRequest request) {
        Matcher path = PATH.matcher(request.path());
        boolean asks = AnswerWhole.READING.contains(request.method())
                || request.method().equals(HttpMethod.POST);
        return asks && path.matches()
                ? Optional.of(everything(request, Optional.ofNullable(path.group("id"))))
                : Optional.empty();
    }

    private Uni<Buffer> everything(WholeRequest request, Optional<String> id) {
        List<QueryParameter> asked = new ArrayList<>(request.parameters());
        request.body().filter(body -> body.length() > 0).ifPresent(body -> asked.addAll(inBody(body)));
        List<QueryParameter> parameters =
                pageLinks.opened(request.path(), ServiceCalls.token(request.headers()), asked);
        if (!parameters.stream().map(QueryParameter::name).allMatch(PARAMETERS::contains)) {
            throw new FhirProblem(
                    ProblemCode.UNSUPPORTED_PARAMETER,
                    "query: not a parameter of $everything (expected: start, end, _since, _type, _count)");
        }
        return id.map(known -> known(request, known))
                .orElseGet(() -> all(request))
                .map(patients -> question(request.path(), patients, parameters))
                .chain(question -> searches.handle(question, request.headers()));
    }

    private static List<QueryParameter> inBody(Buffer body) {
        if (body.length() > LARGEST_BODY) {
            throw new FhirProblem(
                    ProblemCode.BODY_TOO_LARGE, "body: too large (expected: at most " + LARGEST_BODY + " bytes)");
        }
        return FhirJson.parse(Parameters.class, body.getBytes()).getParameter().stream()
                .filter(parameter ->
                        parameter.hasValue() && parameter.getValue().isPrimitive())
                .map(parameter -> new QueryParameter(
                        parameter.getName(), parameter.getValue().primitiveValue()))
                .toList();
    }

    /** Who may not read the patient gets the answer of a read. */
    private Uni<Set<Long>> known(WholeRequest request, String id) {
        ResourceKey key = ResourceKey.of(PATIENT, id);
        return calls.ask(
                        origins.ownerOf(PATIENT).orElseThrow(AnswerWhole::unknown),
                        HttpMethod.GET,
                        "/fhir/" + key.reference() + "?_elements=id",
                        Optional.empty(),
                        request.headers())
                .map(found -> Set.of(IndexHash.ofTarget(key.reference())));
    }

    private Uni<Set<Long>> all(WholeRequest request) {
        FederatedSearch search = new FederatedSearch(
                SearchRequest.all(Set.of(PATIENT), Condition.EVERYTHING, config.maxFound()),
                FederatedSearch.Answer.KEYS,
                Set.of());
        return calls.ask(
                        origins.ownerOf(PATIENT).orElseThrow(AnswerWhole::unknown),
                        HttpMethod.POST,
                        SearchAcross.SEARCH,
                        Optional.of(Buffer.buffer(search.toJson())),
                        request.headers())
                .map(answer -> ServiceShare.of(PATIENT, answer).page().keys());
    }

    private Question question(String path, Set<Long> patients, List<QueryParameter> parameters) {
        Set<String> wanted = new TreeSet<>(types.typesOf(PATIENT));
        Set<String> named = NAMED.stream().filter(origins.types()::contains).collect(Collectors.toSet());
        Set<String> both = Stream.concat(wanted.stream(), named.stream()).collect(Collectors.toSet());
        Set<String> asked = ReadQuestion.asked(both, parameters);
        wanted.retainAll(asked);
        named.retainAll(asked);
        if (wanted.isEmpty()) {
            throw new FhirProblem(
                    ProblemCode.INVALID_PARAMETER,
                    ReadQuestion.TYPES + ": no type of a patient's record (expected: at least one)");
        }
        Function<String, List<Condition>> members = type -> Compartments.of(PATIENT, patients, type);
        List<Condition> conditions = new ArrayList<>();
        conditions.add(anyOf(wanted.stream().flatMap(type -> members.apply(type).stream())));
        value(parameters, "_since")
                .ifPresent(since ->
                        conditions.add(new Condition.Changed(Comparison.GE, DateRange.parse("_since", since))));
        Optional<String> start = time(parameters, "start");
        Optional<String> end = time(parameters, "end");
        if (start.isPresent() || end.isPresent()) {
            conditions.add(anyOf(wanted.stream()
                    .map(type -> new Condition.AllOf(
                            List.of(anyOf(members.apply(type).stream()), CareDates.within(type, start, end))))));
        }
        SearchRequest request = read.ofType(PATIENT, of(parameters, "_count"))
                .of(wanted)
                .withCondition(new Condition.AllOf(conditions))
                .withApplied(MergedCursor.without(parameters));
        return new Question(path, request, leads(wanted, named), MergedCursor.of(parameters));
    }

    /** What a record names, and who is behind a role. */
    private static List<Lead> leads(Set<String> wanted, Set<String> named) {
        if (named.isEmpty()) {
            return List.of();
        }
        return Stream.concat(wanted.stream(), Stream.of("PractitionerRole"))
                .flatMap(type -> SearchParameters.of(type).values().stream())
                .filter(parameter -> parameter.kind() == SearchParameter.Kind.REFERENCE
                        && (parameter.targets().isEmpty()
                                || parameter.targets().stream().anyMatch(named::contains)))
                .map(parameter -> new Lead(
                        new Include(
                                false,
                                parameter.type(),
                                parameter.name(),
                                Optional.empty(),
                                parameter.type().equals("PractitionerRole")),
                        named))
                .toList();
    }

    private static Condition anyOf(Stream<? extends Condition> conditions) {
        return new Condition.AnyOf(List.copyOf(conditions.toList()));
    }

    private static Optional<String> time(List<QueryParameter> parameters, String name) {
        Optional<String> value = value(parameters, name);
        value.ifPresent(text -> DateRange.parse(name, text));
        return value;
    }

    private static Optional<String> value(List<QueryParameter> parameters, String name) {
        return of(parameters, name).stream().map(QueryParameter::value).findFirst();
    }

    private static List<QueryParameter> of(List<QueryParameter> parameters, String name) {
        return parameters.stream()
                .filter(parameter -> parameter.name().equals(name))
                .toList();
    }
}
