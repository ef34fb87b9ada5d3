-- The content of a message that took effect goes after a time; its row stays longer, so that a repeat is recognised.
alter table hl7_message alter column raw drop not null;
create index hl7_message_content on hl7_message (received) where status = 'PROCESSED' and raw is not null;
create index hl7_message_age on hl7_message (status, received);
