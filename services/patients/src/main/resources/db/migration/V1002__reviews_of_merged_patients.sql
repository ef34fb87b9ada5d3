-- Whether a person found that the two, or any who were merged into them, are two people; ends with the merge that it counts by.
create function told_apart(a text, b text) returns boolean language sql stable as $$
    with recursive
      these (id) as (select a union select m.source from patient_merge m join these on m.target = these.id),
      those (id) as (select b union select m.source from patient_merge m join those on m.target = those.id)
    select exists (select from these, those, not_the_same n
      where n.one = least(these.id, those.id) and n.other = greatest(these.id, those.id))
$$;

-- The place in the queue: a page begins behind one, which tells nothing of the pair there.
create sequence match_review_seq;
alter table match_review add column seq bigint;
update match_review r set seq = o.place
from (select one, other, row_number() over (order by found, one, other) as place from match_review) o
where (r.one, r.other) = (o.one, o.other);
select setval('match_review_seq', (select count(*) + 1 from match_review), false);
alter table match_review alter column seq set default nextval('match_review_seq'), alter column seq set not null;
alter sequence match_review_seq owned by match_review.seq;
create index match_review_place on match_review (seq);
drop index match_review_found;
