-- The write functions of V0010 with fewer statements: an update is the one that finds the version, and what is equal is not
-- compared key by key.

create or replace function write_index(
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
    -- The service writes the keys of one content in one order.
    if old_tokens is distinct from new_tokens then
        keys := array(select unnest(old_tokens) except select unnest(new_tokens));
        if cardinality(keys) > 0 then
            delete from token_index i where i.h = any(keys) and i.rid = row_id;
        end if;
        keys := array(select unnest(new_tokens) except select unnest(old_tokens));
        if cardinality(keys) > 0 then
            insert into token_index select h, row_id from unnest(keys) h;
        end if;
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

-- Takes PostgreSQL 18, which returns what a row was.
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
    insert into resource_history (type, id, version, changed, deleted, patient, body)
        values (new_type, new_id, old_version, was.changed, was.deleted, was.patient, was.body);
    perform write_index(was.rid, was.changed, was.tokens, was.combined, was.digests,
        new_changed, new_tokens, new_combined, new_digests, reference_parameters, targets, string_parameters, folds,
        date_parameters, date_lows, date_highs, number_parameters, number_lows, number_highs);
    insert into outbox (event_id, type, id, version, change, key, trace, occurred)
        values (new_event, new_type, new_id, old_version + 1, new_change, new_key, new_trace, new_changed);
    return was.rid;
end
$$;
