-- What other services told of a discharge, kept until its plan can be made: events of different topics come in any order.
create table known_resource (
    reference text primary key,
    type text not null,
    version bigint not null,
    patient_id text not null,
    -- The stay that it belongs to; absent for the patient, who belongs to every stay.
    encounter_id text,
    body bytea not null
);
create index known_resource_patient on known_resource (patient_id, type);
create index known_resource_encounter on known_resource (encounter_id, type);
