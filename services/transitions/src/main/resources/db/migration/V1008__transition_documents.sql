-- The transition-of-care document of each discharged stay: whether one is to be made, and which was made last.
create table transition_document (
    encounter_id text primary key,
    -- A digest of what is told of the discharge; absent while there is none.
    facts text,
    wanted boolean not null default false,
    next_attempt timestamptz not null default now(),
    attempts integer not null default 0,
    -- Counts the versions; their ids derive from it.
    number integer not null default 0,
    -- The version that stands: the id of Composition and Bundle, and a digest of what it says.
    document text,
    print text
);
create index transition_document_wanted on transition_document (next_attempt) where wanted;

-- A Bundle is in the compartment of whom its first entry is about: those stored before are indexed again.
update resource set index_version = 0 where type = 'Bundle' and not deleted;
