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
import org.careloop.calleraccess.ConsentProvision;
import org.careloop.calleraccess.ConsentRules;
import org.careloop.fhirmodel.ResourceKey;
import org.careloop.fhirsearch.Compartment;
import org.careloop.fhirsearch.IndexHash;
import org.hl7.fhir.r4.model.Consent;

/** The rules of patients' consents as this service's SQL asks for them. */
@Singleton
public class ConsentProvisions {

    private static final String KEEP = """
            with newer as (
              insert into consent_version (consent, version) values ($1, $2)
              on conflict (consent) do update set version = excluded.version
                where consent_version.version < excluded.version
              returning consent),
            gone as (delete from consent_provision p using newer where p.consent = newer.consent)
            insert into consent_provision
            select newer.consent, coalesce((select r.survivor from replaced_record r where r.replaced = p.patient), p.patient),
              p.type, p.depth, p.permit, p.organizations, p.purposes, p.labels, p.codes, p.targets, p.valid_from, p.valid_until,
              p.data_from, p.data_until
            from newer, jsonb_to_recordset($3::text::jsonb) as p (
              patient text, type text, depth int, permit boolean, organizations text[], purposes text[], labels bigint[],
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
        ArrayNode rows = JsonNodeFactory.instance.arrayNode();
        consent.ifPresent(present -> ResourceKey.parse(
                        String.valueOf(present.getPatient().getReference()))
                .filter(patient -> Compartment.isPatient(patient.type()))
                .ifPresent(patient -> ConsentProvision.of(present)
                        .forEach(rule -> types(rule).forEach(type -> rows.add(row(rule, patient, type))))));
        return unit.sql(KEEP, key.id().value(), version, rows.toString()).replaceWithVoid();
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

    private static ObjectNode row(ConsentProvision rule, ResourceKey patient, String type) {
        ObjectNode row = JsonNodeFactory.instance
                .objectNode()
                .put("patient", patient.id().value())
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
