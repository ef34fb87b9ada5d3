-- What a superseded version was about, for consent: it may have had codes or labels that the current one has no more.
alter table resource_history add column tokens bigint[];

-- As in V0011, but for these.
create or replace function update_resource(
    new_type text, new_id text, old_version bigint, new_changed timestamptz, new_patient text, new_body bytea, new_deleted boolean,
    new_index_version smallint, new_tokens bigint[], new_combined bigint[], new_digests bigint[],
    reference_parameters bigint[], targets bigint[],
    string_parameters bigint[], folds text[],
    date_parameters bigint[], date_lows timestamptz[], date_highs timestamptz[],
    number_parameters bigint[], number_lows float8[], number_highs float8[],
    new_event uuid, new_change text, new_key text, new_trace text
) returns bigint language plpgsql as $$
declare
    was record;
begin
    update resource r set version = old_version + 1, changed = new_changed, deleted = new_deleted, patient = new_patient,
        index_version = new_index_version, tokens = new_tokens, body = new_body, combined = new_combined, digests = new_digests
        where r.type = new_type and r.id = new_id and r.version = old_version
        returning old.rid, old.changed, old.deleted, old.patient, old.body, old.tokens, old.combined, old.digests into was;
    if not found then
        return null;
    end if;
    insert into resource_history (type, id, version, changed, deleted, patient, body, tokens)
        values (new_type, new_id, old_version, was.changed, was.deleted, was.patient, was.body, was.tokens);
    perform write_index(was.rid, was.changed, was.tokens, was.combined, was.digests,
        new_changed, new_tokens, new_combined, new_digests, reference_parameters, targets, string_parameters, folds,
        date_parameters, date_lows, date_highs, number_parameters, number_lows, number_highs);
    insert into outbox (event_id, type, id, version, change, key, trace, occurred)
        values (new_event, new_type, new_id, old_version + 1, new_change, new_key, new_trace, new_changed);
    return was.rid;
end
$$;

-- Whether a superseded version of a resource of row_patient had a sensitive label, or a code or label that a consent speaks of,
-- that the current one has not: what is decided by the current one is not decided for it then.
create function told_more(
    version_tokens bigint[], row_tokens bigint[], row_type text, row_patient text, sensitive bigint[]
) returns boolean language plpgsql stable
    set plan_cache_mode = force_generic_plan as $$
begin
    return exists (select from unnest(version_tokens) t (h) where t.h <> all(coalesce(row_tokens, '{}'))
        and (t.h = any(sensitive) or exists (select from consent_provision c
            where c.patient = row_patient and c.type = row_type and (t.h = any(c.codes) or t.h = any(c.labels)))));
end
$$;
