package org.careloop.referrals.domain.hsds;

/**
 * What is to be told of a file.
 *
 * @param place table, row and column, such as {@code service[3].status}
 * @param text what was wrong and what was expected; never a value of the file
 */
public record HsdsIssue(Weight weight, String place, String text) {

    /** What became of what is at the place. */
    public enum Weight {
        /** It was not imported. */
        LEFT_OUT,
        /** It was imported in part. */
        IN_PART,
        /** It was understood, and has no place in the directory. */
        NO_PLACE
    }

    static HsdsIssue leftOut(HsdsRow row, String column, String text) {
        row.leave();
        return new HsdsIssue(Weight.LEFT_OUT, row.place() + "." + column, text);
    }

    static HsdsIssue inPart(HsdsRow row, String column, String text) {
        return new HsdsIssue(Weight.IN_PART, row.place() + "." + column, text);
    }
}
