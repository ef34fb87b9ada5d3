-- Digests of a resource's rows in reference_index, string_index, date_index and number_index, in this order: equal ones
-- need no write. Empty in what is older than this column, which counts as different.
alter table resource add column digests bigint[];

-- A write is one call: PostgreSQL keeps the plans of a function's statements, and runs only those that have work.

-- Stores version 1 with its index rows and its event; returns null when the id is taken, also by a deleted resource.
create function create_resource(
    new_type text, new_id text, new_ref bigint, new_changed timestamptz, new_patient text, new_body bytea, new_author text,
    new_tokens bigint[], new_combined bigint[], new_digests bigint[],
    reference_parameters bigint[], targets bigint[],
    string_parameters bigint[], folds text[],
    date_parameters bigint[], date_lows timestamptz[], date_highs timestamptz[],
    number_parameters bigint[], number_lows float8[], number_highs float8[],
    new_event uuid, new_change text, new_key text, new_trace text
) returns bigint language plpgsql as $$
declare
    row_id bigint;
begin
    insert into resource (type, id, ref, version, changed, patient, tokens, body, author, combined, digests)
        values (new_type, new_id, new_ref, 1, new_changed, new_patient, new_tokens, new_body, new_author, new_combined, new_digests)
        on conflict (type, id) do nothing returning rid into row_id;
    if row_id is null then
        return null;
    end if;
    insert into token_index select h, row_id from unnest(new_tokens) h;
    if cardinality(new_combined) > 0 then
        insert into combined_index select h, new_changed, row_id from unnest(new_combined) h;
    end if;
    if cardinality(targets) > 0 then
        insert into reference_index select p, t, row_id from unnest(reference_parameters, targets) u (p, t);
    end if;
    if cardinality(folds) > 0 then
        insert into string_index select p, s, row_id from unnest(string_parameters, folds) u (p, s);
    end if;
    if cardinality(date_lows) > 0 then
        insert into date_index select p, l, h, row_id from unnest(date_parameters, date_lows, date_highs) u (p, l, h);
    end if;
    if cardinality(number_lows) > 0 then
        insert into number_index select p, l, h, row_id from unnest(number_parameters, number_lows, number_highs) u (p, l, h);
    end if;
    insert into outbox (event_id, type, id, version, change, key, trace, occurred)
        values (new_event, new_type, new_id, 1, new_change, new_key, new_trace, new_changed);
    return row_id;
end
$$;

-- Stores the version after old_version, keeps that one in the history, and writes what differs of the index; returns null
-- when another version is current.
create function update_resource(
    new_type text, new_id text, old_version bigint, new_changed timestamptz, new_patient text, new_body bytea, new_deleted boolean,
    new_tokens bigint[], new_combined bigint[], new_digests bigint[],
    reference_parameters bigint[], targets bigint[],
    string_parameters bigint[], folds text[],
    date_parameters bigint[], date_lows timestamptz[], date_highs timestamptz[],
    number_parameters bigint[], number_lows float8[], number_highs float8[],
    new_event uuid, new_change text, new_key text, new_trace text
) returns bigint language plpgsql as $$
declare
    old record;
    keys bigint[];
begin
    select r.rid, r.changed, r.tokens, r.combined, r.digests into old from resource r
        where r.type = new_type and r.id = new_id and r.version = old_version for update;
    if not found then
        return null;
    end if;
    insert into resource_history select r.type, r.id, r.version, r.changed, r.deleted, r.patient, r.body
        from resource r where r.rid = old.rid;
    update resource r set version = old_version + 1, changed = new_changed, deleted = new_deleted, patient = new_patient,
        tokens = new_tokens, body = new_body, combined = new_combined, digests = new_digests where r.rid = old.rid;
    keys := array(select unnest(old.tokens) except select unnest(new_tokens));
    if cardinality(keys) > 0 then
        delete from token_index i where i.h = any(keys) and i.rid = old.rid;
    end if;
    keys := array(select unnest(new_tokens) except select unnest(old.tokens));
    if cardinality(keys) > 0 then
        insert into token_index select h, old.rid from unnest(keys) h;
    end if;
    if cardinality(old.combined) > 0 then
        delete from combined_index i where i.h = any(old.combined) and i.changed = old.changed and i.rid = old.rid;
    end if;
    if cardinality(new_combined) > 0 then
        insert into combined_index select h, new_changed, old.rid from unnest(new_combined) h;
    end if;
    if old.digests[1] is distinct from new_digests[1] then
        delete from reference_index i where i.rid = old.rid;
        insert into reference_index select p, t, old.rid from unnest(reference_parameters, targets) u (p, t);
    end if;
    if old.digests[2] is distinct from new_digests[2] then
        delete from string_index i where i.rid = old.rid;
        insert into string_index select p, s, old.rid from unnest(string_parameters, folds) u (p, s);
    end if;
    if old.digests[3] is distinct from new_digests[3] then
        delete from date_index i where i.rid = old.rid and not exists (
            select from unnest(date_parameters, date_lows, date_highs) u (p, l, h)
            where u.p = i.parameter and u.l = i.low and u.h = i.high);
        insert into date_index select p, l, h, old.rid from unnest(date_parameters, date_lows, date_highs) u (p, l, h)
            where not exists (select from date_index i
                where i.rid = old.rid and u.p = i.parameter and u.l = i.low and u.h = i.high);
    end if;
    if old.digests[4] is distinct from new_digests[4] then
        delete from number_index i where i.rid = old.rid;
        insert into number_index select p, l, h, old.rid from unnest(number_parameters, number_lows, number_highs) u (p, l, h);
    end if;
    insert into outbox (event_id, type, id, version, change, key, trace, occurred)
        values (new_event, new_type, new_id, old_version + 1, new_change, new_key, new_trace, new_changed);
    return old.rid;
end
$$;
