-- Transactions that span services: docs/architecture/request-flow.md, ADR-0014.

-- A part that is prepared here and may be committed in another service already: nobody reads the types that it touches
-- until its end is known here too. The prepared transaction itself deletes the row, so both end together.
create table spanning_fence (
    id uuid primary key,
    types text[] not null,
    since timestamptz not null
);

-- How transactions ended that this service decides: the row commits with the service's own part.
create table spanning_decision (
    id uuid primary key,
    outcome text not null check (outcome in ('commit', 'abort')),
    decided timestamptz not null
);
create index spanning_decision_age on spanning_decision (decided);

-- Part of every read outside a transaction. Fails with state CL001 while one of the fences "among" (null: any) stands for
-- one of the types; the detail names those that do.
create function not_fenced(read text[], among uuid[]) returns boolean language plpgsql stable as $$
declare
    standing text;
begin
    select string_agg(f.id::text, ',') into standing from spanning_fence f
        where f.types && read and (among is null or f.id = any(among));
    if standing is not null then
        raise exception using errcode = 'CL001', message = 'fenced', detail = standing;
    end if;
    return true;
end
$$;
