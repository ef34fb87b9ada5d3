-- When the agency that was chosen has to have answered; empty when nobody is asked, or the answer was looked at.
alter table choice_list add column answer_by timestamptz;
create index choice_list_silent on choice_list (answer_by) where answer_by is not null;
