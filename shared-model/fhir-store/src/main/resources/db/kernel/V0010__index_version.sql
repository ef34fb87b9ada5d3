-- The format that a resource's index rows are in, see IndexEntries.VERSION; 0 in what is older than this column.
alter table resource add column index_version smallint not null default 0;

-- What is to be indexed anew: empty but for the time after a new format came. Who raises the version makes it again, for
-- only a constant can tell old from new at no cost for the rest.
create index resource_outdated on resource (rid) where index_version < 1 and not deleted;

-- Writes what differs between the index rows of a resource as they are (old_...) and as they have to be (new_...).
create function write_index(
    row_id bigint, old_changed timestamptz, old_tokens bigint[], old_combined bigint[], old_digests bigint[],
    new_changed timestamptz, new_tokens bigint[], new_combined bigint[], new_digests bigint[],
    reference_parameters bigint[], targets bigint[],
    string_parameters bigint[], folds text[],
    date_parameters bigint[], date_lows timestamptz[], date_highs timestamptz[],
    number_parameters bigint[], number_lows float8[], number_highs float8[]
) returns void language plpgsql as $$
declare
    keys bigint[];
begin
    keys := array(select unnest(old_tokens) except select unnest(new_tokens));
    if cardinality(keys) > 0 then
        delete from token_index i where i.h = any(keys) and i.rid = row_id;
    end if;
    keys := array(select unnest(new_tokens) except select unnest(old_tokens));
    if cardinality(keys) > 0 then
        insert into token_index select h, row_id from unnest(keys) h;
    end if;
    if cardinality(old_combined) > 0 then
        delete from combined_index i where i.h = any(old_combined) and i.changed = old_changed and i.rid = row_id;
    end if;
    if cardinality(new_combined) > 0 then
        insert into combined_index select h, new_changed, row_id from unnest(new_combined) h;
    end if;
    if old_digests[1] is distinct from new_digests[1] then
        delete from reference_index i where i.rid = row_id;
        insert into reference_index select p, t, row_id from unnest(reference_parameters, targets) u (p, t);
    end if;
    if old_digests[2] is distinct from new_digests[2] then
        delete from string_index i where i.rid = row_id;
        insert into string_index select p, s, row_id from unnest(string_parameters, folds) u (p, s);
    end if;
    if old_digests[3] is distinct from new_digests[3] then
        delete from date_index i where i.rid = row_id and not exists (
            select from unnest(date_parameters, date_lows, date_highs) u (p, l, h)
            where u.p = i.parameter and u.l = i.low and u.h = i.high);
        insert into date_index select p, l, h, row_id from unnest(date_parameters, date_lows, date_highs) u (p, l, h)
            where not exists (select from date_index i
                where i.rid = row_id and u.p = i.parameter and u.l = i.low and u.h = i.high);
    end if;
    if old_digests[4] is distinct from new_digests[4] then
        delete from number_index i where i.rid = row_id;
        insert into number_index select p, l, h, row_id from unnest(number_parameters, number_lows, number_highs) u (p, l, h);
    end if;
end
$$;

-- As in V0008, with the version of the index.
create function create_resource(
    new_type text, new_id text, new_ref bigint, new_changed timestamptz, new_patient text, new_body bytea, new_author text,
    new_index_version smallint, new_tokens bigint[], new_combined bigint[], new_digests bigint[],
    reference_parameters bigint[], targets bigint[],
    string_parameters bigint[], folds text[],
    date_parameters bigint[], date_lows timestamptz[], date_highs timestamptz[],
    number_parameters bigint[], number_lows float8[], number_highs float8[],
    new_event uuid, new_change text, new_key text, new_trace text
) returns bigint language plpgsql as $$
declare
    row_id bigint;
begin
    insert into resource (type, id, ref, version, changed, patient, index_version, tokens, body, author, combined, digests)
        values (new_type, new_id, new_ref, 1, new_changed, new_patient, new_index_version, new_tokens, new_body, new_author,
            new_combined, new_digests)
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

create function update_resource(
    new_type text, new_id text, old_version bigint, new_changed timestamptz, new_patient text, new_body bytea, new_deleted boolean,
    new_index_version smallint, new_tokens bigint[], new_combined bigint[], new_digests bigint[],
    reference_parameters bigint[], targets bigint[],
    string_parameters bigint[], folds text[],
    date_parameters bigint[], date_lows timestamptz[], date_highs timestamptz[],
    number_parameters bigint[], number_lows float8[], number_highs float8[],
    new_event uuid, new_change text, new_key text, new_trace text
) returns bigint language plpgsql as $$
declare
    old record;
begin
    select r.rid, r.changed, r.tokens, r.combined, r.digests into old from resource r
        where r.type = new_type and r.id = new_id and r.version = old_version for update;
    if not found then
        return null;
    end if;
    insert into resource_history select r.type, r.id, r.version, r.changed, r.deleted, r.patient, r.body
        from resource r where r.rid = old.rid;
    update resource r set version = old_version + 1, changed = new_changed, deleted = new_deleted, patient = new_patient,
        index_version = new_index_version, tokens = new_tokens, body = new_body, combined = new_combined, digests = new_digests
        where r.rid = old.rid;
    perform write_index(old.rid, old.changed, old.tokens, old.combined, old.digests,
        new_changed, new_tokens, new_combined, new_digests, reference_parameters, targets, string_parameters, folds,
        date_parameters, date_lows, date_highs, number_parameters, number_lows, number_highs);
    insert into outbox (event_id, type, id, version, change, key, trace, occurred)
        values (new_event, new_type, new_id, old_version + 1, new_change, new_key, new_trace, new_changed);
    return old.rid;
end
$$;

-- Brings the index of a resource, whose row the caller has locked, to new_index_version: no new version, nothing is told.
create function reindex_resource(
    row_id bigint, new_patient text,
    new_index_version smallint, new_tokens bigint[], new_combined bigint[], new_digests bigint[],
    reference_parameters bigint[], targets bigint[],
    string_parameters bigint[], folds text[],
    date_parameters bigint[], date_lows timestamptz[], date_highs timestamptz[],
    number_parameters bigint[], number_lows float8[], number_highs float8[]
) returns void language plpgsql as $$
declare
    old record;
begin
    select r.changed, r.patient, r.index_version, r.tokens, r.combined, r.digests into old from resource r where r.rid = row_id;
    -- What is right already is left alone.
    if (old.patient, old.index_version, old.tokens, old.combined, old.digests)
            is not distinct from (new_patient, new_index_version, new_tokens, new_combined, new_digests) then
        return;
    end if;
    update resource r set patient = new_patient, index_version = new_index_version, tokens = new_tokens,
        combined = new_combined, digests = new_digests where r.rid = row_id;
    perform write_index(row_id, old.changed, old.tokens, old.combined, old.digests,
        old.changed, new_tokens, new_combined, new_digests, reference_parameters, targets, string_parameters, folds,
        date_parameters, date_lows, date_highs, number_parameters, number_lows, number_highs);
end
$$;

-- Instances of the release before call the functions without the version until they are replaced. What they write counts as
-- outdated and is indexed anew.
create or replace function create_resource(
    new_type text, new_id text, new_ref bigint, new_changed timestamptz, new_patient text, new_body bytea, new_author text,
    new_tokens bigint[], new_combined bigint[], new_digests bigint[],
    reference_parameters bigint[], targets bigint[],
    string_parameters bigint[], folds text[],
    date_parameters bigint[], date_lows timestamptz[], date_highs timestamptz[],
    number_parameters bigint[], number_lows float8[], number_highs float8[],
    new_event uuid, new_change text, new_key text, new_trace text
) returns bigint language plpgsql as $$
begin
    return create_resource(new_type, new_id, new_ref, new_changed, new_patient, new_body, new_author,
        0::smallint, new_tokens, new_combined, new_digests, reference_parameters, targets, string_parameters, folds,
        date_parameters, date_lows, date_highs, number_parameters, number_lows, number_highs,
        new_event, new_change, new_key, new_trace);
end
$$;

create or replace function update_resource(
    new_type text, new_id text, old_version bigint, new_changed timestamptz, new_patient text, new_body bytea, new_deleted boolean,
    new_tokens bigint[], new_combined bigint[], new_digests bigint[],
    reference_parameters bigint[], targets bigint[],
    string_parameters bigint[], folds text[],
    date_parameters bigint[], date_lows timestamptz[], date_highs timestamptz[],
    number_parameters bigint[], number_lows float8[], number_highs float8[],
    new_event uuid, new_change text, new_key text, new_trace text
) returns bigint language plpgsql as $$
begin
    return update_resource(new_type, new_id, old_version, new_changed, new_patient, new_body, new_deleted,
        0::smallint, new_tokens, new_combined, new_digests, reference_parameters, targets, string_parameters, folds,
        date_parameters, date_lows, date_highs, number_parameters, number_lows, number_highs,
        new_event, new_change, new_key, new_trace);
end
$$;
