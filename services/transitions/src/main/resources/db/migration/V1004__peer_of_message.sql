-- The address that a message came from by MLLP; null for HTTP, and for what came before it was kept.
alter table hl7_message add column peer text;
