-- The Organization on whose behalf a resource was made; empty for the platform's own and for what is older than this column.
alter table resource add column author text;
