package org.careloop.fhirsearch;

import java.util.Optional;
import org.careloop.fhirsearch.SearchParameter.Kind;

/** What is indexed of a parameter beside its values, and the marks of {@code :missing}. */
final class Aspect {

    /** The logical identifier of what a reference refers to, as a token. */
    static final String IDENTIFIER = ":identifier";

    /** What people read for a code, as a string. */
    static final String TEXT = ":text";

    /** An identifier with the code of its type, as a token. */
    static final String OF_TYPE = ":of-type";

    /** A uri in clear. */
    static final String BELOW = ":below";

    /** Marks a token or reference without a value. */
    static final String ABSENT = ":missing";

    /** Marks a parameter of another kind that has a value which cannot be indexed. */
    static final String UNREADABLE = ":unreadable";

    private Aspect() {}

    /**
     * Returns the mark of a parameter. Whether strings, dates and numbers are there is seen by their own entries, so a mark is
     * rare; most tokens and references of a resource are there or few.
     */
    static Optional<String> mark(Kind kind, boolean empty, boolean indexed) {
        return switch (kind) {
            case TOKEN, REFERENCE -> empty ? Optional.of(ABSENT) : Optional.empty();
            case STRING, DATE, NUMBER, QUANTITY, URI -> empty || indexed ? Optional.empty() : Optional.of(UNREADABLE);
            case COMPOSITE -> Optional.empty();
        };
    }
}
