-- Histories of a type and of the system are read newest first, deletions too.
create index resource_history_changed on resource_history (type, changed desc);
create index resource_deleted on resource (type, changed desc, rid desc) where deleted;
