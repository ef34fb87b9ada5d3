-- Of which Patient each consent was told: while another stands for that one it counts for the other, and when the two are told apart it
-- comes back at once, also when it was written in between. docs/adr/0038.
alter table consent_version add column told_of text;
update consent_version v set told_of = coalesce(
  -- Of a chain the first.
  (select min(m.replaced) from moved_consent m where m.consent = v.consent and not exists (
    select from moved_consent o join replaced_record r on r.replaced = o.replaced
    where o.consent = m.consent and m.replaced = any(r.stood) and o.replaced <> m.replaced)),
  (select min(p.patient) from consent_provision p where p.consent = v.consent));
create index consent_version_told_of on consent_version (told_of);
drop table moved_consent;
