-- Values of two parameters as one key, in the order of change: what agencies poll for.
create table combined_index (
    h bigint not null,
    changed timestamptz not null,
    rid bigint not null
);
create index combined_index_key on combined_index (h, changed desc, rid desc);

-- The keys in combined_index, so that an update finds the rows of the version before.
alter table resource add column combined bigint[];

-- The pairs that all stored resources are indexed for; only these may answer a search.
create table combined_index_filled (
    pair text primary key
);
