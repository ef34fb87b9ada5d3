-- The Organization that the sender's token spoke for; null where there was none (MLLP, the platform itself).
alter table hl7_message add column organization text;
-- For whom these were sent is not known any more: no profile has this organisation, so only the sender can send them again.
update hl7_message set organization = '' where status = 'REJECTED' and transport = 'HTTP';
