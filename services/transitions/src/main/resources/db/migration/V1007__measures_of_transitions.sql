-- By what discharges are measured: where the stay was, of which class, and who pays.
alter table transition add column facility text;
alter table transition add column setting text;
create index transition_discharged on transition (discharged) where discharged is not null;

create table followed_coverage (
    coverage_id text primary key,
    patient_id text not null,
    payer text not null,
    starts date,
    ends date
);
create index followed_coverage_patient on followed_coverage (patient_id);
