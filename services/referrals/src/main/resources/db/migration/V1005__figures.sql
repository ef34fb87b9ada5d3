-- Referrals that their agencies cancelled: a requester may cancel as well, and the versions of a Task do not tell who wrote them.
create table cancelled_by_agency (
    task text primary key
);

-- Since when a referral is or was without an agency; empty when one was found at once.
alter table choice_list add column waited_since timestamptz;
update choice_list set waited_since = decided_at where chosen_organization is null;
create index choice_list_waited on choice_list (waited_since) where waited_since is not null;
