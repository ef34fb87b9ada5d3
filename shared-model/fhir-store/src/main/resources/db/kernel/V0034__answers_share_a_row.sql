-- Answers that wait for the same commit share one row: a row costs many times what it holds, with its transaction, its numbers and
-- its places in the indexes. What a change leaves is as before, a row in its own statement. docs/architecture/audit.md
alter table audit_event
    -- What a search may name the answers by, all of them together; null where the columns tell.
    add column keys text[],
    -- The answers, each with the columns' names; null in the row of a change.
    add column answers json;

-- Answers keep their row's number plus their place, so a row takes as many numbers as it may hold answers.
alter table audit_event alter column seq set increment by 256;

-- As they came: compressing a page takes longer than writing it.
alter table audit_event set (toast_tuple_target = 8160);

drop index audit_event_keys;
create index audit_event_keys on audit_event using gin (coalesce(keys, patients || array_remove(array[
    type || '/' || id, 'client:' || client, 'person:' || person, 'Organization/' || organization], null)));

-- One row for each answer and each change.
create view audit_answer as
    select e.seq + a.place - 1 as seq, e.seq as row, e.recorded,
        coalesce(a.interaction, e.interaction) as interaction, coalesce(a.status, e.status) as status,
        coalesce(a.client, e.client) as client, coalesce(a.person, e.person) as person, coalesce(a.role, e.role) as role,
        coalesce(a.organization, e.organization) as organization, coalesce(a.on_behalf, e.on_behalf) as on_behalf,
        coalesce(a.address, e.address) as address, coalesce(a.patients, e.patients) as patients,
        coalesce(a.type, e.type) as type, coalesce(a.id, e.id) as id, coalesce(a.version, e.version) as version,
        coalesce(a.query, e.query) as query, coalesce(a.purpose, e.purpose) as purpose,
        coalesce(a.correlation, e.correlation) as correlation, coalesce(a.results, e.results) as results,
        coalesce(a.problem, e.problem) as problem,
        coalesce(e.keys, e.patients || array_remove(array[e.type || '/' || e.id, 'client:' || e.client, 'person:' || e.person,
            'Organization/' || e.organization], null)) as row_keys
    from audit_event e
    cross join lateral rows from (json_to_recordset(coalesce(e.answers, '[{}]')) as (
            interaction text, status smallint, client text, person text, role text, organization text, on_behalf text, address text,
            patients text[], type text, id text, version bigint, query text, purpose text, correlation text, results integer,
            problem smallint)) with ordinality
        as a (interaction, status, client, person, role, organization, on_behalf, address, patients, type, id, version, query,
            purpose, correlation, results, problem, place);

drop function audit_answers;
