-- Since when something waits for the stay that it names, which is not there: it never came yet, or was deleted. What waits too long goes.
alter table stay_fact add column awaits_stay timestamptz;
create index stay_fact_awaiting on stay_fact (awaits_stay) where awaits_stay is not null;
update stay_fact f set awaits_stay = now() where not exists (
  select from resource r where r.type = 'Encounter' and r.id = f.encounter_id and not r.deleted);

alter table transition_evidence add column awaits_stay timestamptz;
create index transition_evidence_awaiting on transition_evidence (awaits_stay) where awaits_stay is not null;
update transition_evidence e set awaits_stay = now() where e.encounter_id is not null and not exists (
  select from resource r where r.type = 'Encounter' and r.id = e.encounter_id and not r.deleted);

-- Tests that name no stay: of whatever stay the patient was in then, whenever that comes to be known. Kept for a time.
create table test_without_stay (
    reference text primary key,
    patient_id text not null,
    at timestamptz not null,
    body bytea not null,
    told timestamptz not null
);
create index test_without_stay_patient on test_without_stay (patient_id, at);
create index test_without_stay_told on test_without_stay (told);
