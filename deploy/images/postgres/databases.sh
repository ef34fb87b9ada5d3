#!/usr/bin/env bash
# One database and one user of its own for each service; run once, by the first start of an empty volume.
set -euo pipefail

create() { # name, password
  psql -v ON_ERROR_STOP=1 -U "$POSTGRES_USER" -d postgres -v name="$1" -v password="$2" <<'SQL'
create role :"name" login password :'password';
create database :"name" owner :"name";
revoke all on database :"name" from public;
SQL
}

create patients "$DATABASE_PASSWORD_PATIENTS"
create care_plans "$DATABASE_PASSWORD_CARE_PLANS"
create referrals "$DATABASE_PASSWORD_REFERRALS"
create transitions "$DATABASE_PASSWORD_TRANSITIONS"
create keycloak "$DATABASE_PASSWORD_KEYCLOAK"
psql -v ON_ERROR_STOP=1 -U "$POSTGRES_USER" -d postgres -c 'revoke all on database postgres, template1 from public'
