-- Of whom services for some ages or one gender may be asked. Unknown, also for those told before, until the Patient is told again.
alter table patient_area
    -- Between these days, both included: the same twice where the day of birth is known.
    add column born_from date,
    add column born_until date,
    -- A code of administrative-gender.
    add column gender text;

-- When the service is needed, so that a referral that waits is judged by it too; all empty where nobody said.
alter table choice_list
    add column needed_from timestamptz,
    add column needed_until timestamptz,
    -- Of a service that is needed again and again: days of the week (MONDAY) and times of the day (09:00), separated by blanks.
    add column needed_days text not null default '',
    add column needed_times text not null default '',
    -- At whatever time an agency is chosen.
    add column needed_at_once boolean not null default false;
