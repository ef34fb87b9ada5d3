package org.careloop.fhirstore.internal;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.fhirsearch.Comparison;
import org.careloop.fhirsearch.Condition;
import org.careloop.fhirsearch.DateRange;

/** Compiles conditions to SQL predicates. Every value is a parameter; the text depends on the condition's shape alone. */
final class ConditionSql {

    /** Sorts after every character in the C collation of UTF-8. */
    private static final String LAST = Character.toString(Character.MAX_CODE_POINT);

    /**
     * A write is stamped before it commits. Who asks for what changed since the newest stamp it knows would never see an
     * older stamp that commits later; so nothing is shown that is newer than the start of a transaction still open.
     */
    private static final String SETTLED = """
             < coalesce(least((select min(a.xact_start) from pg_stat_activity a
                where a.datname = current_database() and a.usename = current_user and a.pid <> pg_backend_pid()),
              (select min(to_timestamp(split_part(p.gid, ':', 4)::bigint / 1e6)) from pg_prepared_xacts p
                where p.database = current_database() and p.gid like 'careloop:%')), 'infinity')""";

    /**
     * Ends a subquery that is to be looked up for each row. Without it PostgreSQL, which does not see how frequent a key is, takes a
     * subquery that it cannot join for small, and collects all that it finds: all that an organisation ever asked for, to
     * show one of them.
     */
    private static final String FOR_EACH_ROW = " offset 0";

    private final SqlParameters parameters;

    /** What ends a subquery. */
    private final String end;

    ConditionSql(SqlParameters parameters) {
        this(parameters, "");
    }

    private ConditionSql(SqlParameters parameters, String end) {
        this.parameters = parameters;
        this.end = end;
    }

    /** For what stands in an {@code or} or a {@code case}, which PostgreSQL cannot join. */
    static ConditionSql forEachRow(SqlParameters parameters) {
        return new ConditionSql(parameters, FOR_EACH_ROW);
    }

    /** Returns the predicate for the row of {@code resource} called {@code r}. */
    String compile(Condition condition, String r) {
        return switch (condition) {
            case Condition.HasToken token -> exists("token_index", r, x -> x + ".h " + oneOf(token.anyOf()));
            case Condition.RefersTo refers ->
                exists(
                        "reference_index",
                        r,
                        x -> x + ".parameter = " + parameters.addKey(refers.parameter()) + " and " + x + ".target "
                                + oneOf(refers.anyOf()));
            case Condition.HasString string -> string(string, r);
            case Condition.HasDate date ->
                exists(
                        "date_index",
                        r,
                        x -> x + ".parameter = " + parameters.add(date.parameter()) + " and "
                                + date(x, date.comparison(), date.range()));
            case Condition.HasNumber number ->
                exists(
                        "number_index",
                        r,
                        x -> x + ".parameter = " + parameters.add(number.parameter()) + " and " + number(x, number));
            // What a service knows of terminology was put in before.
            case Condition.Coded coded ->
                throw new FhirProblem(
                        ProblemCode.UNSUPPORTED_PARAMETER,
                        coded.parameter() + ": terminology is not asked here (expected: codes)");
            case Condition.HasId id ->
                r + ".id = any(" + parameters.add(id.anyOf().toArray(String[]::new)) + ")";
            case Condition.HasKey key -> r + ".ref " + oneOf(key.anyOf());
            case Condition.Changed changed -> changed(r, changed.comparison(), changed.range());
            case Condition.GrantedTo granted -> granted(r, granted);
            case Condition.NamedFor named -> named(r, named);
            case Condition.MadeBy made ->
                "(" + r + ".patient is null and " + r + ".author = " + parameters.addWord(made.organization()) + ")";
            case Condition.Consented consented -> consented(r, consented);
            case Condition.InCompartment member -> inRecordOf(parameters.add(member.patient()), r);
            // Of what is shown, not of what fulfils it.
            case Condition.InPart _ -> "true";
            case Condition.Chain chain -> chain(chain, r);
            case Condition.ReverseChain chain -> reverseChain(chain, r);
            case Condition.AnyOf any ->
                (any.conditions().size() > 1 ? forEachRow(parameters) : this)
                        .join(any.conditions(), " or ", "false", r);
            case Condition.AllOf all -> join(all.conditions(), " and ", "true", r);
            case Condition.Not not ->
                "not ("
                        + (not.condition() instanceof Condition.AllOf ? forEachRow(parameters) : this)
                                .compile(not.condition(), r)
                        + ")";
        };
    }

    /**
     * Returns what, of the superseded version {@code h}, {@code condition} asks beside what it asks of the current one {@code r}; begins
     * with {@code and}, or is empty. A version of somebody else's record is not shown to who sees only the current patient's.
     */
    String ofEarlier(Condition condition, String h, String r) {
        if (condition.equals(Condition.EVERYTHING)) {
            return "";
        }
        StringBuilder asked = new StringBuilder(" and %1$s.patient is not distinct from %2$s.patient".formatted(h, r));
        for (Condition each : condition.conjuncts()) {
            if (each instanceof Condition.Consented consented) {
                asked.append(
                        " and (%1$s.author = %2$s or not told_more(%3$s.tokens, %1$s.tokens, %1$s.type, %1$s.patient, %4$s))"
                                .formatted(r, parameters.add(consented.organization()), h, sensitive(consented)));
            }
        }
        return asked.toString();
    }

    private String sensitive(Condition.Consented consented) {
        return parameters.add(consented.sensitive().stream().sorted().toArray(Long[]::new));
    }

    private String join(List<Condition> conditions, String operator, String empty, String r) {
        return conditions.isEmpty()
                ? empty
                : conditions.stream().map(each -> compile(each, r)).collect(Collectors.joining(operator, "(", ")"));
    }

    private interface Body {
        String of(String alias);
    }

    private String exists(String table, String r, Body body) {
        String x = parameters.alias();
        return "exists (select 1 from " + table + " " + x + " where " + x + ".rid = " + r + ".rid and " + body.of(x)
                + end + ")";
    }

    private String oneOf(Collection<Long> keys) {
        return oneOf(parameters, keys);
    }

    static String oneOf(SqlParameters parameters, Collection<Long> keys) {
        return keys.size() == 1
                ? "= " + parameters.addKey(keys.iterator().next())
                : "= any(" + parameters.add(keys.toArray(Long[]::new)) + ")";
    }

    private String string(Condition.HasString string, String r) {
        return exists("string_index", r, x -> {
            String key = x + ".parameter = " + parameters.add(string.parameter());
            return string.folded().stream()
                    .map(folded -> string.contains()
                            ? "position(" + parameters.add(folded) + " in " + x + ".folded) > 0"
                            : x + ".folded >= " + parameters.add(folded) + " and " + x + ".folded < "
                                    + parameters.add(folded + LAST))
                    .collect(Collectors.joining(" or ", key + " and (", ")"));
        });
    }

    private String date(String x, Comparison comparison, DateRange range) {
        String low = x + ".low";
        String high = x + ".high";
        return switch (comparison) {
            case EQ -> within(low, high, range);
            case NE -> "not (" + within(low, high, range) + ")";
            case GT -> high + " > " + time(range.high());
            case LT -> low + " < " + time(range.low());
            case GE -> "(" + high + " > " + time(range.high()) + " or " + within(low, high, range) + ")";
            case LE -> "(" + low + " < " + time(range.low()) + " or " + within(low, high, range) + ")";
            case SA -> low + " >= " + time(range.high());
            case EB -> high + " <= " + time(range.low());
            case AP -> low + " < " + time(range.high()) + " and " + high + " > " + time(range.low());
        };
    }

    private String within(String low, String high, DateRange range) {
        return low + " >= " + time(range.low()) + " and " + high + " <= " + time(range.high());
    }

    private String changed(String r, Comparison comparison, DateRange range) {
        String at = r + ".changed";
        return switch (comparison) {
            case EQ, AP -> "(" + at + " >= " + time(range.low()) + " and " + at + " < " + time(range.high()) + ")";
            case NE -> "(" + at + " < " + time(range.low()) + " or " + at + " >= " + time(range.high()) + ")";
            case GT, SA -> "(" + at + " >= " + time(range.high()) + " and " + at + SETTLED + ")";
            case LT, EB -> at + " < " + time(range.low());
            case GE -> "(" + at + " >= " + time(range.low()) + " and " + at + SETTLED + ")";
            case LE -> at + " < " + time(range.high());
        };
    }

    /** A stored number is a point, a range has two ends. */
    private String number(String x, Condition.HasNumber number) {
        String low = x + ".low";
        String high = x + ".high";
        return switch (number.comparison()) {
            case EQ -> among(low, high, number);
            case NE -> "not (" + among(low, high, number) + ")";
            case GT -> high + " > " + parameters.add(number.high());
            case LT -> low + " < " + parameters.add(number.low());
            case GE -> high + " >= " + parameters.add(number.low());
            case LE -> low + " <= " + parameters.add(number.high());
            case SA -> low + " > " + parameters.add(number.high());
            case EB -> high + " < " + parameters.add(number.low());
            case AP ->
                low + " <= " + parameters.add(number.high()) + " and " + high + " >= " + parameters.add(number.low());
        };
    }

    private String among(String low, String high, Condition.HasNumber number) {
        return low + " >= " + parameters.add(number.low()) + " and " + low + " < " + parameters.add(number.high())
                + " and " + high + " < " + parameters.add(number.high());
    }

    private String granted(String r, Condition.GrantedTo granted) {
        return "exists (select " + open(r, granted.grantee(), granted.grant(), parameters.alias()) + end + ")";
    }

    /** The patient stands in the grant as well: who names a resource of another patient does not open it. */
    private String named(String r, Condition.NamedFor named) {
        String g = parameters.alias();
        return "exists (select " + open(r, named.organization(), named.grant(), g)
                + " and exists (select from named_reference n where n.target = " + r + ".ref and (n.source = " + g
                + ".source or exists (select from named_reference m where m.source = " + g
                + ".source and m.target = n.source_ref" + FOR_EACH_ROW + ")))" + end + ")";
    }

    private String open(String r, String grantee, String grant, String g) {
        // Joined, not formatted: every read writes this for each grant.
        return "from access_grant " + g + " where " + g + ".patient = " + r + ".patient and " + g + ".grantee = "
                + parameters.addWord(grantee) + " and " + g + ".name = " + parameters.addWord(grant) + " and coalesce("
                + g
                + ".open_from <= now(), true) and coalesce(" + g + ".open_until > now(), true)";
    }

    /**
     * Most patients have no consent that needs to be judged. A deleted resource has lost its labels, so only who made it sees
     * what it was.
     */
    private String consented(String r, Condition.Consented consented) {
        String organization = parameters.addWord(consented.organization());
        String sensitive = sensitive(consented);
        String openWithout = parameters.add(consented.openWithout());
        String purposes = parameters.add(consented.purposes().stream().sorted().toArray(String[]::new));
        String c = parameters.alias();
        return "(%1$s.patient is null or %1$s.author = %2$s or not %1$s.deleted and case when exists (select from consent_provision %3$s where %3$s.patient = %1$s.patient and %3$s.type = %1$s.type%4$s) then "
                        .formatted(r, organization, c, FOR_EACH_ROW)
                + "consented(%1$s.rid, %1$s.type, %1$s.ref, %1$s.patient, %2$s, %3$s, %4$s, %5$s)"
                        .formatted(r, organization, purposes, sensitive, openWithout)
                + " else " + openWithout + " and not "
                + forEachRow(parameters).exists("token_index", r, x -> x + ".h = any(" + sensitive + ")") + " end)";
    }

    /** Whoever was replaced goes on to have a record: that of who stands for them, beside the Patient that their token names. */
    private static String inRecordOf(String patient, String r) {
        return r + ".patient = any(array[" + patient
                + "::text, coalesce((select s.survivor from replaced_record s where s.replaced = " + patient
                + "::text), " + patient + "::text)])";
    }

    private String chain(Condition.Chain chain, String r) {
        String x = parameters.alias();
        String c = parameters.alias();
        return "exists (select 1 from reference_index " + x + " join resource " + c + " on " + c + ".ref = " + x
                + ".target where " + x + ".parameter = " + parameters.addKey(chain.parameter()) + " and " + x
                + ".rid = "
                + r + ".rid and " + target(c, chain.type(), chain.target()) + end + ")";
    }

    private String reverseChain(Condition.ReverseChain chain, String r) {
        String x = parameters.alias();
        String c = parameters.alias();
        return "exists (select 1 from reference_index " + x + " join resource " + c + " on " + c + ".rid = " + x
                + ".rid where " + x + ".parameter = " + parameters.addKey(chain.parameter()) + " and " + x
                + ".target = "
                + r + ".ref and " + target(c, chain.type(), chain.source()) + end + ")";
    }

    private String target(String c, String type, Condition condition) {
        return c + ".type = " + SqlParameters.type(type) + " and not " + c + ".deleted and " + compile(condition, c);
    }

    private String time(Instant instant) {
        return parameters.add(OffsetDateTime.ofInstant(instant, ZoneOffset.UTC));
    }
}
