-- Which organisation may see which patient's compartment, under which name of a grant, and because of which resource. Kept by
-- the writes of the resource where it is held, and by its events elsewhere.
drop table partner_grant;

create table access_grant (
    source text not null,
    name text not null,
    grantee text not null,
    patient text not null,
    open_from timestamptz,
    open_until timestamptz,
    -- The resource has come to its end; from then on nothing opens it any longer than it told at first.
    ended boolean not null,
    primary key (source, name, grantee, patient)
);
create index access_grant_key on access_grant (patient, grantee, name) include (open_from, open_until);

-- Up to which version what each resource opens is kept, also of those that open nothing any more.
create table grant_version (
    source text primary key,
    version bigint not null
);

-- What resources name that is opened with them: a Task its focus and its inputs, its focus what supports it.
create table named_reference (
    source text not null,
    -- Key of the source and of what it names, as resource.ref.
    source_ref bigint not null,
    target bigint not null,
    primary key (source, target)
);
create index named_reference_target on named_reference (target);
