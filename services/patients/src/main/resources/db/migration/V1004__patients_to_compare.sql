-- Patients whose medicines are to be compared again because a Medication has changed that they take; docs/adr/0039. One at a time: each
-- has a transaction of their own, however many one Medication concerns.
create table patient_to_compare (
    patient text primary key,
    -- Not before; later each time that it failed.
    due timestamptz not null,
    failures integer not null default 0
);
create index patient_to_compare_due on patient_to_compare (due);
