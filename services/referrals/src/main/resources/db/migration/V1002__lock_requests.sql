-- Locks the ServiceRequests that a Task works for, by itself or as a part of others, in the order of their ids, so that two who
-- lock several do not wait for each other. A function, because as a statement it would be planned for each Task anew, which
-- takes five times as long as it runs.
create function lock_requests_of(task_id text, part_of bigint, focus bigint) returns void language plpgsql
    set plan_cache_mode = force_generic_plan as $$
begin
    perform r.rid from resource r where r.type = 'ServiceRequest' and r.ref in (
        with recursive task (rid) as (
            select r.rid from resource r where r.type = 'Task' and r.id = task_id
            union
            select whole.rid from task join reference_index i on i.rid = task.rid and i.parameter = part_of
                join resource whole on whole.ref = i.target and whole.type = 'Task')
        select i.target from task join reference_index i on i.rid = task.rid and i.parameter = focus)
    order by r.id for update of r;
end
$$;
