-- What was answered, refused and changed, by whom: one row each; docs/architecture/audit.md, ADR-0023. Rows are added and
-- nothing else; AuditEvents are made of them when somebody asks.
create table audit_event (
    seq bigint generated always as identity primary key,
    recorded timestamptz not null default clock_timestamp(),
    interaction text not null,
    status smallint not null,
    -- Whom the token names; a person or a system.
    client text,
    person text,
    role text,
    organization text,
    on_behalf text,
    address text,
    -- Ids of the patients whose records the answer showed, or who are changed.
    patients text[] not null,
    type text,
    id text,
    version bigint,
    query text,
    purpose text,
    correlation text,
    -- How many resources were shown; of refusals, how many alike this row stands for.
    results integer,
    -- The number of the problem that the answer told.
    problem smallint
);

-- What a search may name a row by.
create function audit_keys(patients text[], type text, id text, client text, person text, organization text)
    returns text[] language sql immutable parallel safe as $$
    select array(select 'Patient/' || p from unnest(patients) p) || array_remove(array[
        type || '/' || id, 'client:' || client, 'person:' || person, 'Organization/' || organization], null)
$$;

create index audit_event_recorded on audit_event (recorded, seq);
create index audit_event_keys on audit_event using gin (audit_keys(patients, type, id, client, person, organization));

-- A link of the chain: the digests of the rows after last_seq of the link before, up to its own, and the digest of that link.
create table audit_seal (
    number bigint primary key,
    last_seq bigint not null,
    seqs bigint[] not null,
    digests bytea not null,
    previous bytea not null,
    digest bytea not null,
    sealed timestamptz not null
);

-- The service itself may add and read, also if somebody makes it run statements of theirs. Who takes old rows away is a member
-- of the role careloop_audit_operator, or the superuser.
create function audit_append_only() returns trigger language plpgsql as $$
begin
    if exists (select from pg_roles r
            where r.rolname = session_user and r.rolsuper
            or r.rolname = 'careloop_audit_operator' and pg_has_role(session_user, r.oid, 'member')) and tg_op = 'DELETE' then
        return null;
    end if;
    raise exception using errcode = 'insufficient_privilege', message = tg_table_name || ': rows are added and nothing else';
end
$$;
create trigger audit_append_only before update or delete or truncate on audit_event
    for each statement execute function audit_append_only();
create trigger audit_append_only before update or delete or truncate on audit_seal
    for each statement execute function audit_append_only();
revoke update, delete, truncate on audit_event, audit_seal from current_user;

-- Adds the row of a write to the write's own statement: row_id is what the write function returned, null when it wrote nothing.
create function audited(
    row_id bigint, interaction text, status smallint, client text, person text, role text, organization text, on_behalf text,
    address text, patients text[], type text, id text, version bigint, query text, purpose text, correlation text
) returns bigint language plpgsql as $$
begin
    if row_id is not null then
        insert into audit_event (interaction, status, client, person, role, organization, on_behalf, address, patients, type, id,
                version, query, purpose, correlation, results)
            values (interaction, status, client, person, role, organization, on_behalf, address, patients, type, id,
                version, query, purpose, correlation, 1);
    end if;
    return row_id;
end
$$;

-- Adds the rows of several answers. The transaction has its number before any row has, see AuditSealing. Patients are separated
-- by blanks: an array of arrays would have to be of one length.
create function audit_answers(
    interactions text[], statuses smallint[], clients text[], persons text[], roles text[], organizations text[],
    on_behalfs text[], addresses text[], patient_lists text[], types text[], ids text[], versions bigint[], queries text[],
    purposes text[], correlations text[], counts integer[], problems smallint[]
) returns void language plpgsql as $$
begin
    perform pg_current_xact_id();
    insert into audit_event (interaction, status, client, person, role, organization, on_behalf, address, patients, type, id,
            version, query, purpose, correlation, results, problem)
        select i, s, c, pe, r, o, b, a, string_to_array(pa, ' '), t, d, v, q, pu, co, n, pr
        from unnest(interactions, statuses, clients, persons, roles, organizations, on_behalfs, addresses, patient_lists, types,
            ids, versions, queries, purposes, correlations, counts, problems) u (i, s, c, pe, r, o, b, a, pa, t, d, v, q, pu, co, n, pr);
end
$$;

-- Takes away what was recorded before, in whole seals, which stay; the act is recorded. For operators, see docs/operations.
create function audit_prune(before timestamptz, reason text) returns bigint language plpgsql as $$
declare
    upto record;
    gone bigint;
begin
    select s.number, s.last_seq into upto from audit_seal s where s.sealed < before order by s.number desc limit 1;
    if not found then
        return 0;
    end if;
    perform pg_current_xact_id();
    insert into audit_event (interaction, status, client, patients, version, query)
        values ('prune', 200, session_user, '{}', upto.number, reason);
    delete from audit_event e where e.seq <= upto.last_seq;
    get diagnostics gone = row_count;
    return gone;
end
$$;
