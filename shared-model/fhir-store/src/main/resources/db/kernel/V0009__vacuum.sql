-- One in fifty read the whole table and its indexes after every few hundred updates; a tenth costs little space.
alter table resource set (autovacuum_vacuum_scale_factor = 0.1);
