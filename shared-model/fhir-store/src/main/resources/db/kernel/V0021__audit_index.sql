-- What a search may name a row of the trail by: ids of patients as they are, all else with a mark. An expression in place of
-- the function of V0020, whose call for each row cost more than all the rest of writing it.
drop index audit_event_keys;
drop function audit_keys;
create index audit_event_keys on audit_event using gin ((patients || array_remove(array[
    type || '/' || id, 'client:' || client, 'person:' || person, 'Organization/' || organization], null)));

-- The length of the arrays makes PostgreSQL plan the insertion anew for each call, see V0012.
alter function audit_answers set plan_cache_mode = force_generic_plan;
