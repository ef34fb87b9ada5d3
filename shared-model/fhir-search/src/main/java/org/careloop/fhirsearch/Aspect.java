package org.careloop.fhirsearch;

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
     * Tells whether a value that cannot be indexed is marked. Whether strings, dates and numbers are there is seen by their own
     * entries, so a mark is rare; most tokens and references of a resource are there or few, and it is their absence that is
     * marked.
     */
    static boolean marksUnreadable(Kind kind) {
        return switch (kind) {
            case TOKEN, REFERENCE, COMPOSITE -> false;
            case STRING, DATE, NUMBER, QUANTITY, URI -> true;
        };
    }
}
