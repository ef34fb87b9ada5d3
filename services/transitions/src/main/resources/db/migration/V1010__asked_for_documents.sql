-- Counts how often a document was asked for: what is made answers what was asked before it was begun, not what came meanwhile.
alter table transition_document add column asked integer not null default 0;
