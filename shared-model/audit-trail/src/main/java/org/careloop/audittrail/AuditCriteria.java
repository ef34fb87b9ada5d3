package org.careloop.audittrail;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Which rows of the trail are wanted; each call narrows them. */
public final class AuditCriteria {

    /** Columns that are compared as they are. */
    public enum Column {
        ROLE,
        TYPE,
        INTERACTION,
        PURPOSE
    }

    /** What an answer may be named by; the index has them of all answers in a row. */
    private static final String KEYS = "(patients || array_remove(array[type || '/' || id, 'client:' || client,"
            + " 'person:' || person, 'Organization/' || organization], null))";

    private static final String PATIENT = "Patient/";
    private static final String READING = "interaction in ('read', 'vread', 'search-type', 'search-system',"
            + " 'history-instance', 'history-type', 'history-system', 'operation')";

    private final StringBuilder where = new StringBuilder("true");
    private final List<Object> parameters = new ArrayList<>();

    /** Rows in whose answers something of the record of {@code patient}, an id, was shown, or that changed it. */
    public AuditCriteria concerning(String patient) {
        String wanted = add(new String[] {patient});
        return and("patients @> " + wanted + " and row_keys && " + wanted);
    }

    /** Rows with one of {@code keys}: {@code Type/id}, {@code client:} or {@code person:} with a name. */
    public AuditCriteria named(Collection<String> keys) {
        List<String> all = new ArrayList<>(keys);
        keys.stream().filter(key -> key.startsWith(PATIENT)).forEach(key -> all.add(key.substring(PATIENT.length())));
        String wanted = add(all.toArray(String[]::new));
        return and(KEYS + " && " + wanted + " and row_keys && " + wanted);
    }

    /** Rows whose {@code column} is one of {@code values}. */
    public AuditCriteria in(Column column, Collection<String> values) {
        return and(column.name().toLowerCase(Locale.ROOT) + " = any(" + add(values.toArray(String[]::new)) + ")");
    }

    /** Rows with one of {@code numbers}. */
    public AuditCriteria numbered(Collection<Long> numbers) {
        String wanted = add(numbers.toArray(Long[]::new));
        return and("seq = any(" + wanted
                + ") and row in (select (select max(e.seq) from audit_event e where e.seq <= n) from unnest(" + wanted
                + "::bigint[]) n)");
    }

    /** Rows whose client's name starts with one of {@code starts}, in whatever case. */
    public AuditCriteria clientStarts(Collection<String> starts) {
        return and("exists (select from unnest(" + add(starts.toArray(String[]::new))
                + "::text[]) s where starts_with(lower(client), lower(s)))");
    }

    /** Rows of answers with a status in one of the {@code hundreds}. */
    public AuditCriteria status(Set<Integer> hundreds) {
        return and("status / 100 = any(" + add(hundreds.toArray(Integer[]::new)) + ")");
    }

    /** Rows that were recorded from {@code low} up to, but not including, {@code high}; or just not then. */
    public AuditCriteria recorded(Instant low, Instant high, boolean not) {
        return and((not ? "not " : "") + "(recorded >= " + add(time(low)) + " and recorded < " + add(time(high)) + ")");
    }

    /** Rows behind a place in the order from the newest to the oldest; {@code seq} decides where times are equal. */
    public AuditCriteria behind(long micros, long seq) {
        String time = "timestamptz 'epoch' + " + add(micros) + " * interval '1 microsecond'";
        return and("recorded <= " + time + " and (recorded, seq) < (" + time + ", " + add(seq) + ")");
    }

    /**
     * Accesses that made something of a patient's record known to somebody who does not keep it: not to the patient, not to
     * the parts of the platform.
     *
     * @param own ids of the Organizations that keep the record; when empty, coordinators and supervisors count as theirs
     */
    public AuditCriteria disclosures(Set<String> own) {
        and(READING + " and status < 400 and results > 0 and role is not null and role not in ('patient', 'service')");
        return own.isEmpty()
                ? and("role not in ('coordinator', 'supervisor')")
                : and("(organization is null or organization <> all(" + add(own.toArray(String[]::new)) + "))");
    }

    private static OffsetDateTime time(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }

    private AuditCriteria and(String condition) {
        where.append(" and ").append(condition);
        return this;
    }

    private String add(Object parameter) {
        parameters.add(parameter);
        return "$" + parameters.size();
    }

    String where() {
        return where.toString();
    }

    List<Object> parameters() {
        return parameters;
    }
}
