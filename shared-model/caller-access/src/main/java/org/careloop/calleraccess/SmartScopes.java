package org.careloop.calleraccess;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The SMART scopes of a token: version 2 ({@code system/Task.rus}), and version 1 ({@code user/Task.read}) mapped to it.
 *
 * <p>A scope with a search parameter narrows more than this class can tell, so it opens nothing.
 *
 * @see <a href="https://hl7.org/fhir/smart-app-launch/STU2/scopes-and-launch-context.html">SMART scopes</a>
 */
public final class SmartScopes {

    private static final Pattern SYNTAX = Pattern.compile("(?<context>patient|user|system)/(?<type>\\*|[A-Z][A-Za-z]+)"
            + "\\.(?<actions>c?r?u?d?s?|read|write|\\*)(\\?(?<query>.+))?");

    /** The same few claims come with every request. */
    private static final Cache<String, SmartScopes> REMEMBERED =
            Caffeine.newBuilder().maximumSize(1_000).build();

    private static final String PATIENT = "patient";

    private record Grant(String context, String type, String actions, String query) {}

    /**
     * What a scope opens of a type.
     *
     * @param ofPatient whether only of the patient whom the token is about
     * @param query search parameters that the resource must fulfil; empty for all
     */
    record Opening(boolean ofPatient, String query) {

        /** Everything of the type. */
        static final Opening WHOLE = new Opening(false, "");
    }

    private final Set<String> words;
    private final List<Grant> grants;

    private SmartScopes(Set<String> words, List<Grant> grants) {
        this.words = words;
        this.grants = grants;
    }

    /** Reads the {@code scope} claim, words separated by blanks; words that are no SMART scope are kept as names. */
    public static SmartScopes parse(String claim) {
        return REMEMBERED.get(claim, SmartScopes::read);
    }

    private static SmartScopes read(String claim) {
        Set<String> words =
                Arrays.stream(claim.split(" ")).filter(word -> !word.isEmpty()).collect(Collectors.toUnmodifiableSet());
        return new SmartScopes(
                words,
                words.stream()
                        .map(SYNTAX::matcher)
                        .filter(Matcher::matches)
                        .map(SmartScopes::grant)
                        .toList());
    }

    private static Grant grant(Matcher match) {
        String query = match.group("query");
        return new Grant(
                match.group("context"),
                match.group("type"),
                actions(match.group("actions")),
                query == null ? "" : query);
    }

    /**
     * Returns what of {@code type} the scopes open for {@code interaction}, each an alternative; empty when nothing.
     *
     * @see <a href="https://hl7.org/fhir/smart-app-launch/scopes-and-launch-context.html">SMART App Launch 2.2, scopes</a>
     */
    Set<Opening> opened(String type, Interaction interaction) {
        Set<Opening> opened = grants.stream()
                .filter(grant -> grant.type().equals("*") || grant.type().equals(type))
                .filter(grant -> grant.actions().indexOf(interaction.letter()) >= 0)
                .map(grant -> new Opening(grant.context().equals(PATIENT), grant.query()))
                .collect(Collectors.toUnmodifiableSet());
        return opened.contains(Opening.WHOLE) ? Set.of(Opening.WHOLE) : opened;
    }

    /** Tells whether one of the scopes is of the {@code system} context: a machine asks, no person does. */
    public boolean areOfSystem() {
        return grants.stream().anyMatch(grant -> grant.context().equals("system"));
    }

    /** Returns the scopes of the same contexts that let every type be read and searched. */
    SmartScopes ofAllTypes() {
        return parse(grants.stream()
                .map(grant -> grant.context() + "/*.rs")
                .distinct()
                .sorted()
                .collect(Collectors.joining(" ")));
    }

    /** Returns the claim that {@link #parse} reads as these scopes. */
    public String claim() {
        return words.stream().sorted().collect(Collectors.joining(" "));
    }

    /** Tells whether {@code word} is one of the scopes, letter by letter; for scopes that SMART does not define. */
    public boolean contain(String word) {
        return words.contains(word);
    }

    private static String actions(String written) {
        return switch (written) {
            case "read" -> "rs";
            case "write" -> "cud";
            case "*" -> "cruds";
            default -> written;
        };
    }
}
