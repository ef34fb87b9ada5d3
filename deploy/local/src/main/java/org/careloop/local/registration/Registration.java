package org.careloop.local.registration;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.careloop.local.Refusal;

/**
 * What is to be registered.
 *
 * @param client the id of the OAuth client
 * @param organization the id of the Organization that it acts for
 * @param name the Organization's name, for one that is not there yet
 * @param scopes what it may ask for, at least one
 */
record Registration(
        Kind kind, String client, String organization, Optional<String> name, ClientKeys keys, List<String> scopes) {

    static final String USAGE = "register hospital|ehr|agency --id CLIENT --organization ID [--name NAME]"
            + " (--jwks-url URL | --jwks FILE) [--scopes \"SCOPE...\"]";

    private static final Set<String> OPTIONS =
            Set.of("--id", "--organization", "--name", "--jwks-url", "--jwks", "--scopes");

    /** As FHIR has ids: the organisation is one, and a client is written where one may be. */
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9.-]{1,64}");

    /** Those of the platform's own parts; nobody else may look like one of them. */
    private static final String RESERVED = "careloop-";

    private static final Pattern SCOPE = Pattern.compile(
            "system/(\\*|[A-Z][A-Za-z]+)" + "\\.((?=[cruds])c?r?u?d?s?|read|write|\\*)(\\?[!-~&&[^\"\\\\]]+)?");
    private static final String SEND = "hl7v2.send";

    /** Reads what follows {@code register} on the command line; refuses what is missing, unknown or not well formed. */
    static Registration parse(List<String> arguments) {
        Kind kind = Kind.of(arguments.isEmpty() ? "" : arguments.getFirst())
                .orElseThrow(() -> new Refusal("register: unknown kind (expected one of: " + Kind.words() + ")"));
        Map<String, String> options = options(arguments.subList(1, arguments.size()));
        return new Registration(
                kind,
                client(options),
                id(options, "--organization"),
                Optional.ofNullable(options.get("--name")),
                keys(options),
                scopes(kind, options));
    }

    private static Map<String, String> options(List<String> words) {
        Map<String, String> options = new TreeMap<>();
        for (int i = 0; i < words.size(); i += 2) {
            String option = words.get(i);
            if (!OPTIONS.contains(option)) {
                throw new Refusal("register: unknown option " + option + " (expected: " + USAGE + ")");
            }
            if (i + 1 == words.size() || words.get(i + 1).isBlank()) {
                throw new Refusal(option + ": no value (expected: " + USAGE + ")");
            }
            if (options.put(option, words.get(i + 1).strip()) != null) {
                throw new Refusal(option + ": given twice (expected: once)");
            }
        }
        return options;
    }

    private static String client(Map<String, String> options) {
        String client = id(options, "--id");
        if (client.startsWith(RESERVED)) {
            throw new Refusal("--id: " + RESERVED + " is for the platform's own parts (expected: another id)");
        }
        return client;
    }

    private static String id(Map<String, String> options, String option) {
        String id = options.getOrDefault(option, "");
        if (!ID.matcher(id).matches()) {
            throw new Refusal(option + ": missing or not well formed (expected: 1-64 of A-Z a-z 0-9 - .)");
        }
        return id;
    }

    private static ClientKeys keys(Map<String, String> options) {
        Optional<String> url = Optional.ofNullable(options.get("--jwks-url"));
        Optional<String> file = Optional.ofNullable(options.get("--jwks"));
        if (url.isPresent() == file.isPresent()) {
            throw new Refusal("keys: none, or by URL and by value (expected: one of --jwks-url URL, --jwks FILE)");
        }
        return url.map(ClientKeys::at).orElseGet(() -> ClientKeys.in(file.orElseThrow()));
    }

    private static List<String> scopes(Kind kind, Map<String, String> options) {
        String written = options.get("--scopes");
        if (written == null) {
            return kind.scopes();
        }
        List<String> scopes = List.of(written.split("\\s+"));
        scopes.stream().filter(scope -> !isScope(kind, scope)).findFirst().ifPresent(scope -> {
            throw new Refusal("--scopes: " + scope + " is none of a " + kind.word()
                    + " (expected: SMART scopes of the context system, such as system/Task.rus"
                    + (kind == Kind.HOSPITAL ? ", or " + SEND : "") + ")");
        });
        return scopes;
    }

    private static boolean isScope(Kind kind, String scope) {
        return SCOPE.matcher(scope).matches() || kind == Kind.HOSPITAL && scope.equals(SEND);
    }
}
