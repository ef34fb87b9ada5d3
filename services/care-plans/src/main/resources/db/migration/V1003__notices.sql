-- What was sent of a stay: to whom, about what (admission, discharge, or the id of a document), and whether it still stands.
create table notice (
    -- The id of the Communication.
    communication text primary key,
    encounter_id text not null,
    about text not null,
    recipient text not null,
    standing boolean not null
);
create index notice_encounter on notice (encounter_id);

-- The documents of transitions, as the transitions service tells of them.
create table stay_document (
    document text primary key,
    encounter_id text not null,
    number integer not null,
    -- Who keeps it: a literal reference.
    custodian text not null,
    -- Ids of Organizations, or any-partner: to whom it is not sent unless a person decides so.
    not_sent_to text[] not null,
    -- Codes of the parts of discharge information that it holds.
    parts text[] not null,
    standing boolean not null,
    version bigint not null
);
create index stay_document_encounter on stay_document (encounter_id);

-- Who has accepted a Task of the plan of a stay.
create table stay_partner (
    task text primary key,
    encounter_id text not null,
    organization text not null,
    standing boolean not null,
    version bigint not null
);
create index stay_partner_encounter on stay_partner (encounter_id);

-- For whom practitioners work, as the directory tells; all are literal references.
create table practitioner_place (
    role text primary key,
    practitioner text not null,
    organization text not null,
    standing boolean not null,
    version bigint not null
);
create index practitioner_place_practitioner on practitioner_place (practitioner);

-- By which numbers others know a practitioner, as system|value.
create table practitioner_number (
    practitioner text not null,
    number text not null,
    primary key (practitioner, number)
);
create index practitioner_number_number on practitioner_number (number);

-- Patients whose general practitioner, by reference or number, the directory could not place yet.
create table unplaced_practitioner (
    person text not null,
    patient_id text not null,
    primary key (person, patient_id)
);
create index unplaced_practitioner_patient on unplaced_practitioner (patient_id);
