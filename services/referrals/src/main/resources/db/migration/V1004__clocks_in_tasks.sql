-- Tasks carry their clocks themselves.
drop index choice_list_silent;
alter table choice_list drop column answer_by;
