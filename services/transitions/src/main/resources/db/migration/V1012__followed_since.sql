-- Since when it is followed who patients are and who pays for them. Of days before that measures know only what happened to be told again.
create table followed_since (
    only_one boolean primary key default true check (only_one),
    since timestamptz not null default now()
);
insert into followed_since default values;
