package org.careloop.fhirstore;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import org.careloop.calleraccess.ConsentProvision;
import org.careloop.calleraccess.ConsentRules;
import org.careloop.fhirmodel.ResourceKey;
import org.careloop.fhirsearch.Compartment;
import org.careloop.fhirsearch.IndexHash;
import org.hl7.fhir.r4.model.Consent;
import org.jspecify.annotations.Nullable;

/** The rules of patients' consents as this service's SQL asks for them. */
@Singleton
public class ConsentProvisions {

    private static final String TOLD_OF =
            "select told_of from consent_version where consent = $1 and told_of is not null for update";

    /** What was told of one who was replaced is still theirs when it names who stands, or stood, for them. */
    private static final String KEEP = """
            with newer as (
              insert into consent_version as v (consent, version, told_of) values ($1, $2, $4::text)
              on conflict (consent) do update set version = excluded.version,
                told_of = case when excluded.told_of is null or v.told_of is not null and ($5::boolean or exists (
                    select from replaced_record r
                    where r.replaced = v.told_of and r.survivor is not null and excluded.told_of = any(r.stood)))
                  then v.told_of else excluded.told_of end
                where v.version < excluded.version
              returning consent, told_of),
            gone as (delete from consent_provision p using newer where p.consent = newer.consent)
            insert into consent_provision
            select newer.consent,
              coalesce((select r.survivor from replaced_record r where r.replaced = newer.told_of), newer.told_of), p.type, p.depth, p.permit, p.organizations, p.purposes, p.labels, p.codes, p.targets, p.valid_from, p.valid_until,
              p.data_from, p.data_until
            from newer, jsonb_to_recordset($3::text::jsonb) as p (
              type text, depth int, permit boolean, organizations text[], purposes text[], labels bigint[],
              codes bigint[], targets bigint[], valid_from timestamptz, valid_until timestamptz,
              data_from timestamptz, data_until timestamptz)""";

    private static final String ENROLS = "select consented(0, 'EpisodeOfCare', 0, $1, $2, $3, '{}', $4)";

    private final ResourceStore store;
    private final ConsentRules rules;

    ConsentProvisions(ResourceStore store, ConsentRules rules) {
        this.store = store;
        this.rules = rules;
    }

    /**
     * Keeps the rules of version {@code version} of the consent {@code key} instead of those of an earlier one; of a later
     * one, they stay. {@code consent} is empty when it was deleted.
     */
    public Uni<Void> keep(ResourceKey key, long version, Optional<Consent> consent, UnitOfWork unit) {
        return keep(key, version, consent, false, unit);
    }

    /** As {@link #keep}, of one that was moved to another patient, or back: that tells nothing new of whose it is. */
    Uni<Void> moved(ResourceKey key, long version, Consent consent, UnitOfWork unit) {
        return keep(key, version, Optional.of(consent), true, unit);
    }

    private Uni<Void> keep(ResourceKey key, long version, Optional<Consent> consent, boolean moved, UnitOfWork unit) {
        Optional<String> patient = consent.flatMap(present -> ResourceKey.parse(
                                String.valueOf(present.getPatient().getReference()))
                        .filter(named -> Compartment.isPatient(named.type())))
                .map(named -> named.id().value());
        ArrayNode rows = JsonNodeFactory.instance.arrayNode();
        if (patient.isPresent()) {
            ConsentProvision.of(consent.orElseThrow())
                    .forEach(rule -> types(rule).forEach(type -> rows.add(row(rule, type))));
        }
        @Nullable Object[] told = {key.id().value(), version, rows.toString(), patient.orElse(null), moved};
        return unit.sql(TOLD_OF, key.id().value())
                .chain(before -> InTurn.each(
                        Stream.concat(before.stream().map(row -> (String) row[0]), patient.stream())
                                .distinct()
                                .sorted()
                                .toList(),
                        id -> ReplacedRecords.alone(id, unit)))
                .chain(() -> unit.sql(KEEP, told))
                .replaceWithVoid();
    }

    /**
     * Tells whether {@code patient} (its id) consented, as far as this service was told, that {@code organization} (its id)
     * enrols them in coordination; where the service holds EpisodeOfCare.
     */
    public Uni<Boolean> permitEnrolment(String patient, String organization, UnitOfWork unit) {
        ConsentRules.Enrolment enrolment = rules.enrolment();
        return unit.sql(
                        ENROLS,
                        patient,
                        organization,
                        enrolment.purposes().stream().sorted().toArray(String[]::new),
                        enrolment.without())
                .map(rows -> (Boolean) rows.getFirst()[0]);
    }

    private List<String> types(ConsentProvision rule) {
        return store.types().stream()
                .filter(type -> rule.types().map(types -> types.contains(type)).orElse(true))
                .toList();
    }

    private static ObjectNode row(ConsentProvision rule, String type) {
        ObjectNode row = JsonNodeFactory.instance
                .objectNode()
                .put("type", type)
                .put("depth", rule.depth())
                .put("permit", rule.permit());
        texts(row, "organizations", rule.organizations());
        texts(row, "purposes", rule.purposes());
        keys(row, "labels", rule.labels(), label -> IndexHash.ofValue(type, "_security", label));
        keys(row, "codes", rule.codes(), code -> IndexHash.ofValue(type, "code", code));
        keys(row, "targets", rule.targets(), IndexHash::ofTarget);
        time(row, "valid_from", rule.valid().from());
        time(row, "valid_until", rule.valid().until());
        time(row, "data_from", rule.data().from());
        time(row, "data_until", rule.data().until());
        return row;
    }

    private static void texts(ObjectNode row, String name, Optional<Set<String>> values) {
        values.ifPresent(present -> present.forEach(row.withArray(name)::add));
    }

    private static void keys(ObjectNode row, String name, Optional<Set<String>> values, ToLongFunction<String> key) {
        values.ifPresent(present -> present.forEach(each -> row.withArray(name).add(key.applyAsLong(each))));
    }

    private static void time(ObjectNode row, String name, Optional<Instant> time) {
        time.ifPresent(present -> row.put(name, present.toString()));
    }
}
