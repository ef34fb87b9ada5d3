-- What the platform has last made of a plan, so that the next application of protocols can tell its own words from a person's.
create table plan_application (
    -- The stay that the plan follows.
    encounter_id text primary key,
    patient_id text not null,
    -- Counts the plans of the stay: one that has ended for good is made anew.
    round integer not null,
    phase text not null,
    -- The stay that has paused or replaced the plan.
    phase_by text,
    -- A digest for each aspect of the facts that were applied.
    facts text not null,
    -- Plan, goals and team as the protocols asked for them, a Bundle.
    draft bytea not null,
    -- How often the platform has changed it since.
    changes integer not null
);
create index plan_application_patient on plan_application (patient_id);
