package org.careloop.fhirstore;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.careloop.fhirmodel.ResourceKey;
import org.careloop.fhirsearch.IndexHash;
import org.jspecify.annotations.Nullable;

/**
 * Which patients were replaced by another who is the same person. What refers to them follows, see {@link MoveReferences};
 * their consents count for the survivor at once, or what they shut would be open until they have followed, and for them at once when
 * the two are told apart.
 */
@Singleton
public class ReplacedRecords {

    /** Consents of others that count for the one who is replaced move on with theirs: they are one person. */
    private static final String REPLACE = """
            with told as (
              insert into replaced_record as r (replaced, ref, version, survivor, stood)
              select $1::text, $2::bigint, $3::bigint, $4::text, array[$4::text] where not exists (
                select from grant_version where source = 'Patient/' || $1::text and version > $3::bigint)
              on conflict (replaced) do update set version = excluded.version, survivor = excluded.survivor, barrier = null,
                swept = false, former = case when r.survivor is null then r.former
                  else array_append(array_remove(r.former, r.survivor), r.survivor) end,
                stood = case when r.survivor is null
                    and not exists (select from moved_reference m where m.replaced = r.replaced) then excluded.stood
                  else array_append(array_remove(r.stood, excluded.survivor), excluded.survivor) end
                where r.version < excluded.version and r.survivor is distinct from excluded.survivor
              returning replaced)
            update consent_provision set patient = $4::text where consent in (
              select v.consent from consent_version v join told on v.told_of = told.replaced
              union select p.consent from consent_provision p join told on p.patient = told.replaced)""";

    /** Of a patient who was never replaced nothing is kept. */
    private static final String RESTORE = """
            with told as (
              update replaced_record set version = $2::bigint, survivor = null, barrier = null, swept = false,
                former = array_append(array_remove(former, survivor), survivor)
              where replaced = $1::text and version < $2::bigint and survivor is not null returning replaced)
            update consent_provision set patient = $1::text where consent in (
              select v.consent from consent_version v join told on v.told_of = told.replaced)""";

    private static final String EVER = "select replaced from replaced_record where replaced = any($1)";

    ReplacedRecords() {}

    /** Returns those of {@code patients} who are, or were, replaced by another, as far as {@code unit} sees. */
    public Uni<Set<ResourceKey>> ever(Collection<ResourceKey> patients, UnitOfWork unit) {
        Map<String, ResourceKey> byId = patients.stream()
                .collect(Collectors.toMap(patient -> patient.id().value(), patient -> patient, (one, same) -> one));
        return unit.sql(EVER, (Object) byId.keySet().toArray(String[]::new))
                .map(rows -> rows.stream().map(row -> byId.get((String) row[0])).collect(Collectors.toSet()));
    }

    /**
     * Keeps that {@code survivor} (its id) stands for the patient {@code key}, as its version {@code version} tells, or nobody; of
     * a later one, what it tells stays.
     */
    public Uni<Void> keep(ResourceKey key, long version, Optional<String> survivor, UnitOfWork unit) {
        String id = key.id().value();
        @Nullable Object[] told = {id, IndexHash.ofTarget(key.reference()), version, survivor.orElse(null)};
        return alone(id, unit)
                .chain(() -> survivor.isPresent() ? unit.sql(REPLACE, told) : unit.sql(RESTORE, id, version))
                .replaceWithVoid();
    }

    /**
     * Until {@code unit} ends, it alone keeps who stands for the patient {@code id}, or what they consented to: a consent that another
     * keeps meanwhile would count for the wrong one.
     */
    static Uni<Void> alone(String id, UnitOfWork unit) {
        return unit.serialize("Consent", "told of " + id);
    }
}
