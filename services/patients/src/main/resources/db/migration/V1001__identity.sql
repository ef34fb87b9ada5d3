-- Which Patient was merged into which, and what is needed to tell them apart again; docs/adr/0034.
create table patient_merge (
    -- Ids of the two.
    source text primary key,
    target text not null,
    merged timestamptz not null,
    -- The last row of the store then: what is newer came after.
    last_row bigint not null,
    -- The source as it was, and a Patient with the identifiers that the target got from it; FHIR JSON.
    source_was text not null,
    identifiers text not null
);
create index patient_merge_target on patient_merge (target);

-- Pairs that a person found to be two people: they are not asked for again. The lesser id is first.
create table not_the_same (
    one text not null,
    other text not null,
    decided timestamptz not null,
    primary key (one, other)
);

-- Pairs of which a person has to decide whether they are one person; in the same order.
create table match_review (
    one text not null,
    other text not null,
    score double precision not null,
    grade text not null,
    -- Of the rules that found them.
    rules text not null,
    found timestamptz not null,
    primary key (one, other)
);
create index match_review_other on match_review (other);
create index match_review_found on match_review (found, one, other);
