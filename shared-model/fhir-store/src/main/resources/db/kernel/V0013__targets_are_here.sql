-- Whether all resources with these hashes of "Type/id" are here and not deleted. A function, because within the statement of a
-- write it was planned anew for each one, see V0012.
create function targets_are_here(targets bigint[]) returns boolean language plpgsql stable
    set plan_cache_mode = force_generic_plan as $$
begin
    return not exists (select from unnest(targets) u (ref)
        where not exists (select from resource r where r.ref = u.ref and not r.deleted));
end
$$;
