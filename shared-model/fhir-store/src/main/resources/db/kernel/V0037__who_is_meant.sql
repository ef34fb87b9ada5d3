-- Who stands, or stood, for a patient since they were merged first: a reference to one of these, where one was moved from the patient,
-- is still theirs, however often it was moved on. docs/adr/0038.
alter table replaced_record add column stood text[] not null default '{}';
update replaced_record set stood = case when survivor is null then former
  else array_append(array_remove(former, survivor), survivor) end;

-- What cannot be moved waits, longer each time, and lets the others pass.
alter table reference_to_move add column attempts int not null default 0;
alter table reference_to_move add column due timestamptz not null default now();
create index reference_to_move_due on reference_to_move (due, seq);
create index reference_to_move_failed on reference_to_move (rid) where attempts > 0;
