-- The stays whose medicines are compared, as they were told last; docs/adr/0039.
create table reconciled_stay (
    -- Ids of the Encounter and of the Patient.
    encounter_id text primary key,
    patient text not null,
    -- OPEN, DISCHARGED or RETRACTED.
    phase text not null,
    started timestamptz,
    ended timestamptz,
    -- Of the Encounter; an older one tells nothing new.
    version bigint not null
);
create index reconciled_stay_patient on reconciled_stay (patient);
