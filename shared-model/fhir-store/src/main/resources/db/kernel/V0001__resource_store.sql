-- The store of FHIR resources; docs/architecture/data-model.md explains each table, ADR-0003 the design.

create table resource (
    rid bigint generated always as identity primary key,
    type text not null,
    id text not null,
    -- Hash of "Type/id": what references to this resource are indexed under.
    ref bigint not null,
    version bigint not null,
    changed timestamptz not null,
    deleted boolean not null default false,
    -- The patient whose compartment this is in.
    patient text,
    -- The keys in token_index, so that an update writes the difference alone.
    tokens bigint[] not null,
    body bytea not null,
    unique (type, id)
) with (fillfactor = 85, autovacuum_vacuum_scale_factor = 0.02);

create index resource_ref on resource (ref);
create index resource_created on resource (type, rid desc) where not deleted;
create index resource_changed on resource (type, changed desc, rid desc) where not deleted;
create index resource_patient on resource (patient, type, rid desc) where patient is not null and not deleted;

-- Superseded versions; the current one is in resource.
create table resource_history (
    type text not null,
    id text not null,
    version bigint not null,
    changed timestamptz not null,
    deleted boolean not null,
    patient text,
    body bytea not null,
    primary key (type, id, version)
);

-- lz4 reads several times faster than the default, but not every build of PostgreSQL has it.
do $$
begin
    alter table resource alter column body set compression lz4;
    alter table resource_history alter column body set compression lz4;
exception
    when feature_not_supported then null;
end
$$;

create table token_index (
    h bigint not null,
    rid bigint not null
);
create unique index token_index_key on token_index (h, rid desc);

create table reference_index (
    parameter bigint not null,
    target bigint not null,
    rid bigint not null
);
create unique index reference_index_key on reference_index (parameter, target, rid desc);
create index reference_index_source on reference_index (rid, parameter);

create table string_index (
    parameter bigint not null,
    folded text collate "C" not null,
    rid bigint not null
);
create index string_index_key on string_index (parameter, folded, rid);
create index string_index_source on string_index (rid);

create table date_index (
    parameter bigint not null,
    low timestamptz not null,
    high timestamptz not null,
    rid bigint not null
);
create index date_index_key on date_index (parameter, low, high, rid);
create index date_index_source on date_index (rid);

create table number_index (
    parameter bigint not null,
    low double precision not null,
    high double precision not null,
    rid bigint not null
);
create index number_index_key on number_index (parameter, low, rid);
create index number_index_source on number_index (rid);

-- What is to be told. The payload is the named version itself, so it is not written twice.
create table outbox (
    seq bigint generated always as identity primary key,
    xid xid8 not null default pg_current_xact_id(),
    event_id uuid not null,
    type text not null,
    id text not null,
    version bigint not null,
    change text not null,
    key text not null,
    trace text,
    occurred timestamptz not null
);

-- Events whose effect is in this database.
create table inbox (
    event_id uuid primary key,
    received timestamptz not null
);

-- Which organisation may see which patient's compartment, and because of which resource.
create table partner_grant (
    source text primary key,
    organization text not null,
    patient text not null,
    version bigint not null,
    open_until timestamptz
);
create index partner_grant_key on partner_grant (organization, patient);
