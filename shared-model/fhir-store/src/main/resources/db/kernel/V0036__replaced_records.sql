-- Patients that were found to be the same person as another, who is followed by all that refers to them; docs/adr/0034.
create table replaced_record (
    -- Id of the Patient that was replaced.
    replaced text primary key,
    -- Hash of "Patient/id", as in resource.ref.
    ref bigint not null,
    -- Of the Patient that told it; what an older one tells later changes nothing.
    version bigint not null,
    -- Id of the Patient that stands for it now; null: it stands for itself again.
    survivor text,
    -- The survivors of before, until what was moved to them and is not theirs has come back.
    former text[] not null default '{}',
    -- The transactions before this one may not know of it and still be writing; null until it is known to all that begin.
    barrier xid8,
    -- Whether all that was stored has followed.
    swept boolean not null default false
);
create index replaced_record_ref on replaced_record (ref) where survivor is not null;
create index replaced_record_unswept on replaced_record (replaced) where not swept;

-- What refers to the survivor because it was moved there: it goes back when the two are told apart.
create table moved_reference (
    seq bigint generated always as identity,
    replaced text not null,
    type text not null,
    id text not null,
    -- JSON pointers to the references that were moved.
    pointers text[] not null,
    -- Whether it referred to the survivor itself too, so that not every reference to it goes back.
    shared boolean not null,
    primary key (replaced, type, id)
);
create index moved_reference_resource on moved_reference (type, id);

-- Written while, or after, what it refers to was replaced; it is moved at once.
create table reference_to_move (
    seq bigint generated always as identity primary key,
    rid bigint not null
);

-- Whose consents are asked for the survivor since the merge.
create table moved_consent (
    replaced text not null,
    consent text not null,
    primary key (replaced, consent)
);

-- Notes a row that was written just now if it refers to who was replaced. Called after the write: from then on the transaction
-- has its number, so whoever replaces a patient meanwhile waits for it, see MoveReferences.
create function noting_replaced(row_id bigint, mentions bigint[]) returns bigint language plpgsql as $$
begin
    insert into reference_to_move (rid) select row_id where row_id is not null and exists (
        select from replaced_record r where r.ref = any(mentions) and r.survivor is not null);
    return row_id;
end
$$;
