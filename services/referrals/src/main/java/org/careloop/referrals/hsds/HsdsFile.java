package org.careloop.referrals.hsds;

import java.util.Locale;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.referrals.domain.hsds.HsdsTables;

/** Reads a file of HSDS; costs as much as its size, so not on an event loop. */
public final class HsdsFile {

    /** The media type of a ZIP of CSV tables. */
    public static final String ZIP = "application/zip";

    private HsdsFile() {}

    /**
     * What was read.
     *
     * @param whole whether it is all that its source lists: not one of several pages
     */
    public record Read(HsdsTables tables, boolean whole) {}

    /**
     * How much of a file is read.
     *
     * @param rows most rows of all tables together
     * @param bytes most bytes of a ZIP's tables when they are unpacked: a small ZIP can hold very much
     */
    public record Limits(int rows, long bytes) {}

    /**
     * Reads {@code body}. Fails with {@link ProblemCode#MALFORMED_BODY} when it cannot be read or lists nothing, with {@link
     * ProblemCode#TOO_COSTLY} or {@link ProblemCode#BODY_TOO_LARGE} when it is beyond {@code limits}.
     *
     * @param mediaType {@link #ZIP}, otherwise it is JSON
     */
    public static Read read(byte[] body, String mediaType, Limits limits) {
        Read read = mediaType.toLowerCase(Locale.ROOT).startsWith(ZIP)
                ? new Read(HsdsZip.read(body, limits), true)
                : HsdsJson.read(body, limits);
        if (!read.tables().has("service") && !read.tables().has("organization")) {
            throw new FhirProblem(
                    ProblemCode.MALFORMED_BODY, "body: lists nothing (expected: services or organizations of HSDS)");
        }
        return read;
    }

    static FhirProblem tooManyRows(Limits limits) {
        return new FhirProblem(
                ProblemCode.TOO_COSTLY,
                "body: too many rows (expected: at most " + limits.rows() + "; import it in parts)");
    }

    static FhirProblem malformed(String text) {
        return new FhirProblem(ProblemCode.MALFORMED_BODY, "body: " + text);
    }
}
