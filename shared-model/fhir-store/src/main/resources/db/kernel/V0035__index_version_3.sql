-- Version 3 of the format of index rows: the clocks of Tasks. What was written before is indexed anew.
drop index resource_outdated;
create index resource_outdated on resource (rid) where index_version < 3 and not deleted;
