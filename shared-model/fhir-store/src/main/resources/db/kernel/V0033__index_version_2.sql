-- Version 2 of the format of index rows: parameters of Careloop's own, such as claimable-by. What was written before is indexed anew.
drop index resource_outdated;
create index resource_outdated on resource (rid) where index_version < 2 and not deleted;
