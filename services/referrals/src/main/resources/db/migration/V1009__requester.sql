-- Who asks, a literal reference: their agreements bind the choice.
alter table choice_list add column requester text not null default '';
