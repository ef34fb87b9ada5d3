-- The service's own state; docs/architecture/data-model.md explains each table.

-- Of each patient what the choice of an agency needs, as told by the patients service.
create table patient_area (
    -- The literal reference, Patient/id.
    patient text primary key,
    -- The version of the Patient that this was read from; an older one told later changes nothing.
    version bigint not null,
    postal_code text,
    state text,
    -- Primary subtags, separated by blanks.
    languages text not null
);

-- For each referral that was made from a plan: what it needs and which agencies were considered.
create table choice_list (
    task text primary key,
    request text not null,
    patient text not null,
    need_key text not null,
    -- system|code, one on a line.
    service_types text not null,
    chosen_service text,
    chosen_organization text,
    decided_at timestamptz not null,
    -- No choice is awaited any more: an agency was chosen, or the Task moved on without one.
    settled boolean not null
);
create index choice_list_open on choice_list (decided_at) where not settled;
create index choice_list_open_of_patient on choice_list (patient) where not settled;

create table choice_offer (
    task text not null references choice_list on delete cascade,
    -- From 1, best first.
    place integer not null,
    service text not null,
    organization text not null,
    -- Names of ChoiceReason, separated by blanks.
    reasons text not null,
    primary key (task, place)
);
