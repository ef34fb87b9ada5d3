-- What was sent of a stay: to whom, about what (admission, discharge, or the id of a document), and whether it still stands.
create table notice (
    -- The id of the Communication.
    communication text primary key,
    -- Absent where somebody sent a document by hand: its stay is that of the document.
    encounter_id text,
    -- Whom it was about: a stay may turn out to be another patient's.
    patient_id text not null,
    about text not null,
    recipient text not null,
    -- The time that it told; absent of a document.
    happened timestamptz,
    -- Since when its stay is of another patient, as far as is known.
    apart timestamptz,
    standing boolean not null
);
create index notice_encounter on notice (encounter_id);
create index notice_about on notice (about);

-- The documents of transitions, as the transitions service tells of them.
create table stay_document (
    document text primary key,
    encounter_id text not null,
    patient_id text not null,
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
    patient_id text not null,
    organization text not null,
    standing boolean not null,
    -- Whether what it does needs the document.
    gets_document boolean not null,
    -- Whether it has worked as an agency, not as a practice that follows the patient: it is nobody's medical home.
    agency boolean not null,
    version bigint not null
);
create index stay_partner_encounter on stay_partner (encounter_id);
create index stay_partner_agency on stay_partner (organization) where agency;

-- For whom practitioners work, as the directory tells; all are literal references.
create table practitioner_place (
    role text primary key,
    practitioner text not null,
    organization text not null,
    -- From when until when, as far as that is told.
    starts timestamptz,
    ends timestamptz,
    standing boolean not null,
    version bigint not null
);
create index practitioner_place_practitioner on practitioner_place (practitioner);

-- The last version of a practitioner that was told, and whether it stands.
create table known_practitioner (
    practitioner text primary key,
    standing boolean not null,
    version bigint not null
);

-- By which numbers others know a practitioner, as system|value.
create table practitioner_number (
    practitioner text not null,
    number text not null,
    primary key (practitioner, number)
);
create index practitioner_number_number on practitioner_number (number);

-- The general practitioners, by reference or number, of patients with stays: where they work decides who is told.
create table general_practitioner (
    person text not null,
    patient_id text not null,
    primary key (person, patient_id)
);
create index general_practitioner_patient on general_practitioner (patient_id);

-- Patients of whom is to be looked again what is due, and when: the directory tells more of their general practitioners, or one of
-- them begins elsewhere then, or it is to be seen whether a stay is still another patient's.
create table notice_due (
    patient_id text primary key,
    attempts integer not null default 0,
    due timestamptz not null default now()
);
create index notice_due_due on notice_due (due);
