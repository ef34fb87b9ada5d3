package org.careloop.fhirrest.audit;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.careloop.audittrail.AuditCriteria;
import org.careloop.audittrail.AuditCriteria.Column;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.fhirsearch.Condition;
import org.careloop.fhirsearch.QueryParameter;
import org.careloop.fhirsearch.SearchParser;
import org.hl7.fhir.r4.model.Enumerations.SearchParamType;

/**
 * A search of the trail, always from the newest row to the oldest.
 *
 * @param applied the parameters that were understood, for the self link
 * @param cursor where the page starts
 */
public record AuditSearch(
        AuditCriteria criteria, int count, boolean total, Optional<Place> cursor, List<QueryParameter> applied) {

    /** The search parameters, by name. */
    public static final Map<String, SearchParamType> PARAMETERS = Map.ofEntries(
            Map.entry("_id", SearchParamType.TOKEN),
            Map.entry("_lastUpdated", SearchParamType.DATE),
            Map.entry("action", SearchParamType.TOKEN),
            Map.entry("agent", SearchParamType.REFERENCE),
            Map.entry("agent-name", SearchParamType.STRING),
            Map.entry("agent-role", SearchParamType.TOKEN),
            Map.entry("altid", SearchParamType.TOKEN),
            Map.entry("date", SearchParamType.DATE),
            Map.entry("entity", SearchParamType.REFERENCE),
            Map.entry("entity-type", SearchParamType.TOKEN),
            Map.entry("outcome", SearchParamType.TOKEN),
            Map.entry("patient", SearchParamType.REFERENCE),
            Map.entry("site", SearchParamType.TOKEN),
            Map.entry("subtype", SearchParamType.TOKEN),
            Map.entry("type", SearchParamType.TOKEN));

    /** Asked for by {@code $disclosures} alone. */
    static final String DISCLOSURES = "_disclosures";

    private static final Instant LONG_AGO = Instant.EPOCH;
    private static final Instant FAR = Instant.parse("9999-12-31T00:00:00Z");
    private static final Set<String> NEWEST_FIRST = Set.of("-date", "-_lastUpdated");

    /**
     * A place in the trails of all services: behind the row {@code seq} of {@code service}.
     *
     * @param micros when that was recorded
     */
    public record Place(long micros, String service, long seq) {

        static Place parse(String text) {
            String[] parts = text.split("~", 3);
            return new Place(Long.parseLong(parts[0]), parts[1], Long.parseLong(parts[2]));
        }

        @Override
        public String toString() {
            return micros + "~" + service + "~" + seq;
        }

        /** What of {@code other}'s trail follows. Where times are equal, services come in the order of their names. */
        void narrow(AuditCriteria criteria, String other) {
            int order = other.compareTo(service);
            criteria.behind(micros, order == 0 ? seq : order > 0 ? Long.MAX_VALUE : Long.MIN_VALUE);
        }
    }

    /**
     * What is searched, and by whom.
     *
     * @param service the one whose trail is searched
     * @param only the patient whose record what is found must concern; empty for who may see all
     * @param own ids of Organizations whose accesses are no disclosures
     * @param federated whether the gateway asks, which may ask for more
     */
    record Asker(String service, Optional<String> only, Set<String> own, boolean federated) {

        /** Without what names other patients: that they were shown together with this one is nothing for this one to know. */
        List<String> open(List<String> keys) {
            return keys.stream()
                    .filter(key -> only.isEmpty() || !key.contains("Patient/") || key.equals("Patient/" + only.get()))
                    .toList();
        }
    }

    /**
     * Reads a query. Fails with UNSUPPORTED_PARAMETER for what is not in {@link #PARAMETERS} and no parameter of the page.
     *
     * @param asker what is searched, and by whom
     */
    static AuditSearch parse(List<QueryParameter> query, SearchParser pages, Asker asker) {
        AuditCriteria criteria = new AuditCriteria();
        asker.only().ifPresent(patient -> criteria.concerning(patient));
        List<QueryParameter> paging = new ArrayList<>();
        List<QueryParameter> applied = new ArrayList<>();
        Optional<Place> cursor = Optional.empty();
        for (QueryParameter parameter : query) {
            switch (parameter.name()) {
                case "_format", "_pretty" -> {}
                case SearchParser.CURSOR -> cursor = Optional.of(Place.parse(parameter.value()));
                case "_count", "_total" -> paging.add(parameter);
                case "_sort" -> requireNewestFirst(parameter.value());
                case DISCLOSURES -> disclosures(criteria, asker);
                default -> narrow(criteria, parameter, asker);
            }
            if (!parameter.name().equals(SearchParser.CURSOR)
                    && !parameter.name().equals("_format")
                    && !parameter.name().equals("_pretty")) {
                applied.add(parameter);
            }
        }
        var page = pages.parse("AuditEvent", paging);
        return new AuditSearch(criteria, page.count(), page.total(), cursor, applied);
    }

    private static void requireNewestFirst(String sort) {
        if (!NEWEST_FIRST.contains(sort)) {
            throw new FhirProblem(
                    ProblemCode.UNSUPPORTED_PARAMETER, "_sort: not supported for this type (expected: -date)");
        }
    }

    private static void disclosures(AuditCriteria criteria, Asker asker) {
        if (!asker.federated()) {
            throw unsupported(DISCLOSURES);
        }
        criteria.disclosures(asker.own());
    }

    private static void narrow(AuditCriteria criteria, QueryParameter parameter, Asker asker) {
        List<String> values = Arrays.stream(parameter.value().split(","))
                .filter(value -> !value.isEmpty())
                .toList();
        List<String> codes = values.stream()
                .map(value -> value.substring(value.indexOf('|') + 1))
                .toList();
        switch (parameter.name()) {
            case "_id" -> criteria.numbered(AuditIds.of(asker.service(), values));
            case "_lastUpdated", "date" -> recorded(criteria, parameter.value());
            case "patient" -> criteria.named(asker.open(each(values, value -> reference("Patient", value))));
            case "agent" -> criteria.named(each(values, value -> reference("Organization", value)));
            case "entity" -> criteria.named(asker.open(values));
            case "altid" -> {
                List<String> keys = new ArrayList<>(each(codes, "client:"::concat));
                keys.addAll(each(codes, "person:"::concat));
                criteria.named(keys);
            }
            case "agent-name" -> criteria.clientStarts(values);
            case "agent-role" -> criteria.in(Column.ROLE, codes);
            case "entity-type" -> criteria.in(Column.TYPE, codes);
            case "subtype" -> criteria.in(Column.INTERACTION, AuditCodes.interactions(codes));
            case "action" -> criteria.in(Column.INTERACTION, AuditCodes.interactionsOf(codes));
            case "type" -> criteria.in(Column.INTERACTION, AuditCodes.interactionsOfTypes(codes));
            case "outcome" -> criteria.status(AuditCodes.statuses(codes));
            case "site" -> {
                if (!codes.contains(asker.service())) {
                    criteria.numbered(List.of());
                }
            }
            default -> throw unsupported(parameter.name());
        }
    }

    private static FhirProblem unsupported(String name) {
        return new FhirProblem(
                ProblemCode.UNSUPPORTED_PARAMETER,
                name + ": not a search parameter of AuditEvent (expected: "
                        + String.join(", ", new TreeMap<>(PARAMETERS).keySet()) + ")");
    }

    private static List<String> each(List<String> values, UnaryOperator<String> change) {
        return values.stream().map(change).toList();
    }

    private static String reference(String type, String value) {
        int relative = value.lastIndexOf(type + "/");
        return relative >= 0 ? value.substring(relative) : type + "/" + value;
    }

    /** Dates are read as those of every type are. */
    private static void recorded(AuditCriteria criteria, String value) {
        Condition read = SearchParser.condition("AuditEvent", List.of(new QueryParameter("_lastUpdated", value)));
        List<Condition> alternatives = read instanceof Condition.AnyOf any ? any.conditions() : read.conjuncts();
        if (alternatives.size() != 1 || !(alternatives.getFirst() instanceof Condition.Changed changed)) {
            throw new FhirProblem(
                    ProblemCode.INVALID_PARAMETER, "date: several values (expected: one, or it repeated)");
        }
        Instant low = changed.range().low();
        Instant high = changed.range().high();
        switch (changed.comparison()) {
            case EQ, AP -> criteria.recorded(low, high, false);
            case NE -> criteria.recorded(low, high, true);
            case GT, SA -> criteria.recorded(high, FAR, false);
            case GE -> criteria.recorded(low, FAR, false);
            case LT, EB -> criteria.recorded(LONG_AGO, low, false);
            case LE -> criteria.recorded(LONG_AGO, high, false);
        }
    }
}
