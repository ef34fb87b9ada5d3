-- Whom the person chose: literal references, separated by blanks.
alter table choice_list add column wished text not null default '';
