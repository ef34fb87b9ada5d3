-- How each agency handled the referrals of the last months; measured from the Tasks, and never typed in.
create table agency_standing (
    -- The literal reference, Organization/id.
    organization text primary key,
    measured_at timestamptz not null,
    asked int not null,
    acceptance_part int not null,
    acceptance_whole int not null,
    closure_part int not null,
    closure_whole int not null
);
