package org.careloop.patients.domain.reconciliation;

/** How entries were found to be of one medicine, surest first. */
public enum MatchedBy {
    /** Both have an RxNorm number of which the ingredients are known. */
    RXNORM,
    /** They share a code of any system. */
    CODE,
    /** By what is written. */
    TEXT;

    /** As the answer tells it. */
    public String code() {
        return switch (this) {
            case RXNORM -> "rxnorm";
            case CODE -> "code";
            case TEXT -> "text";
        };
    }
}
