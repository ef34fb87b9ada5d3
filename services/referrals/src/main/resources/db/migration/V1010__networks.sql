-- Organisations that take referrals for a network of agencies, by the id of their Endpoint in the directory.
create table network (
    endpoint text primary key,
    -- Changes were noted until then.
    looked_until timestamptz not null
);

-- Their referrals that changed, or what they were passed on by; a row goes with what is done for it.
create table network_change (
    endpoint text not null,
    -- The id of the Task that the network was asked by.
    task text not null,
    due_at timestamptz not null,
    -- In a row.
    failures integer not null default 0,
    primary key (endpoint, task)
);
create index network_change_due on network_change (endpoint, due_at, task);
