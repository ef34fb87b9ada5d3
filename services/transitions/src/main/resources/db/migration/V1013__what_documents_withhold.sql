-- What the version that was made last does not show, as Type/id, because it was labelled or an error then: when it is so no more, another is made.
alter table transition_document add column withheld text[] not null default '{}';
-- Counts the changes of the record that were heard of: what was withheld from a document that was made meanwhile may be shown by now.
alter table transition_document add column changes integer not null default 0;
