package org.careloop.audittrail;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.careloop.audittrail.internal.AuditRows;
import org.careloop.calleraccess.Caller;
import org.jspecify.annotations.Nullable;

/** Adds the row of a write to the statement of the write: both are committed, or neither. */
public final class AuditedWrites {

    /** So many parameters are added to those of the statement. */
    public static final int PARAMETERS = 11;

    private AuditedWrites() {}

    /**
     * Returns a call that does what {@code write} does and returns what it returns, the number of a row; with the row of the
     * trail unless that is null.
     *
     * @param status the HTTP status that tells of such a write
     * @param type expression of the resource's type; likewise {@code id} and {@code version}
     * @param first number of the first of the parameters that {@link #parameters} gives
     */
    public static String call(String write, int status, String type, String id, String version, int first) {
        List<String> named = new ArrayList<>();
        for (int i = 0; i < PARAMETERS; i++) {
            named.add("$" + (first + i));
        }
        return "audited(" + write + ", " + named.get(0) + ", " + status + "::smallint, "
                + String.join(", ", named.subList(2, 8)) + ", " + named.get(1) + ", " + type + ", " + id + ", "
                + version
                + ", " + String.join(", ", named.subList(8, PARAMETERS)) + ")";
    }

    /** The values of a write by {@code caller} in the current request or event, that concerns {@code patients}. */
    public static List<@Nullable Object> parameters(String interaction, Caller caller, Set<String> patients) {
        AuditedRequest request = AuditedRequest.current().orElseGet(AuditedRequest::outside);
        List<@Nullable Object> values = new ArrayList<>();
        values.add(interaction);
        values.add(patients.toArray(String[]::new));
        values.addAll(AuditRows.parameters(request.writing(caller), request.question()));
        return values;
    }
}
