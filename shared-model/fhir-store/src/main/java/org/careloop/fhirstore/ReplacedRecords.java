package org.careloop.fhirstore;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.Optional;
import org.careloop.fhirmodel.ResourceKey;
import org.careloop.fhirsearch.IndexHash;
import org.jspecify.annotations.Nullable;

/**
 * Which patients were replaced by another who is the same person. What refers to them follows, see {@link MoveReferences};
 * their consents count for the survivor at once, or what they shut would be open until they have followed.
 */
@Singleton
public class ReplacedRecords {

    private static final String REPLACE = """
            with told as (
              insert into replaced_record (replaced, ref, version, survivor)
              select $1::text, $2::bigint, $3::bigint, $4::text where not exists (
                select from grant_version where source = 'Patient/' || $1::text and version > $3::bigint)
              on conflict (replaced) do update set version = excluded.version, survivor = excluded.survivor, barrier = null,
                swept = false, former = case when replaced_record.survivor is null then replaced_record.former
                  else array_append(array_remove(replaced_record.former, replaced_record.survivor), replaced_record.survivor) end
                where replaced_record.version < excluded.version
                  and replaced_record.survivor is distinct from excluded.survivor
              returning replaced),
            consents as (
              update consent_provision p set patient = $4::text from told where p.patient = told.replaced returning p.consent)
            insert into moved_consent (replaced, consent) select distinct $1::text, consent from consents on conflict do nothing""";

    /** What was moved to the survivor comes back; of a patient who was never replaced nothing is kept. */
    private static final String RESTORE = """
            with told as (
              update replaced_record set version = $2::bigint, survivor = null, barrier = null, swept = false,
                former = array_append(array_remove(former, survivor), survivor)
              where replaced = $1::text and version < $2::bigint and survivor is not null returning replaced),
            consents as (
              delete from moved_consent where consent in (
                select m.consent from moved_consent m join told on m.replaced = told.replaced) returning consent)
            update consent_provision set patient = $1::text where consent in (select consent from consents)""";

    ReplacedRecords() {}

    /**
     * Keeps that {@code survivor} (its id) stands for the patient {@code key}, as its version {@code version} tells, or nobody; of
     * a later one, what it tells stays.
     */
    public Uni<Void> keep(ResourceKey key, long version, Optional<String> survivor, UnitOfWork unit) {
        String id = key.id().value();
        @Nullable Object[] told = {id, IndexHash.ofTarget(key.reference()), version, survivor.orElse(null)};
        return (survivor.isPresent() ? unit.sql(REPLACE, told) : unit.sql(RESTORE, id, version)).replaceWithVoid();
    }
}
