-- Referrals that agencies hold on FHIR servers of their own.
create table direct_referral (
    task text primary key,
    -- The id of the Endpoint in the directory.
    endpoint text not null,
    -- The id of the agency's copy.
    remote text,
    -- The version of our Task that the copy knows.
    told_version bigint not null default 0,
    -- In a row; what was wrong last, without content.
    failures integer not null default 0,
    last_error text,
    -- More is to come.
    open boolean not null default true
);
create index direct_referral_open on direct_referral (endpoint, task) where open;

-- How the exchange with each server goes.
create table direct_partner (
    endpoint text primary key,
    -- Our Tasks were looked at until then.
    looked_until timestamptz not null,
    due_at timestamptz not null,
    failures integer not null,
    last_error text
);
